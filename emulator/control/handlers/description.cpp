// The description of these routes, made from their rows (OpenAPI 3.0).
#include "control/json.h"
#include "control/query.h"
#include "control/service.h"
#include "cvemu/version.h"

namespace cvemu::control {

namespace {

// "/a/{name...}" is "/a/{name}" to OpenAPI.
std::string described_path(std::string_view path) {
  std::string out(path);
  if (const auto dots = out.find("...}"); dots != std::string::npos) out.erase(dots, 3);
  return out;
}

Json parameter(std::string_view name, std::string_view place) {
  return {{"name", name}, {"in", place}, {"required", place == "path"}, {"schema", {{"type", "string"}}}};
}

Json parameters(const Operation<ControlContext>& operation) {
  Json all = Json::array();
  std::string_view path = operation.route.path;
  for (auto open = path.find('{'); open != std::string_view::npos; open = path.find('{', open + 1))
    all.push_back(parameter(path.substr(open + 1, path.find_first_of(".}", open) - open - 1), "path"));
  for (const std::string_view name : names_in(operation.doc.query)) all.push_back(parameter(name, "query"));
  return all;
}

// The type is that of the example; a field that the example lacks may be anything.
Json schema_of(const Json& value) {
  if (value.is_string()) return {{"type", "string"}};
  if (value.is_boolean()) return {{"type", "boolean"}};
  if (value.is_number_integer()) return {{"type", "integer"}};
  if (value.is_number()) return {{"type", "number"}};
  if (value.is_array()) return {{"type", "array"}, {"items", Json::object()}};
  if (value.is_object()) return {{"type", "object"}};
  return Json::object();
}

Json request_body(const Doc& doc) {
  const Json example = doc.example.empty() ? Json::object() : parse_json(doc.example);
  Json properties = Json::object();
  for (const std::string_view name : names_in(doc.fields)) {
    const std::string key(name);
    properties[key] = schema_of(example.contains(key) ? example[key] : Json());
  }
  const Json schema = {{"type", "object"}, {"additionalProperties", false}, {"properties", properties}};
  Json media = {{"schema", schema}};
  if (!doc.example.empty()) media["example"] = example;
  return {{"content", {{"application/json", media}}}};
}

Json describe_operation(const Operation<ControlContext>& operation) {
  Json out = {{"operationId", operation.route.name}, {"summary", operation.doc.summary}};
  if (const Json all = parameters(operation); !all.empty()) out["parameters"] = all;
  if (!operation.doc.fields.empty()) out["requestBody"] = request_body(operation.doc);
  out["responses"] = {{"200", {{"description", "Done."}}},
                      {"default",
                       {{"description",
                         "Refused: status, code, message, and where it helps path, didYouMean "
                         "and allowed."}}}};
  return out;
}

Response get_description(ControlContext&, RequestContext&) {
  Json paths = Json::object();
  for (const auto* operation : ControlService::operations())
    paths[described_path(operation->route.path)][to_lower(method_name(operation->route.method))] =
        describe_operation(*operation);
  return json_response(Json{
      {"openapi", "3.0.3"}, {"info", {{"title", "cvemu control"}, {"version", kVersion}}}, {"paths", paths}});
}

}  // namespace

std::span<const Operation<ControlContext>> description_operations() {
  static constexpr Operation<ControlContext> operations[] = {
      {{"GetDescription", Method::Get, "/_emulator/openapi.json"},
       get_description,
       {"This description of the control routes"}},
  };
  return operations;
}

}  // namespace cvemu::control
