// The how-to's prerequisites: who the Custom Vision resource is to the user's storage. All are met unless a
// test takes one away.
#pragma once
#include "db/database.h"

namespace cvemu {

struct Identity {
  bool managed_identity = true;         // the resource has a system-assigned managed identity
  bool blob_contributor = true;         // with the role Storage Blob Data Contributor
  bool queue_contributor = true;        // and Storage Queue Data Contributor
  bool multi_service_resource = false;  // Azure: the integration is not for multi-service resources (how-to)

  bool operator==(const Identity&) const = default;
};

namespace identity {

Identity find(Transaction& tx);
void set(Transaction& tx, const Identity& identity);

}  // namespace identity
}  // namespace cvemu
