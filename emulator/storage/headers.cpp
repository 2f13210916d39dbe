#include "storage/headers.h"
#include "storage/ranges_and_digests.h"

#include <algorithm>

#include "base/text.h"
#include "base/times.h"
#include "storage/errors.h"
#include "storage/limits.h"

namespace cvemu {

namespace {

bool is_version(std::string_view text) {
  return text.size() == 10 && times::parse_iso(text).has_value();
}

bool is_inside(std::int64_t number, const Bounds& bounds) {
  return number >= bounds.least && number <= bounds.most;
}

}  // namespace

void finish_headers(Response& response, const Exchange& exchange, std::string_view server) {
  const Headers& asked = exchange.request.headers;
  Headers& headers = response.headers;
  headers.reserve(headers.size() + 6);
  headers.set("Server", server);
  headers.set("Date", times::rfc1123(exchange.at));
  headers.set("x-ms-request-id", exchange.id.text());
  headers.set("x-ms-version", version_of(exchange.request));
  const auto client_id = asked.find("x-ms-client-request-id");
  if (client_id && !client_id->empty() && client_id->size() <= storage_limits::kClientRequestId)
    headers.set("x-ms-client-request-id", *client_id);
}

void check_common_parameters(const Exchange& exchange, bool strict) {
  const auto version = exchange.request.headers.find("x-ms-version");
  if (version && !is_version(*version)) throw storage_errors::invalid_header("x-ms-version", *version);
  if (version && strict && *version > kNewestStorageVersion)
    throw storage_errors::invalid_header("x-ms-version", *version,
                                         "Newer than " + std::string(kNewestStorageVersion) +
                                             "; leave out --strict-api-version to accept it.");
  if (const auto timeout = exchange.query.find("timeout")) {
    const auto seconds = parse_int(*timeout);
    if (!seconds || *seconds < 0) throw storage_errors::invalid_query_parameter("timeout", *timeout);
  }
}

std::string_view version_of(const Request& request) {
  const auto version = request.headers.find("x-ms-version");
  return version && is_version(*version) ? *version : kNewestStorageVersion;
}

namespace {

std::string read_all(Body& body, std::size_t limit) {
  try {
    return body.all(limit);
  } catch (const BodyTooLarge&) {
    throw storage_errors::request_body_too_large(limit);
  }
}

}  // namespace

std::string read_body(const RequestContext& context, std::size_t limit) {
  const Headers& headers = context.headers();
  if (!headers.has("Content-MD5") && !headers.has("x-ms-content-crc64")) return read_all(context.body, limit);
  ContentCheck check(headers);
  return read_body(context, limit, check);
}

std::string read_body(const RequestContext& context, std::size_t limit, ContentCheck& check) {
  std::string body = read_all(context.body, limit);
  check.update(body);
  check.verify();
  return body;
}

std::optional<std::int64_t> query_int(const Query& query, std::string_view name, Bounds bounds) {
  const auto text = query.find(name);
  if (!text) return std::nullopt;
  const auto number = parse_int(*text);
  if (!number) throw storage_errors::invalid_query_parameter(name, *text);
  if (!is_inside(*number, bounds))
    throw storage_errors::out_of_range_query_parameter(name, *text, bounds.least, bounds.most);
  return number;
}

std::optional<std::int64_t> header_int(const Headers& headers, std::string_view name, Bounds bounds) {
  const std::string_view text = headers.get(name);
  if (text.empty()) return std::nullopt;
  const auto number = parse_int(text);
  if (!number) throw storage_errors::invalid_header(name, text);
  if (!is_inside(*number, bounds))
    throw storage_errors::out_of_range_header(name, text, bounds.least, bounds.most);
  return number;
}

std::optional<bool> header_bool(const Headers& headers, std::string_view name) {
  const std::string_view text = headers.get(name);
  if (text.empty()) return std::nullopt;
  if (iequals(text, "true")) return true;
  if (iequals(text, "false")) return false;
  throw storage_errors::invalid_header(name, text);
}

std::string_view required_query(const Query& query, std::string_view name) {
  const auto value = query.find_nonempty(name);
  if (!value) throw storage_errors::missing_query_parameter(name);
  return *value;
}

std::string_view required_header(const Headers& headers, std::string_view name) {
  const auto value = headers.get(name);
  if (value.empty()) throw storage_errors::missing_header(name);
  return value;
}

std::int64_t required_header_int(const Headers& headers, std::string_view name, Bounds bounds) {
  const auto number = header_int(headers, name, bounds);
  if (!number) throw storage_errors::missing_header(name);
  return *number;
}

int max_results(const Query& query) {
  const auto wanted = query_int(query, "maxresults");
  if (!wanted) return storage_limits::kListingPage;
  if (*wanted < 1)
    throw storage_errors::out_of_range_query_parameter("maxresults", query.find("maxresults").value_or(""), 1,
                                                       storage_limits::kListingPage);
  return static_cast<int>(std::min<std::int64_t>(*wanted, storage_limits::kListingPage));
}

std::vector<std::string> include_items(const Query& query, std::initializer_list<std::string_view> allowed) {
  std::vector<std::string> items;
  const std::string_view text = query.find("include").value_or("");
  for (const std::string_view piece : split(text, ',')) {
    std::string item = to_lower(trim(piece));
    if (item.empty()) continue;
    if (std::find(allowed.begin(), allowed.end(), item) == allowed.end())
      throw storage_errors::invalid_query_parameter("include", text);
    items.push_back(std::move(item));
  }
  return items;
}

}  // namespace cvemu
