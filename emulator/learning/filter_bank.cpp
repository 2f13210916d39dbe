#include "learning/filter_bank.h"

namespace cvemu::learning {

namespace {

using Kernel = std::array<double, 9>;
using Colour = std::array<double, 3>;

constexpr Kernel kBlur{0.1, 0.1, 0.1, 0.1, 0.2, 0.1, 0.1, 0.1, 0.1};
constexpr Kernel kEdges[] = {{-0.25, 0, 0.25, -0.5, 0, 0.5, -0.25, 0, 0.25},
                             {-0.25, -0.5, -0.25, 0, 0, 0, 0.25, 0.5, 0.25},
                             {0, 0.25, 0.5, -0.25, 0, 0.25, -0.5, -0.25, 0},
                             {0.5, 0.25, 0, 0.25, 0, -0.25, 0, -0.25, -0.5}};
constexpr Kernel kSpot{-1, -1, -1, -1, 8, -1, -1, -1, -1};
constexpr Colour kLuma{0.299, 0.587, 0.114};
constexpr Colour kOpponents[] = {{1, -1, 0}, {-1, 1, 0}, {1, 0, -1}, {-1, 0, 1}, {0, 1, -1}, {0, -1, 1}};
constexpr Colour kPrimaries[] = {{1, -0.5, -0.5}, {-0.5, 1, -0.5}, {-0.5, -0.5, 1},
                                 {-1, 0.5, 0.5},  {0.5, -1, 0.5},  {0.5, 0.5, -1}};
constexpr Colour kChannels[] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};

class Builder {
 public:
  void add(const Kernel& kernel, const Colour& colour, double sign, double bias) {
    for (std::size_t place = 0; place < 9; ++place) {
      for (std::size_t c = 0; c < 3; ++c) {
        bank_.weights[place * 3 + c][next_] = static_cast<float>(sign * kernel[place] * colour[c] / 255);
      }
    }
    bank_.bias[next_++] = static_cast<float>(bias);
  }
  const FilterBank& bank() const { return bank_; }

 private:
  FilterBank bank_{};
  std::size_t next_ = 0;
};

FilterBank build() {
  Builder b;
  for (const Colour& colour : kOpponents) {
    for (const double t : {0.1, 0.3, 0.5}) b.add(kBlur, colour, 1, -t);
  }
  for (const Colour& colour : kPrimaries) {
    for (const double t : {0.1, 0.25, 0.45}) b.add(kBlur, colour, 1, -t);
  }
  for (const double t : {0.0, 0.25, 0.5, 0.75}) b.add(kBlur, kLuma, 1, -t);
  for (const double t : {0.25, 0.5, 0.75}) b.add(kBlur, kLuma, -1, 1 - t);
  for (const Colour& colour : kChannels) b.add(kBlur, colour, 1, 0);
  for (const Kernel& edge : kEdges) {
    for (const double sign : {1.0, -1.0}) {
      for (const double t : {0.1, 0.4}) b.add(edge, kLuma, sign, -t);
    }
  }
  for (const double sign : {1.0, -1.0}) b.add(kSpot, kLuma, sign, -0.3);
  return b.bank();
}

}  // namespace

const FilterBank& filter_bank() {
  static const FilterBank kBank = build();
  return kBank;
}

}  // namespace cvemu::learning
