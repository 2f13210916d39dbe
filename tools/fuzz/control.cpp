// Control routes of a whole emulator: the first line is method and path of one of them, the rest its body.
// Scenarios are checked only, for to load one takes long.
#include <algorithm>
#include <optional>

#include "test_emulator.h"

namespace {

using namespace cvemu;

constexpr std::string_view kRoutes[] = {
    "POST /_emulator/scenarios/check", "POST /_emulator/faults",      "POST /_emulator/faults/try",
    "PUT /_emulator/faults/",          "GET /_emulator/faults",       "PUT /_emulator/clock",
    "PUT /_emulator/identity",         "PUT /_emulator/transitions/", "PUT /_emulator/predictions/",
    "POST /_emulator/journal/count",   "GET /_emulator/journal",      "GET /_emulator/state",
    "POST /_emulator/notifications/",  "POST /_emulator/operations/", "GET /_emulator/timeline",
    "GET /_emulator/explain",          "GET /_emulator/storage/",     "POST /_emulator/storage/",
    "GET /_emulator/projects",         "PUT /_emulator/snapshots/",   "POST /_emulator/reset"};

bool is_tried(std::string_view line) {
  const auto begins = [&](std::string_view route) { return line.starts_with(route); };
  return std::any_of(std::begin(kRoutes), std::end(kRoutes), begins) &&
         std::all_of(line.begin(), line.end(), [](char c) { return c >= ' ' && c < '\x7f'; });
}

Emulator& emulator() {
  static Emulator emulator(fuzz::quiet_options());
  return emulator;
}

// As it was before.
void forget() {
  Control& control = emulator().control();
  control.reset();
  for (const auto& snapshot : control.snapshots()) control.remove_snapshot(snapshot.name);
  control.freeze_at(std::chrono::sys_days{std::chrono::year{2026} / 6 / 15});
}

// The status of the refusal; nullopt if there is none.
std::optional<int> call(std::string_view method, std::string_view path, std::string_view body) {
  try {
    emulator().control().call(method, path, std::string(body));
    return std::nullopt;
  } catch (const ControlError& error) {
    fuzz::expect(!error.code.empty() && *error.what() != '\0', "a refusal has code and text");
    return error.status;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view body = fuzz::text_of(data, size);
  const std::string_view line = fuzz::take_line(body);
  if (!is_tried(line)) return 0;
  const std::string_view method = line.substr(0, line.find(' ')), path = line.substr(method.size() + 1);
  const auto refused = call(method, path, body);
  fuzz::expect(!refused || (*refused >= 400 && *refused < 500), "a refusal is about the request");
  if (!refused) {
    fuzz::expect(!call("GET", "/_emulator/faults", ""), "rules that were taken can be listed");
    fuzz::expect(!call("GET", "/_emulator/state?full=1", ""), "the state can be shown");
  }
  if (method != "GET") forget();
  return 0;
}
