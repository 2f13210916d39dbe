#include "app/cli/checks.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <iterator>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/text.h"

namespace cvemu::cli {

namespace {

// The whole text, or nothing.
template <class Number>
std::optional<Number> read_number(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// The library would take "010" for eight, and -1 for the largest number there is.
template <std::uint64_t kMost>
std::string check_whole(const std::string& text) {
  const bool has_padding = text.size() > 1 && text[0] == '0';
  const auto value = read_number<std::uint64_t>(text);
  if (value && *value <= kMost && !has_padding) return {};
  return "must be a whole number from 0 to " + std::to_string(kMost);
}

std::string check_rate(const std::string& text) {
  const auto value = read_number<double>(text);
  return value && is_clock_rate(*value) ? "" : "must be a number from 0.000001 to 1000000";
}

struct Check {
  std::string_view option;  // its first long name
  std::string (*run)(const std::string& text);
};
constexpr std::uint64_t kMostEntries = 1'000'000'000;
constexpr Check kChecks[] = {
    {"port", check_whole<65535>},
    {"blob-port", check_whole<65535>},
    {"queue-port", check_whole<65535>},
    {"table-port", check_whole<65535>},
    {"journal-max", check_whole<kMostEntries>},
    {"seed", check_whole<std::numeric_limits<std::uint64_t>::max()>},
    {"clock-rate", check_rate},
};

// A password may be anything; what a name must be like is said when all names are checked (app/startup.cpp).
constexpr std::string_view kMayBeBlank[] = {"pwd", "create-queue", "create-container"};

std::string check_not_blank(const std::string& text) {
  return trim(text).empty() ? "must not be blank" : "";
}

void add(CLI::Option& option, std::string (*run)(const std::string&)) {
  option.check(CLI::Validator([run](std::string& text) { return run(text); }, ""));
}

}  // namespace

void add_checks(CLI::App& app) {
  for (CLI::Option* option : app.get_options()) {
    if (option->get_items_expected_max() == 0 || option->get_lnames().empty()) continue;
    const std::string& name = option->get_lnames().front();
    if (std::find(std::begin(kMayBeBlank), std::end(kMayBeBlank), name) == std::end(kMayBeBlank))
      add(*option, check_not_blank);
    const auto own = std::find_if(std::begin(kChecks), std::end(kChecks),
                                  [&](const Check& check) { return check.option == name; });
    if (own != std::end(kChecks)) add(*option, own->run);
  }
}

}  // namespace cvemu::cli
