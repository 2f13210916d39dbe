#include "base/text.h"
#include "base/times.h"
#include "customvision/wire/wire.h"
#include "customvision/wire/wire_parts.h"

namespace cvemu::customvision::wire {

namespace {

void json_or_null(JsonWriter& json, std::string_view name, std::string_view value) {
  json.key(name).raw(value.empty() ? "null" : value);
}

void string_list(JsonWriter& json, std::string_view joined) {
  json.begin_array();
  if (!joined.empty())
    for (const std::string_view entry : split(joined, ',')) json.string(entry);
  json.end_array();
}

void write_settings(JsonWriter& json, const ProjectSettings& settings, ApiVersion version) {
  json.begin_object().field("domainId", settings.domain.text());
  text_or_null(json, "classificationType", to_text(settings.classification_type));
  if (version >= ApiVersion::V3_1) string_list(json.key("targetExportPlatforms"), settings.export_platforms);
  json.field("useNegativeSet", true);
  text_or_null(json, "detectionParameters", settings.detection_parameters);
  if (version >= ApiVersion::V3_1)
    json.key("imageProcessingSettings")
        .begin_object()
        .key("augmentationMethods")
        .raw(settings.augmentation)
        .end_object();
  // Azure: version 3.0 wrote the platforms last (recorded).
  if (version == ApiVersion::V3_0) string_list(json.key("targetExportPlatforms"), settings.export_platforms);
  if (version >= ApiVersion::V3_3) {
    if (settings.export_container_uri) json.field("exportModelContainerUri", *settings.export_container_uri);
    if (settings.notification_queue_uri) json.field("notificationQueueUri", *settings.notification_queue_uri);
  }
  json.end_object();
}

void write_entry(JsonWriter& json, const ImageTagEntry& entry) {
  json.begin_object().field("imageId", entry.image.text()).field("tagId", entry.tag.text()).end_object();
}

void write_entry(JsonWriter& json, const ImageRegionEntry& entry) {
  json.begin_object().field("imageId", entry.image.text()).field("tagId", entry.region.tag.text());
  write_box(json, entry.region.box);
  json.end_object();
}

// Azure: tagName is null in the answer that creates a region (recorded).
void write_entry(JsonWriter& json, const CreatedRegion& created) {
  json.begin_object().field("imageId", created.image.text()).field("regionId", created.region.id.text());
  json.null_field("tagName").field("created", times::iso_naive(created.region.created));
  json.field("tagId", created.region.tag.text());
  write_box(json, created.region.box);
  json.end_object();
}

template <class Entry>
void write_list(JsonWriter& json, std::string_view name, const std::vector<Entry>& entries) {
  json.key(name).begin_array();
  for (const Entry& entry : entries) write_entry(json, entry);
  json.end_array();
}

// Azure: empty lists, not null (recorded).
template <class Summary>
void write_summary(JsonWriter& json, const Summary& summary) {
  json.begin_object();
  write_list(json, "created", summary.created);
  write_list(json, "duplicated", summary.duplicated);
  write_list(json, "exceeded", summary.exceeded);
  json.end_object();
}

// Azure: a list of platforms in 3.0, null in training then a list in 3.1 to 3.3, always null in 3.4-preview.
void write_exportable_to(JsonWriter& json, const Domain* domain, bool trained, ApiVersion version) {
  json.key("exportableTo");
  if (!trained || version == ApiVersion::V3_4) {
    json.null();
    return;
  }
  json.begin_array();
  if (domain)
    for (const std::string_view platform : {"CoreML", "DockerFile", "ONNX", "TensorFlow"})
      if (domain->exports_to(platform)) json.string(platform);
  json.end_array();
}

}  // namespace

void write(JsonWriter& json, const TrainingImage& image, const ImageLinks& links, ApiVersion version,
           bool tag_names) {
  json.begin_object().field("id", image.id.text()).field("created", times::iso_naive(image.created));
  json.field("width", image.width).field("height", image.height);
  json.field("resizedImageUri", links.resized).field("thumbnailUri", links.thumbnail);
  json.field("originalImageUri", links.original);
  if (!image.tags.empty()) write_tags(json, image.tags, tag_names);
  if (!image.regions.empty()) write_regions(json, image.regions, tag_names);
  if (version >= ApiVersion::V3_3 && !image.metadata.empty()) json.key("metadata").raw(image.metadata);
  json.end_object();
}

void write(JsonWriter& json, const Project& project, std::string_view thumbnail_uri, ApiVersion version) {
  json.begin_object().field("id", project.id.text()).field("name", project.name);
  json.field("description", project.description).key("settings");
  write_settings(json, project.settings, version);
  json.field("created", times::iso_millis(project.created));
  json.field("lastModified", times::iso_millis(project.modified));
  text_or_null(json, "thumbnailUri",
               thumbnail_uri.empty() ? std::nullopt : std::optional<std::string>(thumbnail_uri));
  json.field("drModeEnabled", false);
  if (version >= ApiVersion::V3_2) json.field("status", to_text(project.status));
  json.end_object();
}

void write(JsonWriter& json, const Domain& domain, ApiVersion version) {
  json.begin_object().field("id", domain.id).field("name", domain.name).field("type", domain.type);
  json.field("exportable", domain.exportable()).field("enabled", true);
  if (version >= ApiVersion::V3_4) {
    string_list(json.key("exportablePlatforms"), domain.platforms);
    json.key("modelInformation");
    if (domain.model_megabytes == 0) {
      json.null();
    } else {
      json.begin_object().field("estimatedModelSizeInMegabytes", domain.model_megabytes);
      json.field("description", "Compact model for use on a device").end_object();
    }
  }
  json.end_object();
}

void write(JsonWriter& json, const Tag& tag) {
  json.begin_object().field("id", tag.id.text()).field("name", tag.name);
  text_or_null(json, "description", tag.description);
  json.field("type", to_text(tag.type)).field("imageCount", tag.image_count).end_object();
}

void write(JsonWriter& json, const Iteration& it, ApiVersion version) {
  const bool trained = it.trained.has_value(), completed = it.status == IterationStatus::Completed;
  const Domain* domain = find_domain(it.domain);
  json.begin_object().field("id", it.id.text()).field("name", it.name).field("status", to_text(it.status));
  json.field("created", times::iso_millis(it.created)).field("lastModified", times::iso_millis(it.modified));
  if (trained) json.field("trainedAt", times::iso_millis(*it.trained));
  json.field("projectId", it.project.text());
  json.field("exportable", completed && domain && domain->exportable());
  write_exportable_to(json, domain, completed, version);
  // Azure: both are null until the training is nearly done (recorded).
  text_or_null(json, "domainId", trained ? std::optional(it.domain.text()) : std::nullopt);
  text_or_null(json, "classificationType", trained ? to_text(it.classification_type) : std::nullopt);
  json.field("trainingType", to_text(it.training_type))
      .field("reservedBudgetInHours", it.reserved_budget_hours);
  if (version >= ApiVersion::V3_1) json.field("trainingTimeInMinutes", it.training_minutes);
  text_or_null(json, "publishName", it.publish_name);
  text_or_null(json, "originalPublishResourceId", it.publish_resource);
  if (version >= ApiVersion::V3_4) {
    json_or_null(json, "customBaseModelInfo", it.base_model);
    text_or_null(json, "trainingErrorDetails", it.error_details);
  }
  json.end_object();
}

void write(JsonWriter& json, const Export& entry, std::string_view download_uri) {
  const auto or_null = [](std::string_view text) {
    return text.empty() ? std::nullopt : std::optional<std::string>(text);
  };
  json.begin_object().field("platform", entry.platform).field("status", to_text(entry.status));
  text_or_null(json, "downloadUri", or_null(download_uri));
  text_or_null(json, "flavor", or_null(entry.flavor));
  json.field("newerVersionAvailable", false).end_object();
}

void write(JsonWriter& json, const std::vector<UploadResult>& results, ApiVersion version) {
  bool all_ok = true;
  for (const UploadResult& result : results) all_ok = all_ok && result.status == "OK";
  json.begin_object().field("isBatchSuccessful", all_ok).key("images").begin_array();
  for (const UploadResult& result : results) {
    json.begin_object().field("sourceUrl", result.source_url).field("status", result.status).key("image");
    if (result.image) {
      write(json, *result.image, result.links, version, false);
    } else {
      json.null();
    }
    json.end_object();
  }
  json.end_array().end_object();
}

void write(JsonWriter& json, const ImageTagSummary& summary) {
  write_summary(json, summary);
}
void write(JsonWriter& json, const ImageRegionSummary& summary) {
  write_summary(json, summary);
}

void write(JsonWriter& json, const std::vector<MetadataUpdate>& updates) {
  bool all_ok = true;
  for (const MetadataUpdate& update : updates) all_ok = all_ok && update.status == "OK";
  json.begin_object().field("isBatchSuccessful", all_ok).key("images").begin_array();
  for (const MetadataUpdate& update : updates) {
    json.begin_object().field("imageId", update.image.text()).field("status", update.status);
    json_or_null(json, "metadata", update.metadata);
    json.end_object();
  }
  json.end_array().end_object();
}

void write(JsonWriter& json, const ProjectExport& copy) {
  json.begin_object().field("iterationCount", copy.iterations).field("imageCount", copy.images);
  json.field("tagCount", copy.tags).field("regionCount", copy.regions);
  json.field("estimatedImportTimeInMS", copy.estimated_import_ms).field("token", copy.token).end_object();
}

std::string project_export_note(const Uuid& project) {
  JsonWriter json;
  json.begin_object().field("projectId", project.text());
  return json.end_object().take();
}

std::string to_json(const Metadata& metadata) {
  if (metadata.empty()) return "";
  JsonWriter json;
  json.begin_object();
  for (const auto& [name, value] : metadata) json.field(name, value);
  return json.end_object().take();
}

std::string to_json(const BaseModel& model) {
  JsonWriter json;
  json.begin_object().field("projectId", model.project.text()).field("iterationId", model.iteration.text());
  return json.end_object().take();
}

}  // namespace cvemu::customvision::wire
