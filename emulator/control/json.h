// Bodies of the control routes, in and out.
#pragma once
#include <string>

#include "base/json_writer.h"
#include "http/json_fields.h"
#include "http/service.h"

namespace cvemu::control {

using namespace json_fields;

// The request's body. 413 if it is larger.
std::string bytes_of(RequestContext& context, std::size_t limit);
// The request's body, an object; an empty body is an empty object. 400 if it is anything else.
Json body_of(RequestContext& context);

Response json_response(JsonWriter& json, int status = 200);
Response json_response(const Json& json, int status = 200);

}  // namespace cvemu::control
