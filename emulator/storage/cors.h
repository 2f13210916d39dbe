// Cross-origin requests from browsers. Azure: "CORS support for Azure Storage"; the first rule that fits
// wins.
#pragma once
#include <span>

#include "http/service.h"
#include "storage/service_properties.h"

namespace cvemu {

// Answers OPTIONS: 200 with the Access-Control headers. Throws 400 InvalidHeaderValue if Origin or
// Access-Control-Request-Method is missing, 403 CorsPreflightFailure if no rule allows it.
Response answer_preflight(const Exchange&, std::span<const CorsRule>);

// True if add_cors_headers has something to do: load the rules only then.
bool is_cors_request(const Request&);

// On every other answer, errors included; after finish_headers, because the exposed headers are picked from
// those of the answer.
void add_cors_headers(Response&, const Exchange&, std::span<const CorsRule>);

}  // namespace cvemu
