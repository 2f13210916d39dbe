// The storage integration of a project: proving that its queue and container can be written to.
#pragma once
#include <string>

#include "customvision/api/request_reader.h"

namespace cvemu::customvision {

class ConnectionTest {
 public:
  // Puts the test blob and sends the ConnectionTest message for the URIs that are not empty. If one is
  // refused, nothing is left behind and the error says which URI and why. Call outside any Transaction,
  // before anything is stored.
  static ConnectionTest send(CustomVision& state, const Uuid& project,
                             const std::string& export_container_uri,
                             const std::string& notification_queue_uri);
  // Commits with what the caller stores: the test blob goes away again after the configured time.
  void schedule_removal(Transaction& tx, Instant now) const;

 private:
  explicit ConnectionTest(CustomVision& state) : state_(state) {}
  void put_blob(const Uuid& project, const std::string& container_uri);
  void put_message(const Uuid& project, const std::string& queue_uri);
  void remove_blob() const;

  CustomVision& state_;
  std::string container_uri_, blob_name_;
};

}  // namespace cvemu::customvision
