// What a project holds, copied into another one under new ids.
#pragma once
#include <map>

#include "base/ids.h"
#include "db/database.h"

namespace cvemu::project_copy {

struct NewIds {
  std::map<Uuid, Uuid> images;  // old to new
};

// Images, tags, regions and completed iterations of `from`, into the empty project `to`. Azure: iterations
// arrive unpublished and keep the time of their training, to the millisecond (recorded). The files are the
// caller's.
NewIds copy(Transaction& tx, const Uuid& from, const Uuid& to, IdSource& ids);

}  // namespace cvemu::project_copy
