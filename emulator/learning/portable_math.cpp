#include "learning/portable_math.h"

#include <algorithm>
#include <bit>
#include <cstdint>

namespace cvemu::learning {

namespace {

// ln 2 in two parts; the first has so few bits that its product with an exponent is exact.
constexpr double kLn2High = 6.93147180369123816490e-01;
constexpr double kLn2Low = 1.90821492927058770002e-10;

double power_of_two(int exponent) {
  return std::bit_cast<double>(std::uint64_t(exponent + 1023) << 52);
}

}  // namespace

double portable_exp(double x) {
  if (x < -700) return 0;
  x = std::min(x, 700.0);
  const int k = static_cast<int>(x * 1.44269504088896340736 + (x < 0 ? -0.5 : 0.5));
  const double r = (x - k * kLn2High) - k * kLn2Low;
  double sum = 1;
  for (int n = 14; n >= 1; --n) sum = 1 + sum * r / n;
  return sum * power_of_two(k);
}

double portable_log(double x) {
  const auto bits = std::bit_cast<std::uint64_t>(x);
  int k = static_cast<int>(bits >> 52) - 1023;
  double m = std::bit_cast<double>((bits & 0xFFFFFFFFFFFFFULL) | (1023ULL << 52));
  if (m > 1.41421356237309504880) {
    m *= 0.5;
    ++k;
  }
  const double s = (m - 1) / (m + 1), s2 = s * s;
  double sum = 0;
  for (int n = 23; n >= 1; n -= 2) sum = sum * s2 + 1.0 / n;
  return k * kLn2High + (k * kLn2Low + 2 * s * sum);
}

double logistic(double x) {
  return 1 / (1 + portable_exp(-x));
}

}  // namespace cvemu::learning
