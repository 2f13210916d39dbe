// Training images with their tags and regions, as a workspace (store/customvision/workspaces.h) sees them.
// The files are blobs of the service's own account (customvision/files.h).
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "db/database.h"

namespace cvemu {

struct ImageTag {
  Uuid tag;
  std::string name;
  Instant created;
};

struct Box {
  double left = 0, top = 0, width = 0, height = 0;  // fractions of the image's width and height

  bool operator==(const Box&) const = default;
};

struct Region {
  Uuid id, tag;
  std::string tag_name;
  Instant created;
  Box box;
};

struct TrainingImage {
  Uuid id, project;
  Instant created;
  std::int64_t width = 0, height = 0;  // pixels
  std::string digest;                  // SHA-256 of the file, hex
  std::string metadata;                // JSON object, or empty
  std::vector<ImageTag> tags;          // newest first
  std::vector<Region> regions;         // newest first
};

// Which images of a workspace.
struct ImageFilter {
  enum class Tagging { All, Tagged, Untagged };
  Tagging tagging = Tagging::All;
  std::vector<Uuid> tags;                               // any of them; empty: all images
  std::function<bool(std::string_view json)> metadata;  // empty: all images
};

// In which order and which part of them. Azure: newest first, equal times in uniqueidentifier order (6 of 6
// recorded pairs). Emulator: oldest first is exactly the reverse.
struct ImagePage {
  bool oldest_first = false;
  std::int64_t skip = 0, take = 50;
};

namespace images {

// A new one of the project's own workspace, without tags and regions.
void insert(Transaction& tx, const TrainingImage& image);
// One that has a row already, into another workspace.
void put_into(Transaction& tx, const Uuid& workspace, const Uuid& id, Instant created);
bool contains(Transaction& tx, const Uuid& workspace, const Uuid& id);
std::optional<TrainingImage> find(Transaction& tx, const Uuid& workspace, const Uuid& id);
// Without tags and regions, whatever workspace holds it.
std::optional<TrainingImage> find_any(Transaction& tx, const Uuid& id);
std::optional<Uuid> find_by_digest(Transaction& tx, const Uuid& workspace, std::string_view digest);
// Reads no more than the page, unless tags or metadata are asked for: then also what lies between.
std::vector<TrainingImage> list(Transaction& tx, const Uuid& workspace, const ImageFilter& filter,
                                const ImagePage& page);
// Those of these ids that are there, oldest first.
std::vector<TrainingImage> list_by_ids(Transaction& tx, const Uuid& workspace, const std::vector<Uuid>& ids);
// From the counters, unless several tags or metadata are asked for.
std::int64_t count(Transaction& tx, const Uuid& workspace, const ImageFilter& filter);
std::optional<Uuid> newest(Transaction& tx, const Uuid& workspace);

void set_metadata(Transaction& tx, const Uuid& id, std::string_view json);

// Takes images out of a workspace; ids that are not there are passed over.
void take_out(Transaction& tx, const Uuid& workspace, const std::vector<Uuid>& ids);
void take_out_all(Transaction& tx, const Uuid& workspace);
// Removes the rows of a project's images that no workspace holds any more; answers their ids, for their
// files.
std::vector<Uuid> remove_unused(Transaction& tx, const Uuid& project);
std::vector<Uuid> remove_unused(Transaction& tx, const std::vector<Uuid>& candidates);

// Tags of an image. False if nothing changed. Azure: a tag's regions on the image go with it.
bool add_tag(Transaction& tx, const Uuid& workspace, const Uuid& image, const Uuid& tag, Instant now);
bool remove_tag(Transaction& tx, const Uuid& workspace, const Uuid& image, const Uuid& tag);
// An image that has this tag and another one.
std::optional<Uuid> first_with_tag_and_others(Transaction& tx, const Uuid& workspace, const Uuid& tag);

}  // namespace images
}  // namespace cvemu
