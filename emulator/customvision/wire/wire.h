// JSON in and out: what the bodies of the API look like, per version. The only place that knows member names.
// Reading: unknown members are ignored, names compare without case (as the service's serializer does), null
// counts as absent. Throws errors::malformed_body.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "base/json_writer.h"
#include "customvision/domains.h"
#include "customvision/wire/version.h"
#include "store/customvision/images.h"
#include "store/customvision/iterations.h"
#include "store/customvision/projects.h"
#include "store/customvision/tags.h"

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

// Names are compared as they are. In the order sent.
using Metadata = std::vector<std::pair<std::string, std::string>>;

// description: "" (also sent as null) clears it.
struct TagPatch {
  std::optional<std::string> name, description, type;
};

struct RegionEntry {
  Uuid tag;
  Box box;
};

// One image of a batch of files, URLs or predictions.
struct ImageEntry {
  std::string source;    // its name, URL or prediction id
  std::string contents;  // base64 as sent; files only
  std::vector<Uuid> tags;
  std::vector<RegionEntry> regions;
};

struct ImageBatch {
  std::vector<ImageEntry> images;
  std::vector<Uuid> tags;  // for every image
  Metadata metadata;       // for every image
};

struct ImageTagEntry {
  Uuid image, tag;
};

struct ImageRegionEntry {
  Uuid image;
  RegionEntry region;
};

struct BaseModel {
  Uuid project, iteration;
};

struct TrainingParameters {
  std::vector<Uuid> selected_tags;  // empty: all
  std::optional<BaseModel> base_model;
};

// An empty body means "no body" everywhere.
StorageUris read_create_project_options(std::string_view body);
ProjectPatch read_project_patch(std::string_view body);
// Augmentation methods, a JSON object of booleans, with those of a patch set; methods it does not name stay.
// Throws augmentation_method for what is none.
std::string with_changes(std::string_view methods, std::string_view changes);
TagPatch read_tag_patch(std::string_view body);
std::optional<std::string> read_iteration_name(std::string_view body);
ImageBatch read_image_files(std::string_view body);
ImageBatch read_image_urls(std::string_view body);
ImageBatch read_image_ids(std::string_view body);
std::vector<ImageTagEntry> read_image_tags(std::string_view body);
std::vector<ImageRegionEntry> read_image_regions(std::string_view body);
// A JSON object of strings, or empty.
Metadata read_metadata(std::string_view json);
TrainingParameters read_training_parameters(std::string_view body);

// What lies behind the token of an exported project. nullopt if it is something else.
std::string project_export_note(const Uuid& project);
std::optional<Uuid> read_project_export_note(std::string_view json);

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

// What became of each entry of a request that tags images.
struct ImageTagSummary {
  std::vector<ImageTagEntry> created, duplicated, exceeded;
};

struct CreatedRegion {
  Uuid image;
  Region region;
};

struct ImageRegionSummary {
  std::vector<CreatedRegion> created;
  std::vector<ImageRegionEntry> duplicated, exceeded;
};

struct MetadataUpdate {
  Uuid image;
  std::string status;
  std::string metadata;  // JSON object; empty: null
};

struct ProjectExport {
  std::int64_t iterations = 0, images = 0, tags = 0, regions = 0, estimated_import_ms = 0;
  std::string token;
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
void write(JsonWriter& json, const ImageTagSummary& summary);
void write(JsonWriter& json, const ImageRegionSummary& summary);
void write(JsonWriter& json, const std::vector<MetadataUpdate>& updates);
void write(JsonWriter& json, const ProjectExport& copy);
// How metadata and base models are kept: the JSON that answers carry. Empty metadata is an empty text.
std::string to_json(const Metadata& metadata);
std::string to_json(const BaseModel& model);

}  // namespace cvemu::customvision::wire
