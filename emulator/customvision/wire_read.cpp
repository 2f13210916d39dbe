#include <nlohmann/json.hpp>

#include "base/text.h"
#include "customvision/errors.h"
#include "customvision/wire.h"

namespace cvemu::customvision::wire {

namespace {

using Json = nlohmann::json;

Json parse_object(std::string_view body) {
  if (trim(body).empty()) return Json::object();
  Json json = Json::parse(body, nullptr, false);
  if (json.is_discarded()) throw errors::malformed_body("it is not JSON");
  if (!json.is_object()) throw errors::malformed_body("it is not a JSON object");
  return json;
}

// The member of that name, whatever its case; nullptr if absent or null.
const Json* member(const Json& object, std::string_view name) {
  if (!object.is_object()) return nullptr;
  for (auto it = object.begin(); it != object.end(); ++it)
    if (iequals(it.key(), name)) return it->is_null() ? nullptr : &*it;
  return nullptr;
}

bool mentioned(const Json& object, std::string_view name) {
  if (!object.is_object()) return false;
  for (auto it = object.begin(); it != object.end(); ++it)
    if (iequals(it.key(), name)) return true;
  return false;
}

[[noreturn]] void wrong_type(std::string_view name, std::string_view expected) {
  throw errors::malformed_body(std::string(name) + " must be " + std::string(expected));
}

std::optional<std::string> text(const Json& object, std::string_view name) {
  const Json* value = member(object, name);
  if (!value) return std::nullopt;
  if (!value->is_string()) wrong_type(name, "a string");
  return value->get<std::string>();
}

const Json* array(const Json& object, std::string_view name) {
  const Json* value = member(object, name);
  if (value && !value->is_array()) wrong_type(name, "an array");
  return value;
}

const Json* object_member(const Json& object, std::string_view name) {
  const Json* value = member(object, name);
  if (value && !value->is_object()) wrong_type(name, "an object");
  return value;
}

double number(const Json& object, std::string_view name) {
  const Json* value = member(object, name);
  if (!value || !value->is_number()) wrong_type(name, "a number");
  return value->get<double>();
}

Uuid id(const Json& value, std::string_view name) {
  if (!value.is_string()) wrong_type(name, "an id");
  const auto parsed = Uuid::parse(value.get_ref<const std::string&>());
  if (!parsed) throw errors::invalid_id(name, value.get_ref<const std::string&>());
  return *parsed;
}

std::vector<Uuid> ids(const Json& object, std::string_view name) {
  std::vector<Uuid> all;
  if (const Json* values = array(object, name))
    for (const Json& value : *values) all.push_back(id(value, name));
  return all;
}

// A URI that is mentioned as null is to be cleared, like an empty one.
std::optional<std::string> uri(const Json& object, std::string_view name) {
  if (!mentioned(object, name)) return std::nullopt;
  return text(object, name).value_or("");
}

StorageUris uris(const Json& object) {
  return {uri(object, "exportModelContainerUri"), uri(object, "notificationQueueUri")};
}

std::string booleans(const Json& object) {
  JsonWriter json;
  json.begin_object();
  for (auto it = object.begin(); it != object.end(); ++it) {
    if (!it->is_boolean()) wrong_type(it.key(), "true or false");
    json.field(it.key(), it->get<bool>());
  }
  return json.end_object().take();
}

RegionEntry region(const Json& value) {
  const Json* tag = member(value, "tagId");
  if (!tag) throw errors::required_parameter("tagId");
  return {id(*tag, "tagId"),
          {number(value, "left"), number(value, "top"), number(value, "width"), number(value, "height")}};
}

ImageFileEntry image_file(const Json& value) {
  ImageFileEntry entry;
  entry.name = text(value, "name").value_or("");
  entry.contents = text(value, "contents").value_or("");
  entry.tags = ids(value, "tagIds");
  if (const Json* regions = array(value, "regions"))
    for (const Json& each : *regions) entry.regions.push_back(region(each));
  return entry;
}

std::string metadata_of(const Json& object) {
  const Json* map = object_member(object, "metadata");
  if (!map) return "";
  JsonWriter json;
  json.begin_object();
  for (auto it = map->begin(); it != map->end(); ++it) {
    if (!it->is_string()) wrong_type(it.key(), "a string");
    json.field(it.key(), it->get_ref<const std::string&>());
  }
  return json.end_object().take();
}

}  // namespace

StorageUris read_create_project_options(std::string_view body) { return uris(parse_object(body)); }

ProjectPatch read_project_patch(std::string_view body) {
  const Json json = parse_object(body);
  ProjectPatch patch;
  patch.name = text(json, "name");
  patch.description = text(json, "description");
  const Json* settings = object_member(json, "settings");
  if (!settings) return patch;
  patch.domain_id = text(*settings, "domainId");
  patch.classification_type = text(*settings, "classificationType");
  if (const Json* platforms = array(*settings, "targetExportPlatforms")) {
    patch.export_platforms.emplace();
    for (const Json& platform : *platforms) {
      if (!platform.is_string()) wrong_type("targetExportPlatforms", "a list of strings");
      patch.export_platforms->push_back(platform.get<std::string>());
    }
  }
  if (const Json* processing = object_member(*settings, "imageProcessingSettings"))
    if (const Json* methods = object_member(*processing, "augmentationMethods"))
      patch.augmentation = booleans(*methods);
  patch.uris = uris(*settings);
  return patch;
}

ImageFileBatch read_image_files(std::string_view body) {
  const Json json = parse_object(body);
  ImageFileBatch batch;
  if (const Json* images = array(json, "images"))
    for (const Json& image : *images) batch.images.push_back(image_file(image));
  batch.tags = ids(json, "tagIds");
  batch.metadata = metadata_of(json);
  return batch;
}

TrainingParameters read_training_parameters(std::string_view body) {
  const Json json = parse_object(body);
  TrainingParameters parameters;
  parameters.selected_tags = ids(json, "selectedTags");
  if (const Json* base = object_member(json, "customBaseModelInfo")) {
    const Json *project = member(*base, "projectId"), *iteration = member(*base, "iterationId");
    if (!project || !iteration) throw errors::required_parameter("customBaseModelInfo");
    parameters.base_model = JsonWriter()
                                .begin_object()
                                .field("projectId", id(*project, "projectId").text())
                                .field("iterationId", id(*iteration, "iterationId").text())
                                .end_object()
                                .take();
  }
  return parameters;
}

}  // namespace cvemu::customvision::wire
