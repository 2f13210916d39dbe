#include "storage/cors.h"

#include <algorithm>

#include "base/text.h"
#include "storage/errors.h"

namespace cvemu {

namespace {

template <class Fits>
bool any_item(std::string_view list, Fits fits) {
  const auto items = split(list, ',');
  return std::any_of(items.begin(), items.end(),
                     [&](std::string_view item) { return !trim(item).empty() && fits(trim(item)); });
}

// "*", the origin itself (letter case counts), or one with "*" for sub-domains: "http://*.example.com".
bool is_origin(std::string_view pattern, std::string_view origin) {
  const auto star = pattern.find('*');
  if (star == std::string_view::npos) return pattern == origin;
  const auto begin = pattern.substr(0, star), end = pattern.substr(star + 1);
  return origin.size() >= begin.size() + end.size() && origin.starts_with(begin) && origin.ends_with(end);
}

// An exact name, or the beginning of one and "*".
bool is_header(std::string_view pattern, std::string_view name) {
  return pattern.ends_with('*') ? istarts_with(name, pattern.substr(0, pattern.size() - 1))
                                : iequals(pattern, name);
}

bool allows_origin(const CorsRule& rule, std::string_view origin) {
  return any_item(rule.allowed_origins, [&](auto pattern) { return is_origin(pattern, origin); });
}

bool allows_method(const CorsRule& rule, std::string_view method) {
  return any_item(rule.allowed_methods, [&](auto allowed) { return iequals(allowed, method); });
}

bool allows_headers(const CorsRule& rule, std::string_view wanted) {
  return !any_item(wanted, [&](std::string_view name) {
    return !any_item(rule.allowed_headers, [&](auto pattern) { return is_header(pattern, name); });
  });
}

bool allows_every_origin(const CorsRule& rule) {
  return any_item(rule.allowed_origins, [](auto pattern) { return pattern == "*"; });
}

std::string exposed_names(const CorsRule& rule, const Headers& headers) {
  std::string names;
  for (const auto& field : headers) {
    if (!any_item(rule.exposed_headers, [&](auto pattern) { return is_header(pattern, field.name); }))
      continue;
    if (!names.empty()) names += ',';
    names += field.name;
  }
  return names;
}

}  // namespace

Response answer_preflight(const Exchange& exchange, std::span<const CorsRule> rules) {
  const Headers& asked = exchange.request.headers;
  const auto origin = asked.get("Origin"), method = asked.get("Access-Control-Request-Method");
  const auto wanted = asked.get("Access-Control-Request-Headers");
  if (origin.empty()) throw storage_errors::cors_header_missing("Origin");
  if (method.empty()) throw storage_errors::cors_header_missing("Access-Control-Request-Method");
  const auto rule = std::find_if(rules.begin(), rules.end(), [&](const CorsRule& candidate) {
    return allows_origin(candidate, origin) && allows_method(candidate, method) &&
           allows_headers(candidate, wanted);
  });
  if (rule == rules.end()) throw storage_errors::cors_preflight_failure();
  Response response;
  response.headers.add("Access-Control-Allow-Origin", origin);
  response.headers.add("Access-Control-Allow-Methods", method);
  if (!wanted.empty()) response.headers.add("Access-Control-Allow-Headers", wanted);
  response.headers.add("Access-Control-Max-Age", std::to_string(rule->max_age_seconds));
  response.headers.add("Access-Control-Allow-Credentials", "true");
  return response;
}

bool is_cors_request(const Request& request) {
  return request.method != Method::Options && request.headers.has("Origin");
}

void add_cors_headers(Response& response, const Exchange& exchange, std::span<const CorsRule> rules) {
  if (rules.empty() || !is_cors_request(exchange.request)) return;
  const auto origin = exchange.request.headers.get("Origin");
  const auto method = method_name(exchange.request.method);
  const auto rule = std::find_if(rules.begin(), rules.end(), [&](const CorsRule& candidate) {
    return allows_origin(candidate, origin) && allows_method(candidate, method);
  });
  Headers& headers = response.headers;
  if (rule == rules.end()) {
    headers.set("Vary", "Origin");
    return;
  }
  const std::string exposed = exposed_names(*rule, headers);
  if (!exposed.empty()) headers.add("Access-Control-Expose-Headers", exposed);
  // Azure: a rule for every origin answers "*", which a browser does not take together with credentials.
  const bool everybody = allows_every_origin(*rule);
  headers.add("Access-Control-Allow-Origin", everybody ? std::string_view("*") : origin);
  if (everybody) return;
  headers.set("Vary", "Origin");
  headers.add("Access-Control-Allow-Credentials", "true");
}

}  // namespace cvemu
