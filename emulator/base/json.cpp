#include "base/json.h"

#include <algorithm>

namespace cvemu {

namespace {

constexpr const char* kNotJson = "This is not JSON.";
constexpr const char* kTooDeep = "This is nested more than 64 levels deep.";
static_assert(kMaxJsonDepth == 64, "the text above names the limit");

// The offset of the first bracket beyond the limit; npos if there is none. Right up to the first error in the
// text, and what follows an error is never built.
std::size_t find_too_deep(std::string_view text) {
  std::size_t depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      if (++depth > kMaxJsonDepth) return i;
    } else if ((c == '}' || c == ']') && depth > 0) {
      --depth;
    }
  }
  return std::string_view::npos;
}

}  // namespace

Json parse_json(std::string_view text) {
  if (const std::size_t at = find_too_deep(text); at != std::string_view::npos) throw JsonError(kTooDeep, at);
  try {
    return Json::parse(text);
  } catch (const Json::parse_error& error) {
    throw JsonError(kNotJson, std::min(text.size(), error.byte > 0 ? error.byte - 1 : 0));
  } catch (const Json::exception&) {  // a number that no double can hold
    throw JsonError(kNotJson, 0);
  }
}

std::optional<Json> try_parse_json(std::string_view text) {
  if (find_too_deep(text) != std::string_view::npos) return std::nullopt;
  Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) return std::nullopt;
  return json;
}

std::string dump_json(const Json& json, int indent) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

}  // namespace cvemu
