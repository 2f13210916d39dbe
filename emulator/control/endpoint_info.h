// Where the emulator can be reached, and what it knows of the service; said by the Emulator, which outlives
// it.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/accounts.h"

namespace cvemu::control {

struct EndpointInfo {
  std::string scheme, host;  // host as it stands in a URL
  int port = 0, blob_port = 0, queue_port = 0;
  std::optional<int> table_port;  // unset: closed
  const Accounts& accounts;       // the first is the user's
  std::vector<std::string_view> tiers, training_versions, prediction_versions;
  // Names of the endpoints that do not answer yet. Any thread.
  std::function<std::vector<std::string>()> waiting_for;
};

}  // namespace cvemu::control
