// What goes wrong, as somebody writes it: JSON, or else the value of x-emulator-fault.
#include "base/json.h"
#include "faults/actions.h"
#include "faults/read_action.h"
#include "target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cvemu;
  const std::string_view text = fuzz::text_of(data, size);
  const auto check = [](const FaultAction& action) {
    fuzz::expect(action.kind != nullptr, "an action that was read is known");
    fuzz::expect(action.time.count() >= 0 && action.piece > 0 && action.copies > 0,
                 "its numbers lie in their bounds");
    fuzz::expect(action.status >= 400 && action.status < 600, "its status is one of an error");
  };
  if (const auto json = try_parse_json(text)) {
    if (json->is_object()) fuzz::refusal_of([&] { check(read_fault_action(*json, "/action")); });
    return 0;
  }
  const std::string refusal = fuzz::refusal_of([&] { check(read_fault_header(text).action); });
  fuzz::expect(refusal.empty() || refusal == "400 InvalidFaultHeader", "a header is refused by its name");
  return 0;
}
