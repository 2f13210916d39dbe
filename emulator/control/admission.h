// Who may steer, before anything else is looked at.
#pragma once
#include <string_view>

#include "http/host_policy.h"
#include "http/service.h"

namespace cvemu::control {

// Throws ApiError: 421 for a Host that is not ours, 403 for a request that a web page of another origin sent,
// 401 without the token if there is one (`token` not empty). Requests from inside the emulator pass.
void admit(const Exchange& exchange, const HostPolicy& hosts, std::string_view token);

}  // namespace cvemu::control
