#include "customvision/api/image_metadata.h"

#include <algorithm>

#include "customvision/api/request_reader.h"
#include "customvision/limits.h"

namespace cvemu::customvision {

namespace {

// Letters of UTF-8 text: bytes that do not continue one.
std::size_t letters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

}  // namespace

void require_legal(const wire::Metadata& metadata, ApiVersion version) {
  const auto [pairs, longest_key, longest_value] = limits::metadata(version);
  for (const auto& [key, value] : metadata) {
    if (key.empty() || letters(key) > longest_key) throw errors::metadata_key(key, longest_key);
    if (letters(value) > longest_value) throw errors::metadata_value(key, longest_value);
  }
}

bool has_too_many_pairs(const wire::Metadata& metadata, ApiVersion version) {
  return metadata.size() > limits::metadata(version).pairs;
}

namespace {

// Emulator: new values join those that are there; the service's way is not on record, but a limit that is
// told per image points to it.
wire::Metadata merged(wire::Metadata metadata, const wire::Metadata& changes) {
  for (const auto& change : changes) {
    const auto same = std::find_if(metadata.begin(), metadata.end(),
                                   [&](const auto& pair) { return pair.first == change.first; });
    if (same == metadata.end()) {
      metadata.push_back(change);
    } else {
      same->second = change.second;
    }
  }
  return metadata;
}

wire::MetadataUpdate update(Transaction& tx, const Uuid& workspace, const Uuid& id,
                            const wire::Metadata& changes, ApiVersion version) {
  const auto image = images::find(tx, workspace, id);
  if (!image) return {id, "ErrorImageNotFound", ""};
  const wire::Metadata metadata = merged(wire::read_metadata(image->metadata), changes);
  if (has_too_many_pairs(metadata, version)) return {id, "ErrorLimitExceed", image->metadata};
  const std::string json = wire::to_json(metadata);
  images::set_metadata(tx, id, json);
  return {id, "OK", json};
}

Response update_image_metadata(CustomVision& state, RequestContext& context) {
  const std::vector<Uuid> ids = required_ids(context, "imageIds", limits::kImageIds);
  const wire::Metadata changes = wire::read_metadata(json_body(context));
  if (changes.empty()) throw errors::required_parameter("metadata");
  require_legal(changes, version_of(context));

  std::vector<wire::MetadataUpdate> updates;
  Transaction tx(state.environment.database);
  const Project project = require_project(tx, context);
  for (const Uuid& id : ids) updates.push_back(update(tx, project.id, id, changes, version_of(context)));
  tx.commit();
  const bool all_ok =
      std::all_of(updates.begin(), updates.end(), [](const auto& one) { return one.status == "OK"; });
  JsonWriter json;
  wire::write(json, updates);
  return json_response(json, batch_status(context, all_ok));
}

}  // namespace

std::span<const Operation<CustomVision>> image_metadata_operations() {
  static constexpr Operation<CustomVision> operations[] = {
      {{"UpdateImageMetadata",
        Method::Post,
        "/customvision/{version}/training/projects/{projectId}/images/metadata",
        "",
        {.key = Access::Key::Training, .since = "v3.3"}},
       update_image_metadata},
  };
  return operations;
}

}  // namespace cvemu::customvision
