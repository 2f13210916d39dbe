// Training images of a project with their tags and regions. The files themselves are blobs of the service's own
// account (customvision/files.h).
#pragma once
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

// Which images of a project, in which order and which part of them.
struct ImageFilter {
  enum class Tagging { All, Tagged, Untagged };
  Tagging tagging = Tagging::All;
  std::vector<Uuid> tags;  // any of them; empty: all images
  bool oldest_first = false;
  std::int64_t skip = 0, take = 50;
};

namespace images {

void insert(Transaction& tx, const TrainingImage& image);  // without tags and regions
std::optional<TrainingImage> find(Transaction& tx, const Uuid& project, const Uuid& id);
std::optional<Uuid> find_by_digest(Transaction& tx, const Uuid& project, std::string_view digest);
std::vector<TrainingImage> list(Transaction& tx, const Uuid& project, const ImageFilter& filter);

// False if the image already has the tag.
bool add_tag(Transaction& tx, const Uuid& image, const Uuid& tag, Instant now);
// Azure: a region's tag appears among the image's tags as well.
void add_region(Transaction& tx, const Uuid& image, const Region& region);

}  // namespace images
}  // namespace cvemu
