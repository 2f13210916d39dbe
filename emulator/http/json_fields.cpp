#include "http/json_fields.h"

#include <algorithm>

#include "base/durations.h"
#include "base/spelling.h"
#include "base/text.h"

namespace cvemu::json_fields {

namespace {

const Json* member(const Json& object, std::string_view name) {
  const auto found = object.find(std::string(name));
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

[[noreturn]] void refuse_type(std::string_view name, std::string_view expected) {
  throw bad_field("InvalidField", std::string(name) + " must be " + std::string(expected) + ".",
                  '/' + std::string(name));
}

}  // namespace

ApiError bad_request(std::string code, std::string message) {
  return ApiError(400, std::move(code), std::move(message));
}

ApiError bad_field(std::string code, std::string message, std::string path) {
  ApiError error = bad_request(std::move(code), std::move(message));
  error.details.emplace_back("path", std::move(path));
  return error;
}

ApiError not_found(std::string message) {
  return ApiError(404, "NotFound", std::move(message));
}

void suggest(ApiError& error, std::string_view word, const std::vector<std::string>& known) {
  constexpr std::size_t kMost = 200;
  if (const std::string nearest = nearest_word(word, known); !nearest.empty())
    error.details.emplace_back("didYouMean", nearest);
  if (known.empty()) return;
  const std::vector<std::string> first(known.begin(), known.begin() + std::min(known.size(), kMost));
  error.details.emplace_back("allowed", join(first, ", ") + (known.size() > kMost ? ", ..." : ""));
}

void refuse_word(std::string code, std::string_view word, const std::vector<std::string_view>& known,
                 std::string path) {
  const std::vector<std::string> words(known.begin(), known.end());
  ApiError error =
      bad_field(std::move(code), "Not known here: \"" + std::string(word) + "\".", std::move(path));
  suggest(error, word, words);
  throw error;
}

void allow_only(const Json& object, const std::vector<std::string_view>& names, std::string_view at) {
  if (!object.is_object()) throw bad_field("InvalidField", "This must be an object.", std::string(at));
  for (auto it = object.begin(); it != object.end(); ++it)
    if (std::find(names.begin(), names.end(), it.key()) == names.end())
      refuse_word("UnknownField", it.key(), names, std::string(at) + '/' + it.key());
}

void check_one_of(std::string_view value, const std::vector<std::string_view>& known, std::string_view at) {
  if (std::find(known.begin(), known.end(), value) == known.end())
    refuse_word("UnknownValue", value, known, std::string(at));
}

std::string text(const Json& object, std::string_view name, std::string_view fallback) {
  const Json* value = member(object, name);
  if (!value) return std::string(fallback);
  if (!value->is_string()) refuse_type(name, "a string");
  return value->get<std::string>();
}

bool flag(const Json& object, std::string_view name, bool fallback) {
  const Json* value = member(object, name);
  if (!value) return fallback;
  if (!value->is_boolean()) refuse_type(name, "true or false");
  return value->get<bool>();
}

std::int64_t whole(const Json& object, std::string_view name, std::int64_t fallback) {
  const Json* value = member(object, name);
  if (!value) return fallback;
  const bool too_large = value->is_number_unsigned() && value->get<std::uint64_t>() > INT64_MAX;
  if (!value->is_number_integer() || too_large) refuse_type(name, "a whole number");
  return value->get<std::int64_t>();
}

std::optional<Duration> duration(const Json& object, std::string_view name) {
  const Json* value = member(object, name);
  if (!value) return std::nullopt;
  const auto parsed = value->is_string() ? parse_duration(value->get<std::string>()) : std::nullopt;
  if (!parsed) refuse_type(name, R"(a duration: "90s", "10m" or "PT1H30M")");
  return parsed;
}

}  // namespace cvemu::json_fields
