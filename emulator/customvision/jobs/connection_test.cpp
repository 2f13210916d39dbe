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

// A reset that overtook the request is the reason, if there was one: then the Transaction throws.
[[noreturn]] void refuse(CustomVision& state, std::string_view setting, const std::string& uri,
                         const LinkError& error) {
  {
    const Transaction tx(state.environment.database);
  }
  throw errors::storage_uri_refused(setting, uri, error.what());
}

}  // namespace

ConnectionTest ConnectionTest::send(CustomVision& state, const Uuid& project,
                                    const std::string& export_container_uri,
                                    const std::string& notification_queue_uri) {
  ConnectionTest test(state);
  if (!export_container_uri.empty()) test.put_blob(project, export_container_uri);
  if (!notification_queue_uri.empty()) test.put_message(project, notification_queue_uri);
  return test;
}

void ConnectionTest::put_blob(const Uuid& project, const std::string& container_uri) {
  container_uri_ = container_uri;
  // Azure: a blob in the folder CustomVision-TestPermission; its own name is not on record.
  blob_name_ = "CustomVision-TestPermission/" + state_.environment.ids.uuid().text();
  try {
    state_.link.put_blob(container_uri_, blob_name_, "Custom Vision connection test", "text/plain",
                         about(project));
  } catch (const LinkError& error) {
    refuse(state_, "exportModelContainerUri", container_uri, error);
  }
}

void ConnectionTest::put_message(const Uuid& project, const std::string& queue_uri) {
  try {
    state_.link.send_message(queue_uri, notifications::connection_test(project), about(project));
  } catch (const LinkError& error) {
    remove_blob();
    refuse(state_, "notificationQueueUri", queue_uri, error);
  }
}

void ConnectionTest::remove_blob() const {
  if (container_uri_.empty()) return;
  try {
    state_.link.delete_blob(container_uri_, blob_name_);
  } catch (const LinkError& error) {
    state_.environment.log.warning(std::string("the test blob stays behind: ") + error.what());
  }
}

void ConnectionTest::schedule_removal(Transaction& tx, Instant now) const {
  if (container_uri_.empty()) return;
  state_.environment.scheduler.at(tx, now + state_.options.test_blob_time, job_kinds::kRemoveTestBlob,
                                  RemoveTestBlob{container_uri_, blob_name_}.to_json());
}

}  // namespace cvemu::customvision
