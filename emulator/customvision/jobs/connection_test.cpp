#include "customvision/jobs/connection_test.h"

#include "customvision/jobs/jobs.h"
#include "customvision/jobs/notifications.h"
#include "customvision/jobs/storage_link.h"
#include "runtime/job_payloads.h"
#include "runtime/scheduler.h"

namespace cvemu::customvision {

namespace {

Delivery about(const Uuid& project) {
  return {Delivery::Kind::ConnectionTest, project.text(), ""};
}

}  // namespace

ConnectionTest::ConnectionTest(CustomVision& state, const Uuid& project,
                               const std::string& export_container_uri,
                               const std::string& notification_queue_uri)
    : state_(state) {
  if (!export_container_uri.empty()) {
    container_uri_ = export_container_uri;
    // Azure: a blob in the folder CustomVision-TestPermission; its own name is not on record.
    blob_name_ = "CustomVision-TestPermission/" + state.environment.ids.uuid().text();
    try {
      state.link.put_blob(container_uri_, blob_name_, "Custom Vision connection test", "text/plain",
                          about(project));
    } catch (const LinkError& error) {
      throw errors::storage_uri_refused("exportModelContainerUri", export_container_uri, error.what());
    }
  }
  if (notification_queue_uri.empty()) return;
  try {
    state.link.send_message(notification_queue_uri, notifications::connection_test(project), about(project));
  } catch (const LinkError& error) {
    try {
      if (!container_uri_.empty()) state.link.delete_blob(container_uri_, blob_name_);
    } catch (const LinkError& second) {
      state.environment.log.warning(std::string("the test blob stays behind: ") + second.what());
    }
    throw errors::storage_uri_refused("notificationQueueUri", notification_queue_uri, error.what());
  }
}

void ConnectionTest::schedule_removal(Transaction& tx, Instant now) const {
  if (container_uri_.empty()) return;
  state_.environment.scheduler.at(tx, now + state_.options.test_blob_time, job_kinds::kRemoveTestBlob,
                                  RemoveTestBlob{container_uri_, blob_name_}.to_json());
}

}  // namespace cvemu::customvision
