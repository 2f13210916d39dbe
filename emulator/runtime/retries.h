// How a client's second try of a call is known: the same request, soon after an answer that invites one.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "http/message.h"

namespace cvemu {

using WallTime = std::chrono::system_clock::time_point;

// Whether a client may be expected to send the same request again after this answer; 0: there was none.
bool invites_retry(int status);
// How long after a bad answer the same request counts as a retry of it.
constexpr std::chrono::seconds kRetryWindow{120};
// Equal for the tries of one call: method, URL and body. Client request ids differ between tries of some
// clients.
std::size_t retry_key(Method method, std::string_view target, std::uint64_t length, std::string_view body);

}  // namespace cvemu
