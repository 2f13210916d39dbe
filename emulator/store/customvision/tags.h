// Tags of a workspace (store/customvision/workspaces.h). image_count is kept with every change of an image's
// tags.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "cvemu/types.h"
#include "db/database.h"

namespace cvemu {

struct Tag {
  Uuid workspace, id;
  std::string name;
  std::optional<std::string> description;
  TagType type = TagType::Regular;
  std::int64_t image_count = 0;
};

namespace tags {

void insert(Transaction& tx, const Tag& tag);
std::optional<Tag> find(Transaction& tx, const Uuid& workspace, const Uuid& id);
std::optional<Tag> find_by_name(Transaction& tx, const Uuid& workspace, std::string_view name);
// Azure: in the order of SQL Server's uniqueidentifier (8 of 8 recorded lists).
std::vector<Tag> list(Transaction& tx, const Uuid& workspace);
std::int64_t count(Transaction& tx, const Uuid& workspace);
void update(Transaction& tx, const Tag& tag);  // name, description and type
// Takes it from its images, with its regions.
void remove(Transaction& tx, const Uuid& workspace, const Uuid& id);

}  // namespace tags
}  // namespace cvemu
