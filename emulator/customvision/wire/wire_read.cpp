#include "base/text.h"
#include "customvision/errors.h"
#include "customvision/wire/wire.h"
#include "customvision/wire/wire_parts.h"

namespace cvemu::customvision::wire {

namespace {

// A URI that is mentioned as null is to be cleared, like an empty one.
std::optional<std::string> uri(const Json& object, std::string_view name) {
  if (!mentioned(object, name)) return std::nullopt;
  return text(object, name).value_or("");
}

StorageUris uris(const Json& object) {
  return {uri(object, "exportModelContainerUri"), uri(object, "notificationQueueUri")};
}

RegionEntry region(const Json& value) {
  return {required_id(value, "tagId"), box(value)};
}

Metadata pairs(const Json& object) {
  Metadata metadata;
  for (auto it = object.begin(); it != object.end(); ++it) {
    if (!it->is_string()) wrong_type(it.key(), "a string");
    metadata.emplace_back(it.key(), it->get_ref<const std::string&>());
  }
  return metadata;
}

// The entries of a batch; `source` is the member that says where an image comes from.
ImageBatch image_batch(std::string_view body, std::string_view source) {
  const Json json = parse_object(body);
  ImageBatch batch;
  for (const Json& value : objects(json, "images")) {
    ImageEntry entry{
        text(value, source).value_or(""), text(value, "contents").value_or(""), ids(value, "tagIds"), {}};
    for (const Json& each : objects(value, "regions")) entry.regions.push_back(region(each));
    batch.images.push_back(std::move(entry));
  }
  batch.tags = ids(json, "tagIds");
  if (const Json* metadata = object_member(json, "metadata")) batch.metadata = pairs(*metadata);
  return batch;
}

}  // namespace

StorageUris read_create_project_options(std::string_view body) {
  return uris(parse_object(body));
}

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
      patch.augmentation = methods->dump();
  patch.uris = uris(*settings);
  return patch;
}

std::string with_changes(std::string_view methods, std::string_view changes) {
  Json all = parse_object(methods);
  const Json wanted = parse_object(changes);
  for (const auto& [name, value] : wanted.items()) {
    if (!all.contains(name) || !value.is_boolean()) throw errors::augmentation_method(name);
    all[name] = value;
  }
  return dump_json(all);
}

TagPatch read_tag_patch(std::string_view body) {
  const Json json = parse_object(body);
  TagPatch patch{text(json, "name"), std::nullopt, text(json, "type")};
  if (mentioned(json, "description")) patch.description = text(json, "description").value_or("");
  return patch;
}

std::optional<std::string> read_iteration_name(std::string_view body) {
  return text(parse_object(body), "name");
}

ImageBatch read_image_files(std::string_view body) {
  return image_batch(body, "name");
}
ImageBatch read_image_urls(std::string_view body) {
  return image_batch(body, "url");
}
ImageBatch read_image_ids(std::string_view body) {
  return image_batch(body, "id");
}

std::vector<ImageTagEntry> read_image_tags(std::string_view body) {
  const Json json = parse_object(body);
  std::vector<ImageTagEntry> entries;
  for (const Json& value : objects(json, "tags"))
    entries.push_back({required_id(value, "imageId"), required_id(value, "tagId")});
  return entries;
}

std::vector<ImageRegionEntry> read_image_regions(std::string_view body) {
  const Json json = parse_object(body);
  std::vector<ImageRegionEntry> entries;
  for (const Json& value : objects(json, "regions"))
    entries.push_back({required_id(value, "imageId"), region(value)});
  return entries;
}

std::optional<Uuid> read_project_export_note(std::string_view json) {
  const Json note = try_parse_json(json).value_or(Json());
  const Json* project = member(note, "projectId");
  if (!project || !project->is_string()) return std::nullopt;
  return Uuid::parse(project->get_ref<const std::string&>());
}

Metadata read_metadata(std::string_view json) {
  return pairs(parse_object(json));
}

TrainingParameters read_training_parameters(std::string_view body) {
  const Json json = parse_object(body);
  TrainingParameters parameters;
  parameters.selected_tags = ids(json, "selectedTags");
  if (const Json* base = object_member(json, "customBaseModelInfo"))
    parameters.base_model = BaseModel{required_id(*base, "projectId"), required_id(*base, "iterationId")};
  return parameters;
}

}  // namespace cvemu::customvision::wire
