// A listener: one listening port. Reads requests off the wire byte for byte, hands them to a handler, writes
// the answers. A thread per connection; idle keep-alive connections cost a parked thread and nothing else.
#pragma once
#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

#include "http/message.h"
#include "http/service.h"
#include "http/tls.h"

namespace cvemu {

// Called on the connection's thread. ClientGone closes the connection without an answer.
using Handler = std::function<Response(const Request&, Body&, const Peer&)>;

// The address cannot be listened on: in use, not ours, not allowed. what() names address and reason.
struct ListenError : std::runtime_error {
  ListenError(const std::string& text, std::string at_host, int at_port, bool taken)
      : std::runtime_error(text), host(std::move(at_host)), port(at_port), in_use(taken) {}
  std::string host;
  int port;
  bool in_use;  // by another program, most likely
};

class Listener {
 public:
  // Binds at once (port 0: any free one), so that port() may be announced; connections made before start()
  // wait. Throws ListenError. Two listeners never share a port. With an identity it speaks HTTPS only,
  // and TlsError is possible. SIGPIPE is ignored in the whole process from the first Listener on (the HTTP
  // library does that).
  Listener(const std::string& host, int port, Handler handler, std::optional<TlsIdentity> identity = {});
  // Stops: closes the listener, lets running requests answer, drops idle connections. Takes milliseconds.
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  int port() const;
  void start();
  bool started() const { return started_; }
  void stop();  // as the destructor; may be called twice

 private:
  class Server;
  std::unique_ptr<Server> server_;
  std::atomic<bool> started_ = false;
};

}  // namespace cvemu
