#include "base/durations.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>

#include "base/text.h"

namespace cvemu {

namespace {

// All is counted in microseconds: a double holds each of them up to the limit, and no fraction of a second
// that people write.
constexpr double kSecond = 1e6;
constexpr double kMost = 100.0 * 365 * 86400 * kSecond;

struct Unit {
  std::string_view name;
  double micros;
};
constexpr Unit kUnits[] = {{"ms", 1000},          {"us", 1},
                           {"s", kSecond},        {"m", 60 * kSecond},
                           {"h", 3600 * kSecond}, {"d", 86400 * kSecond}};
constexpr Unit kIsoUnits[] = {
    {"D", 86400 * kSecond}, {"H", 3600 * kSecond}, {"M", 60 * kSecond}, {"S", kSecond}};

// The number at the front of `text`, which is then without it. Digits with or without a fraction: the library
// would also take a sign, "inf" and "nan".
std::optional<double> take_number(std::string_view& text) {
  double value = 0;
  if (text.find_first_of("0123456789.") != 0) return std::nullopt;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (error != std::errc{} || !std::isfinite(value)) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

std::optional<double> iso_micros(std::string_view text) {
  text.remove_prefix(1);  // P
  double total = 0;
  bool any = false;
  while (!text.empty()) {
    if (text.starts_with('T')) text.remove_prefix(1);
    const auto value = take_number(text);
    if (!value || text.empty()) return std::nullopt;
    const Unit* unit = std::find_if(std::begin(kIsoUnits), std::end(kIsoUnits),
                                    [&](const Unit& u) { return text.starts_with(u.name); });
    if (unit == std::end(kIsoUnits)) return std::nullopt;
    text.remove_prefix(1);
    total += *value * unit->micros;
    any = true;
  }
  return any ? std::optional(total) : std::nullopt;
}

std::optional<double> plain_micros(std::string_view text) {
  const auto value = take_number(text);
  if (!value) return std::nullopt;
  if (text.empty()) return *value * kSecond;
  for (const Unit& unit : kUnits)
    if (unit.name == text) return *value * unit.micros;
  return std::nullopt;
}

}  // namespace

std::optional<Duration> parse_duration(std::string_view text) {
  const auto micros = text.starts_with('P') ? iso_micros(text) : plain_micros(text);
  if (!micros || *micros > kMost) return std::nullopt;
  return std::chrono::round<Duration>(std::chrono::duration<double, std::micro>(*micros));
}

std::string duration_text(Duration duration) {
  struct Step {
    std::int64_t micros;
    const char* name;
  };
  for (const Step& step :
       {Step{3'600'000'000, "h"}, Step{60'000'000, "m"}, Step{1'000'000, "s"}, Step{1'000, "ms"}})
    if (duration.count() != 0 && duration.count() % step.micros == 0)
      return std::to_string(duration.count() / step.micros) + step.name;
  return duration.count() == 0 ? "0s" : std::to_string(duration.count()) + "us";
}

}  // namespace cvemu
