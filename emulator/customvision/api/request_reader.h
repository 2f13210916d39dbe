// What every handler of the service works with, and the tables the handlers' files end in.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/byte_budget.h"
#include "customvision/errors.h"
#include "customvision/options.h"
#include "customvision/wire/version.h"
#include "customvision/wire/wire.h"
#include "http/service.h"
#include "runtime/environment.h"

namespace cvemu::customvision {

class ModelCache;
class StorageLink;
class ServiceFiles;

// The state that handlers get. References into the service.
struct CustomVision {
  Environment environment;
  const CustomVisionOptions& options;
  StorageLink& link;
  ServiceFiles& files;
  ModelCache& models;
  ByteBudget& decoding;  // held while an image is in memory, with imaging::memory_to_decode
  ByteBudget& bodies;    // held while what a body with many images says is in memory
  ByteBudget& fetched;   // held while images from URLs are
};

std::span<const Operation<CustomVision>> project_operations();
std::span<const Operation<CustomVision>> project_copy_operations();
std::span<const Operation<CustomVision>> domain_operations();
std::span<const Operation<CustomVision>> tag_operations();
std::span<const Operation<CustomVision>> image_operations();
std::span<const Operation<CustomVision>> image_change_operations();
std::span<const Operation<CustomVision>> image_metadata_operations();
std::span<const Operation<CustomVision>> upload_operations();
std::span<const Operation<CustomVision>> region_operations();
std::span<const Operation<CustomVision>> artifact_operations();
std::span<const Operation<CustomVision>> iteration_operations();
std::span<const Operation<CustomVision>> publish_operations();
std::span<const Operation<CustomVision>> export_operations();
std::span<const Operation<CustomVision>> performance_operations();
std::span<const Operation<CustomVision>> prediction_operations();
std::span<const Operation<CustomVision>> quick_test_operations();
std::span<const Operation<CustomVision>> stored_prediction_operations();
std::span<const Operation<CustomVision>> suggestion_operations();

// Reading requests. All throw the error that names the parameter.
ApiVersion version_of(const RequestContext& context);
Uuid path_id(const RequestContext& context, std::string_view name);
std::optional<Uuid> query_id(const RequestContext& context, std::string_view name);
// One parameter joined by commas, or repeated; more than `limit` ids are an error.
std::vector<Uuid> query_ids(const RequestContext& context, std::string_view name, std::size_t limit);
std::vector<Uuid> required_ids(const RequestContext& context, std::string_view name, std::size_t limit);
std::int64_t query_integer(const RequestContext& context, std::string_view name, std::int64_t fallback,
                           std::int64_t least, std::int64_t most);
double query_fraction(const RequestContext& context, std::string_view name, double fallback);  // 0 to 1
bool query_boolean(const RequestContext& context, std::string_view name, bool fallback);
std::string required_query(const RequestContext& context, std::string_view name);
// A body of JSON, or nothing. Throws unsupported_media_type if it says that it is something else.
std::string json_body(RequestContext& context);
// JSON with images in it.
std::string large_json_body(RequestContext& context);
// A body with images in it, of any type. Throws body_too_large; if the length was announced, before a byte is
// read.
std::string images_body(RequestContext& context);

// orderBy of images: true for Oldest.
bool oldest_first_in_query(const RequestContext& context);
ImagePage page_in_query(const RequestContext& context);

// Looking up what the path names.
Project require_project(Transaction& tx, const RequestContext& context);
// One whose images and tags can be changed: it is not being imported.
Project require_open_project(Transaction& tx, const RequestContext& context);
Iteration require_iteration(Transaction& tx, const RequestContext& context, const Uuid& project);

// The iteration that the query names, else the project's own.
Uuid requested_workspace(Transaction& tx, const RequestContext& context, const Uuid& project);

// Azure: 207 for partly failed batches from 3.3 on; older clients know 200 only.
int batch_status(const RequestContext& context, bool all_ok);
Response project_response(CustomVision& state, RequestContext& context, const Project& project);
// Throws project_limit if the tier allows no more.
void require_room_for_project(Transaction& tx, const CustomVision& state);
Response json_response(JsonWriter& json, int status = 200);
// 204 for what was deleted; empty_response also for 202.
Response no_content();
Response empty_response(int status);

}  // namespace cvemu::customvision
