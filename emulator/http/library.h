// cpp-httplib, of any version from 0.11 (Debian 12) on. What its versions do differently is met here and
// nowhere else; listener.cpp and transport.cpp include this file instead of the library's own.
#pragma once
#include <httplib.h>

#include <functional>
#include <utility>

namespace cvemu::library {

// Nothing up to 0.13; later whether the queue took the task.
using Enqueued = decltype(std::declval<httplib::TaskQueue&>().enqueue(std::function<void()>()));

// The target goes over the wire as it is. The option has another name since 0.22.
template <class Client>
void leave_target_alone(Client& client) {
  if constexpr (requires { client.set_path_encode(false); })
    client.set_path_encode(false);
  else
    client.set_url_encode(false);
}

}  // namespace cvemu::library
