#include "control/json.h"

#include "base/text.h"

namespace cvemu::control {

namespace {

constexpr std::size_t kBodyLimit = 64 * 1024 * 1024;  // scenarios and archives come this way, too

Json parse_body(std::string_view bytes) {
  try {
    return parse_json(bytes);
  } catch (const JsonError& error) {
    throw bad_request("InvalidBody", std::string(error.what()) + " The body must be a JSON object.");
  }
}

}  // namespace

std::string bytes_of(RequestContext& context, std::size_t limit) {
  try {
    return context.body.all(limit);
  } catch (const BodyTooLarge&) {
    throw ApiError(413, "BodyTooLarge", "The body may have " + std::to_string(limit) + " bytes at most.");
  }
}

Json body_of(RequestContext& context) {
  const std::string bytes = bytes_of(context, kBodyLimit);
  if (trim(bytes).empty()) return Json::object();
  Json json = parse_body(bytes);
  if (!json.is_object()) throw bad_request("InvalidBody", "The body must be a JSON object.");
  return json;
}

Response json_response(JsonWriter& json, int status) {
  Response response{status, {}, json.take()};
  response.headers.add("Content-Type", "application/json; charset=utf-8");
  return response;
}

Response json_response(const Json& json, int status) {
  Response response{status, {}, dump_json(json)};
  response.headers.add("Content-Type", "application/json; charset=utf-8");
  return response;
}

}  // namespace cvemu::control
