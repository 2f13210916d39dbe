// Reading the members of a JSON object that somebody wrote. Every refusal is a 400 ApiError that says where
// and what would have been right: `path` is a JSON pointer into the body, "/match/operaton".
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/enum_text.h"
#include "base/json.h"
#include "http/message.h"

namespace cvemu::json_fields {

ApiError bad_request(std::string code, std::string message);
ApiError bad_field(std::string code, std::string message, std::string path);
ApiError not_found(std::string message);  // 404
// Says which words there are ("allowed") and, if one is near, which was meant ("didYouMean").
void suggest(ApiError& error, std::string_view word, const std::vector<std::string>& known);
// With these suggestions.
[[noreturn]] void refuse_word(std::string code, std::string_view word,
                              const std::vector<std::string_view>& known, std::string path);

// 400 unless `object` is one and has no member but `names`; says which, and what there is. `at` is the
// pointer to `object`, "" for the body itself.
void allow_only(const Json& object, const std::vector<std::string_view>& names, std::string_view at = {});
// 400 with suggestions of `known` if `value` is none of them.
void check_one_of(std::string_view value, const std::vector<std::string_view>& known, std::string_view at);

// Member `name` of `object`; `fallback` if absent or null; 400 for another type.
std::string text(const Json& object, std::string_view name, std::string_view fallback = {});
bool flag(const Json& object, std::string_view name, bool fallback = false);
std::int64_t whole(const Json& object, std::string_view name, std::int64_t fallback);
std::optional<Duration> duration(const Json& object, std::string_view name);
// One of an enumeration's texts, in any letter case; 400 with suggestions for any other. `at`: the pointer to
// `object`.
template <class Enum>
Enum one_of(const Json& object, std::string_view name, Enum fallback, std::string_view at = {}) {
  const std::string value = text(object, name, to_text(fallback));
  if (const auto found = parse_in_any_case<Enum>(value)) return *found;
  refuse_word("UnknownValue", value, {std::begin(EnumTexts<Enum>::kAll), std::end(EnumTexts<Enum>::kAll)},
              std::string(at) + '/' + std::string(name));
}

}  // namespace cvemu::json_fields
