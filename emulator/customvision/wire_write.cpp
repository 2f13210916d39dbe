#include "base/text.h"
#include "base/times.h"
#include "customvision/wire.h"

namespace cvemu::customvision::wire {

namespace {

void text_or_null(JsonWriter& json, std::string_view name, const std::optional<std::string>& value) {
  if (value) {
    json.field(name, *value);
  } else {
    json.null_field(name);
  }
}

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
  text_or_null(json, "classificationType", settings.classification_type);
  if (version >= ApiVersion::V3_1) string_list(json.key("targetExportPlatforms"), settings.export_platforms);
  json.field("useNegativeSet", true);
  text_or_null(json, "detectionParameters", settings.detection_parameters);
  if (version >= ApiVersion::V3_1)
    json.key("imageProcessingSettings").begin_object().key("augmentationMethods").raw(settings.augmentation).end_object();
  // Azure: version 3.0 wrote the platforms last (recorded).
  if (version == ApiVersion::V3_0) string_list(json.key("targetExportPlatforms"), settings.export_platforms);
  if (version >= ApiVersion::V3_3) {
    if (settings.export_container_uri) json.field("exportModelContainerUri", *settings.export_container_uri);
    if (settings.notification_queue_uri) json.field("notificationQueueUri", *settings.notification_queue_uri);
  }
  json.end_object();
}

void write_tags(JsonWriter& json, const std::vector<ImageTag>& tags, bool names) {
  json.key("tags").begin_array();
  for (const ImageTag& tag : tags) {
    json.begin_object().field("tagId", tag.tag.text());
    text_or_null(json, "tagName", names ? std::optional(tag.name) : std::nullopt);
    json.field("created", times::iso_naive(tag.created)).end_object();
  }
  json.end_array();
}

void write_regions(JsonWriter& json, const std::vector<Region>& regions, bool names) {
  json.key("regions").begin_array();
  for (const Region& region : regions) {
    json.begin_object().field("regionId", region.id.text());
    text_or_null(json, "tagName", names ? std::optional(region.tag_name) : std::nullopt);
    json.field("created", times::iso_naive(region.created)).field("tagId", region.tag.text());
    json.field("left", static_cast<float>(region.box.left)).field("top", static_cast<float>(region.box.top));
    json.field("width", static_cast<float>(region.box.width));
    json.field("height", static_cast<float>(region.box.height)).end_object();
  }
  json.end_array();
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
  text_or_null(json, "thumbnailUri", thumbnail_uri.empty() ? std::nullopt : std::optional<std::string>(thumbnail_uri));
  json.field("drModeEnabled", false);
  if (version >= ApiVersion::V3_2) json.field("status", project.status);
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
  json.field("type", tag.type).field("imageCount", tag.image_count).end_object();
}

void write(JsonWriter& json, const Iteration& it, ApiVersion version) {
  const bool trained = it.trained.has_value(), completed = it.status == "Completed";
  const Domain* domain = find_domain(it.domain);
  json.begin_object().field("id", it.id.text()).field("name", it.name).field("status", it.status);
  json.field("created", times::iso_millis(it.created)).field("lastModified", times::iso_millis(it.modified));
  if (trained) json.field("trainedAt", times::iso_millis(*it.trained));
  json.field("projectId", it.project.text());
  json.field("exportable", completed && domain && domain->exportable());
  write_exportable_to(json, domain, completed, version);
  // Azure: both are null until the training is nearly done (recorded).
  text_or_null(json, "domainId", trained ? std::optional(it.domain.text()) : std::nullopt);
  text_or_null(json, "classificationType", trained ? it.classification_type : std::nullopt);
  json.field("trainingType", it.training_type).field("reservedBudgetInHours", it.reserved_budget_hours);
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
  json.begin_object().field("platform", entry.platform).field("status", entry.status);
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

}  // namespace cvemu::customvision::wire
