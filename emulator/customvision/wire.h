// JSON in and out: what the bodies of the API look like, per version. The only place that knows member names.
// Reading: unknown members are ignored, names compare without case (as the service's serializer does), null counts
// as absent. Throws errors::malformed_body.
#pragma once
#include <string>
#include <vector>

#include "base/json_writer.h"
#include "customvision/domains.h"
#include "customvision/version.h"
#include "store/images.h"
#include "store/iterations.h"
#include "store/projects.h"
#include "store/tags.h"

namespace cvemu::customvision::wire {

// nullopt: not mentioned; "" (also sent as null): to be cleared.
struct StorageUris {
  std::optional<std::string> export_container_uri, notification_queue_uri;
};

struct ProjectPatch {
  std::optional<std::string> name, description, domain_id, classification_type, augmentation;
  std::optional<std::vector<std::string>> export_platforms;
  StorageUris uris;
};

struct RegionEntry {
  Uuid tag;
  Box box;
};

struct ImageFileEntry {
  std::string name, contents;  // contents as sent: base64
  std::vector<Uuid> tags;
  std::vector<RegionEntry> regions;
};

struct ImageFileBatch {
  std::vector<ImageFileEntry> images;
  std::vector<Uuid> tags;  // for every image
  std::string metadata;    // JSON object, or empty
};

struct TrainingParameters {
  std::vector<Uuid> selected_tags;  // empty: all
  std::string base_model;           // JSON {projectId, iterationId}, or empty
};

// An empty body means "no body" everywhere.
StorageUris read_create_project_options(std::string_view body);
ProjectPatch read_project_patch(std::string_view body);
ImageFileBatch read_image_files(std::string_view body);
TrainingParameters read_training_parameters(std::string_view body);

// Where an image can be fetched from; made anew for each answer.
struct ImageLinks {
  std::string original, resized, thumbnail;
};

// One image's part of an upload's answer.
struct UploadResult {
  std::string source_url, status;
  std::optional<TrainingImage> image;
  ImageLinks links;
};

// `tag_names` false: tagName is null, as in answers to uploads (recorded).
void write(JsonWriter& json, const TrainingImage& image, const ImageLinks& links, ApiVersion version,
           bool tag_names = true);
void write(JsonWriter& json, const Project& project, std::string_view thumbnail_uri, ApiVersion version);
void write(JsonWriter& json, const Domain& domain, ApiVersion version);
void write(JsonWriter& json, const Tag& tag);
void write(JsonWriter& json, const Iteration& iteration, ApiVersion version);
void write(JsonWriter& json, const Export& entry, std::string_view download_uri);
void write(JsonWriter& json, const std::vector<UploadResult>& results, ApiVersion version);

}  // namespace cvemu::customvision::wire
