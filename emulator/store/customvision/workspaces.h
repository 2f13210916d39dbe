// Workspaces: images with their tags and regions. A project's own has the project's id and is what clients
// change; each training leaves a copy under the iteration's id, which answers questions about that iteration.
// Functions of store/ that ask for a workspace take either id.
#pragma once
#include <cstdint>

#include "db/database.h"

namespace cvemu {

struct WorkspaceCounts {
  std::int64_t images = 0, tagged_images = 0, regions = 0;
};

namespace workspaces {

void create(Transaction& tx, const Uuid& id, const Uuid& project);  // empty
// All that `from` holds, under the same ids of images, tags and regions.
void copy(Transaction& tx, const Uuid& from, const Uuid& to, const Uuid& project);
// What only it held stays behind in images: see images::remove_unused.
void remove(Transaction& tx, const Uuid& id);

WorkspaceCounts counts(Transaction& tx, const Uuid& id);
// Rows of tags in all workspaces of a project.
std::int64_t count_tag_rows(Transaction& tx, const Uuid& project);

}  // namespace workspaces
}  // namespace cvemu
