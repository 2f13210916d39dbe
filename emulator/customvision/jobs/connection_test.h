// The storage integration of a project: proving that its queue and container can be written to.
#pragma once
#include <string>

#include "customvision/api/request_reader.h"

namespace cvemu::customvision {

// Sends the ConnectionTest message and puts the test blob for the URIs that are not empty. All or nothing: if
// one is refused, nothing is left behind and the error says which URI and why. Call outside any Transaction,
// before anything is stored.
class ConnectionTest {
 public:
  ConnectionTest(CustomVision& state, const Uuid& project, const std::string& export_container_uri,
                 const std::string& notification_queue_uri);
  // Commits with what the caller stores: the test blob goes away again after the configured time.
  void schedule_removal(Transaction& tx, Instant now) const;

 private:
  CustomVision& state_;
  std::string container_uri_, blob_name_;
};

}  // namespace cvemu::customvision
