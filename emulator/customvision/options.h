// How the Custom Vision endpoint behaves; part of cvemu::Options.
#pragma once
#include <string>
#include <vector>

#include "base/clock.h"
#include "customvision/limits.h"
#include "storage/foreign_accounts.h"

namespace cvemu::customvision {

struct CustomVisionOptions {
  // Valid keys; empty: any non-empty key will do.
  std::vector<std::string> training_keys, prediction_keys;
  Duration training_time{0}, export_time{0};           // on the emulator's clock
  Duration test_blob_time = std::chrono::seconds(60);  // how long the blob of the connection test can be seen
  bool base64_notifications = false;
  limits::Tier tier = limits::kUnlimited;
  ForeignAccounts foreign_accounts{};  // where queues and containers may be, besides here
};

}  // namespace cvemu::customvision
