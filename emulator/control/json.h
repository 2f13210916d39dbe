// JSON in and out of the control routes. Every refusal is an ApiError that says what would have been right.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "base/json_writer.h"
#include "http/service.h"

namespace cvemu::control {

ApiError bad_request(std::string code, std::string message);
// The same, saying where: `path` is a JSON pointer into the body, "/match/operaton".
ApiError bad_field(std::string code, std::string message, std::string path);
ApiError not_found(std::string message);

// The request's body. 413 if it is larger.
std::string bytes_of(RequestContext& context, std::size_t limit);
// The request's body, an object; an empty body is an empty object. 400 if it is anything else.
Json body_of(RequestContext& context);
// 400 unless `object` is one and has no member but `names`; says which, and the nearest of them. `at` is the
// pointer to `object`, "" for the body itself.
void allow_only(const Json& object, const std::vector<std::string_view>& names, std::string_view at = {});
// 400 with the nearest of `known` if `value` is none of them.
void expect_one_of(std::string_view value, const std::vector<std::string_view>& known, std::string_view at);

// Member `name` of `object`; `fallback` if absent or null; 400 for another type.
std::string text(const Json& object, std::string_view name, std::string_view fallback = {});
bool flag(const Json& object, std::string_view name, bool fallback = false);
std::int64_t whole(const Json& object, std::string_view name, std::int64_t fallback);
std::optional<Duration> duration(const Json& object, std::string_view name);

Response json_response(JsonWriter& json, int status = 200);
Response json_response(const Json& json, int status = 200);

}  // namespace cvemu::control
