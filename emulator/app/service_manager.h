// Tells systemd how far the program is, if that started it (sd_notify(3)): $NOTIFY_SOCKET names a datagram
// socket, and "@" at its front an abstract one.
#pragma once
#include <string_view>

namespace cvemu {

// "READY=1" or "STOPPING=1". Does nothing without the variable, or if nobody listens there.
void tell_service_manager(std::string_view state);

}  // namespace cvemu
