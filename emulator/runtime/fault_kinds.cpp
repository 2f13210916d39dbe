// The names of the actions, and which requests each can strike.
#include <algorithm>

#include "base/text.h"
#include "runtime/faults.h"

namespace cvemu {

namespace {

struct Named {
  FaultKind kind;
  std::string_view name;
};
constexpr Named kNames[] = {
    {FaultKind::Status, "status"},
    {FaultKind::Throttle, "throttle"},
    {FaultKind::Delay, "delay"},
    {FaultKind::Stall, "stall"},
    {FaultKind::ResetConnection, "resetConnection"},
    {FaultKind::EmptyReply, "emptyReply"},
    {FaultKind::TruncateBody, "truncateBody"},
    {FaultKind::CorruptBody, "corruptBody"},
    {FaultKind::SlowBody, "slowBody"},
    {FaultKind::StorageDenied, "storageDenied"},
    {FaultKind::StorageMissing, "storageMissing"},
    {FaultKind::TrainingFailed, "trainingFailed"},
    {FaultKind::TrainingStuck, "trainingStuck"},
    {FaultKind::ExportFailed, "exportFailed"},
    {FaultKind::ExportStuck, "exportStuck"},
    {FaultKind::ImportFailed, "importFailed"},
    {FaultKind::NotificationLost, "notificationLost"},
    {FaultKind::NotificationDuplicated, "notificationDuplicated"},
    {FaultKind::NotificationDelayed, "notificationDelayed"},
    {FaultKind::NotificationReordered, "notificationReordered"},
    {FaultKind::NotificationEarly, "notificationEarly"},
    {FaultKind::NotificationMalformed, "notificationMalformed"},
    {FaultKind::BackupMissing, "backupMissing"},
    {FaultKind::BackupTruncated, "backupTruncated"},
    {FaultKind::ListOrder, "listOrder"},
};

constexpr std::string_view kTestBlobs = "CustomVision-TestPermission/";

// What the emulator sends to the user's storage.
enum class Delivery { None, TestMessage, TestBlob, Message, Backup };

Delivery delivery_of(const RequestFacts& facts) {
  if (!facts.internal) return Delivery::None;
  if (facts.operation == "PutMessage") {
    const bool test = facts.notification().find(R"("ConnectionTest")") != std::string::npos;
    return test ? Delivery::TestMessage : Delivery::Message;
  }
  if (facts.operation != "PutBlob") return Delivery::None;
  return facts.param("blob").starts_with(kTestBlobs) ? Delivery::TestBlob : Delivery::Backup;
}

bool strikes_storage(const std::string& where, Delivery delivery) {
  const bool create = delivery == Delivery::TestMessage || delivery == Delivery::TestBlob;
  if (where == "create") return create;
  if (where == "delivery") return delivery == Delivery::Message;
  if (where == "backup") return delivery == Delivery::Backup;
  return delivery != Delivery::None;
}

}  // namespace

std::string_view fault_kind_name(FaultKind kind) {
  return std::find_if(std::begin(kNames), std::end(kNames),
                      [&](const Named& row) { return row.kind == kind; })
      ->name;
}

std::optional<FaultKind> find_fault_kind(std::string_view name) {
  for (const Named& row : kNames)
    if (iequals(row.name, name)) return row.kind;
  return std::nullopt;
}

bool concerns(const FaultAction& action, const RequestFacts& facts) {
  switch (action.kind) {
    case FaultKind::StorageDenied:
    case FaultKind::StorageMissing:
      return strikes_storage(action.variant, delivery_of(facts));
    case FaultKind::TrainingFailed:
    case FaultKind::TrainingStuck:
      return facts.operation == "TrainProject";
    case FaultKind::ExportFailed:
    case FaultKind::ExportStuck:
      return facts.operation == "ExportIteration";
    case FaultKind::ImportFailed:
      return facts.operation == "ImportProject";
    case FaultKind::NotificationEarly:
      return facts.operation == "TrainProject" || facts.operation == "ExportIteration";
    case FaultKind::NotificationLost:
    case FaultKind::NotificationDuplicated:
    case FaultKind::NotificationDelayed:
    case FaultKind::NotificationReordered:
    case FaultKind::NotificationMalformed:
      return delivery_of(facts) == Delivery::Message;
    case FaultKind::BackupMissing:
    case FaultKind::BackupTruncated:
      return delivery_of(facts) == Delivery::Backup;
    case FaultKind::ListOrder:
      return facts.method == "GET" && facts.service == "customvision";
    default:
      return true;
  }
}

}  // namespace cvemu
