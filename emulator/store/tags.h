// Tags of a project. image_count is kept with every change of an image's tags.
#pragma once
#include <string>
#include <vector>

#include "db/database.h"

namespace cvemu {

struct Tag {
  Uuid id, project;
  std::string name;
  std::optional<std::string> description;
  std::string type = "Regular";  // Regular, Negative, GeneralProduct
  std::int64_t image_count = 0;
};

namespace tags {

void insert(Transaction& tx, const Tag& tag);
std::optional<Tag> find(Transaction& tx, const Uuid& project, const Uuid& id);
bool name_is_taken(Transaction& tx, const Uuid& project, std::string_view name);
std::vector<Tag> list(Transaction& tx, const Uuid& project);  // in the order of ids as bytes

}  // namespace tags
}  // namespace cvemu
