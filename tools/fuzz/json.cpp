// JSON that somebody wrote: read whole or refused, written so that it reads the same, and its members refused
// in words.
#include "base/json.h"

#include "base/json_writer.h"
#include "base/text.h"
#include "http/json_fields.h"
#include "target.h"

namespace {

using namespace cvemu;

std::size_t depth_of(const Json& json) {
  if (!json.is_structured()) return 0;
  std::size_t deepest = 0;
  for (const Json& item : json) deepest = std::max(deepest, depth_of(item));
  return deepest + 1;
}

void check_document(const Json& json) {
  fuzz::expect(depth_of(json) <= kMaxJsonDepth, "no document is deeper than the limit");
  fuzz::expect(parse_json(dump_json(json)) == json, "a document that is written reads the same");
  fuzz::expect(parse_json(dump_json(json, 2)) == json, "with an indent, too");
}

// What is written by our own writer.
void check_writer(const Json& value) {
  JsonWriter writer;
  if (value.is_string()) {
    writer.string(value.get<std::string>());
  } else if (value.is_number_integer() && !value.is_number_unsigned()) {
    writer.integer(value.get<std::int64_t>());
  } else if (value.is_number_float()) {
    writer.number(value.get<double>());
  } else {
    return;
  }
  fuzz::expect(parse_json(writer.take()) == value, "a value that is written reads the same");
}

void check_fields(const Json& object) {
  namespace fields = json_fields;
  fuzz::refusal_of([&] { fields::allow_only(object, {"text", "flag", "whole", "duration"}, "/at"); });
  fuzz::refusal_of([&] { fields::text(object, "text"); });
  fuzz::refusal_of([&] { fields::flag(object, "flag"); });
  fuzz::refusal_of([&] { fields::whole(object, "whole", 1); });
  fuzz::refusal_of([&] { fields::duration(object, "duration"); });
  fuzz::refusal_of([&] { fields::one_of(object, "text", ClockMode::Real); });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  const auto tried = try_parse_json(text);
  try {
    const Json json = parse_json(text);
    fuzz::expect(tried == json, "both ways to read agree");
    check_document(json);
    check_writer(json);
    if (json.is_object()) check_fields(json);
  } catch (const JsonError& error) {
    fuzz::expect(!tried, "both ways to read refuse the same");
    fuzz::expect(error.byte <= text.size(), "what is wrong lies within the text");
  }
  return 0;
}
