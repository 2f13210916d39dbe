// What both services read from headers and parameters in the same way, and what stands on every answer.
// Functions that read throw ApiError (storage_errors) and touch nothing else.
#pragma once
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/service.h"

namespace cvemu {

// The newest version of the storage protocol that is known here.
inline constexpr std::string_view kNewestStorageVersion = "2026-10-06";

// On every answer: Server, Date, x-ms-request-id, x-ms-version (the one that was asked for), and
// x-ms-client-request-id if the client sent one. `server` is the product and its version.
void finish_headers(Response&, const Exchange&, std::string_view server);

// Checks what every operation may carry: x-ms-version is a date (400 InvalidHeaderValue; in strict mode not
// newer than kNewestStorageVersion), `timeout` is a number of seconds. Emulator: the timeout has no effect.
void check_common_parameters(const Exchange&, bool strict);
// The request's version, or the newest if it names none. Versions compare as text.
std::string_view version_of(const Request&);

// The whole body, held against Content-MD5 and x-ms-content-crc64 if the request has them. Throws 413
// RequestBodyTooLarge and what ContentCheck throws.
class ContentCheck;
std::string read_body(const RequestContext&, std::size_t limit);
std::string read_body(const RequestContext&, std::size_t limit, ContentCheck&);

// A number that is not one: 400 InvalidQueryParameterValue / InvalidHeaderValue. Outside its bounds: 400
// OutOfRangeQueryParameterValue / InvalidHeaderValue. Empty counts as absent for headers, not for parameters.
struct Bounds {
  std::int64_t least = std::numeric_limits<std::int64_t>::min();
  std::int64_t most = std::numeric_limits<std::int64_t>::max();
};
std::optional<std::int64_t> query_int(const Query&, std::string_view name, Bounds = {});
std::optional<std::int64_t> header_int(const Headers&, std::string_view name, Bounds = {});
std::optional<bool> header_bool(const Headers&, std::string_view name);   // "true" or "false", any case
std::string_view required_query(const Query&, std::string_view name);     // 400 MissingRequiredQueryParameter
std::string_view required_header(const Headers&, std::string_view name);  // 400 MissingRequiredHeader
std::int64_t required_header_int(const Headers&, std::string_view name, Bounds = {});
// `maxresults` of a listing: 5000 if absent; more than 5000 counts as 5000; below 1 is out of range.
int max_results(const Query&);
// The items of `include`, lower case, empty ones left out; another one than `allowed` is 400
// InvalidQueryParameterValue.
std::vector<std::string> include_items(const Query&, std::initializer_list<std::string_view> allowed);

}  // namespace cvemu
