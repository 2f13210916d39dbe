#include "customvision/api/request_reader.h"

#include <charconv>

#include "base/text.h"
#include "customvision/limits.h"

namespace cvemu::customvision {

ApiVersion version_of(const RequestContext& context) {
  return parse_version(context.path.get("version")).value_or(ApiVersion::V3_4);
}

Uuid path_id(const RequestContext& context, std::string_view name) {
  const std::string_view text = context.path.get(name);
  const auto id = Uuid::parse(text);
  if (!id) throw errors::invalid_id(name, text);
  return *id;
}

std::optional<Uuid> query_id(const RequestContext& context, std::string_view name) {
  const auto text = context.query().find_nonempty(name);
  if (!text) return std::nullopt;
  const auto id = Uuid::parse(*text);
  if (!id) throw errors::invalid_id(name, *text);
  return id;
}

std::vector<Uuid> query_ids(const RequestContext& context, std::string_view name, std::size_t limit) {
  std::vector<Uuid> ids;
  for (const auto& [key, value] : context.query().all()) {
    if (!iequals(key, name)) continue;
    for (const std::string_view piece : split(value, ',')) {
      const std::string_view text = trim(piece);
      if (text.empty()) continue;
      const auto id = Uuid::parse(text);
      if (!id) throw errors::invalid_id(name, text);
      ids.push_back(*id);
    }
  }
  if (ids.size() > limit) throw errors::too_many_ids(name, limit);
  return ids;
}

std::vector<Uuid> required_ids(const RequestContext& context, std::string_view name, std::size_t limit) {
  std::vector<Uuid> ids = query_ids(context, name, limit);
  if (ids.empty()) throw errors::required_parameter(name);
  return ids;
}

std::int64_t query_integer(const RequestContext& context, std::string_view name, std::int64_t fallback,
                           std::int64_t least, std::int64_t most) {
  const auto text = context.query().find_nonempty(name);
  if (!text) return fallback;
  const auto value = parse_int(*text);
  if (!value || *value < least || *value > most) throw errors::invalid_parameter(name, *text);
  return *value;
}

double query_fraction(const RequestContext& context, std::string_view name, double fallback) {
  const auto text = context.query().find_nonempty(name);
  if (!text) return fallback;
  double value = 0;
  const char* const end = text->data() + text->size();
  const auto [rest, error] = std::from_chars(text->data(), end, value);
  if (error != std::errc() || rest != end || !(value >= 0 && value <= 1))
    throw errors::invalid_parameter(name, *text);
  return value;
}

bool query_boolean(const RequestContext& context, std::string_view name, bool fallback) {
  const auto text = context.query().find_nonempty(name);
  if (!text) return fallback;
  if (iequals(*text, "true")) return true;
  if (iequals(*text, "false")) return false;
  throw errors::invalid_parameter(name, *text);
}

bool oldest_first_in_query(const RequestContext& context) {
  const auto text = context.query().find_nonempty("orderBy");
  if (!text || iequals(*text, "Newest")) return false;
  if (iequals(*text, "Oldest")) return true;
  throw errors::invalid_parameter("orderBy", *text);
}

ImagePage page_in_query(const RequestContext& context) {
  return {oldest_first_in_query(context), query_integer(context, "skip", 0, 0, INT32_MAX),
          query_integer(context, "take", limits::kDefaultTake, 0, limits::kTake)};
}

std::string required_query(const RequestContext& context, std::string_view name) {
  const auto text = context.query().find_nonempty(name);
  if (!text) throw errors::required_parameter(name);
  return std::string(*text);
}

namespace {

// Azure: clients send the type also without a body (measured), and a body of JSON may have any case and
// parameters.
// Emulator: XML and forms, which the interface lists beside JSON, are refused like any other type.
void require_json(const RequestContext& context) {
  const std::string_view header = context.headers().get("Content-Type");
  const std::string type = to_lower(trim(header.substr(0, header.find(';'))));
  const bool json = type.empty() || type.ends_with("/json") || type.ends_with("+json");
  if (!json && context.body.length() != 0) throw errors::unsupported_media_type(type);
}

}  // namespace

std::string json_body(RequestContext& context) {
  require_json(context);
  try {
    return context.body.all(limits::kSmallBodyBytes);
  } catch (const BodyTooLarge&) {
    throw errors::malformed_body("it is too large");
  }
}

std::string large_json_body(RequestContext& context) {
  require_json(context);
  return images_body(context);
}

std::string images_body(RequestContext& context) {
  try {
    return context.body.all(limits::kRequestBytes);
  } catch (const BodyTooLarge&) {
    throw errors::body_too_large();
  }
}

Project require_project(Transaction& tx, const RequestContext& context) {
  const Uuid id = path_id(context, "projectId");
  auto project = projects::find(tx, id);
  if (!project) throw errors::project_not_found(id);
  return *std::move(project);
}

// Emulator: what is imported arrives all at once, so nothing may be there before it. The service's code for
// that is not on record.
Project require_open_project(Transaction& tx, const RequestContext& context) {
  Project project = require_project(tx, context);
  if (project.status == ProjectStatus::Importing) throw errors::project_is_importing();
  return project;
}

Iteration require_iteration(Transaction& tx, const RequestContext& context, const Uuid& project) {
  auto iteration = iterations::find(tx, project, path_id(context, "iterationId"));
  if (!iteration) throw errors::iteration_not_found();
  return *std::move(iteration);
}

Uuid requested_workspace(Transaction& tx, const RequestContext& context, const Uuid& project) {
  const auto iteration = query_id(context, "iterationId");
  if (!iteration) return project;
  if (!iterations::find(tx, project, *iteration)) throw errors::iteration_not_found();
  return *iteration;
}

int batch_status(const RequestContext& context, bool all_ok) {
  return all_ok || version_of(context) < ApiVersion::V3_3 ? 200 : 207;
}

Response json_response(JsonWriter& json, int status) {
  Response response{status, {}, json.take()};
  response.headers.add("Content-Type", "application/json; charset=utf-8");
  return response;
}

// Azure: deletes answer 204 with Content-Length: 0 and no type (recorded).
Response no_content() {
  return empty_response(204);
}

Response empty_response(int status) {
  Response response{status, {}, std::string()};
  response.headers.add("Content-Length", "0");
  return response;
}

}  // namespace cvemu::customvision
