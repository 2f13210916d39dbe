#include "http/listener.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <mutex>
#include <set>

#include "base/system_errors.h"
#include "http/connection.h"
#include "http/library.h"
#include "http/threads.h"

namespace cvemu {

namespace {

constexpr int kBacklog = 1024;
// How long an answer may take to leave once the listener is closing, if its client does not read it.
constexpr std::chrono::seconds kLastWrites{5};
constexpr std::chrono::milliseconds kAcceptPause{10};

// Only SO_REUSEADDR: with SO_REUSEPORT, the library's default, two emulators would share a port.
void reuse_address(int socket) {
  const int yes = 1;
  ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
}

std::string address_of_peer(int socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (::getpeername(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) return "";
  char text[NI_MAXHOST];
  if (::getnameinfo(reinterpret_cast<sockaddr*>(&address), size, text, sizeof text, nullptr, 0,
                    NI_NUMERICHOST))
    return "";
  constexpr std::string_view kMapped = "::ffff:";  // an IPv4 client of a socket for both families
  const std::string_view numeric = text;
  return std::string(numeric.starts_with(kMapped) ? numeric.substr(kMapped.size()) : numeric);
}

// A request line begins with a letter, a TLS greeting never does.
bool speaks_plain_http(int socket) {
  char first = 0;
  return ::recv(socket, &first, 1, MSG_PEEK) == 1 && first >= 'A' && first <= 'Z';
}

Response ask_for_https(const Request&, Body&, const Peer&) {
  Response response;
  response.status = 400;
  response.headers.add("Content-Type", "text/plain");
  response.headers.add("Connection", "close");
  response.body = "https:// is spoken here, not http://\n";
  return response;
}

// Hands what the accept loop brings to threads that outlive it.
class Relay : public httplib::TaskQueue {
 public:
  explicit Relay(ElasticThreads& threads) : threads_(threads) {}
  library::Enqueued enqueue(std::function<void()> task) override {
    try {
      threads_.run(std::move(task));
    } catch (const std::bad_alloc&) {
      // The accept loop goes on; this connection is not served.
    }
    return library::Enqueued(true);
  }
  void shutdown() override {}

 private:
  ElasticThreads& threads_;
};

}  // namespace

// The library binds, listens and accepts; what happens on a connection is ours.
class Listener::Server : public httplib::Server {
 public:
  Server(const std::string& host, int port, cvemu::Handler handler,
         const std::optional<TlsIdentity>& identity);
  ~Server() override { close(); }

  int port() const { return port_; }
  void open() {
    threads_.run([this] { accept_connections(); });
  }
  void close();

 private:
  void accept_connections();
  bool listen_again();
  bool process_and_close_socket(socket_t socket) override;
  void serve(int socket);
  bool enter(int socket);
  void leave(int socket);
  void shut_open_sockets(int how);

  const cvemu::Handler handler_;
  std::optional<TlsContext> tls_;
  int port_ = 0;
  // The same listening socket once more. The library closes its own when accept fails; then this one helps
  // out. Closing it at the end frees a descriptor, which accept needs to notice that the listener is closed.
  int spare_ = -1;

  std::atomic<bool> stopping_ = false;
  std::mutex mutex_;  // of open_ and spare_
  std::condition_variable left_;
  std::set<int> open_;
  ElasticThreads threads_;
};

Listener::Server::Server(const std::string& host, int port, cvemu::Handler handler,
                         const std::optional<TlsIdentity>& identity)
    : handler_(std::move(handler)) {
  if (identity) tls_.emplace(*identity);
  set_socket_options(reuse_address);
  set_tcp_nodelay(true);  // inherited by the accepted sockets
  set_read_timeout(kSocketWait);
  set_write_timeout(kSocketWait);
  new_task_queue = [this] { return new Relay(threads_); };

  errno = 0;
  port_ = port == 0 ? bind_to_any_port(host) : bind_to_port(host, port) ? port : -1;
  if (port_ > 0) {
    ::listen(svr_sock_, kBacklog);  // the library's own backlog is 5
    spare_ = ::fcntl(svr_sock_, F_DUPFD_CLOEXEC, 0);
  }
  if (spare_ < 0) {
    const std::error_code error(errno, std::generic_category());
    const std::string why = error ? plain_reason(error) : "it is no address of this machine";
    if (svr_sock_ != INVALID_SOCKET) ::close(svr_sock_);
    throw ListenError("cannot listen on " + host + ':' + std::to_string(port) + ": " + why, host, port,
                      error == std::errc::address_in_use);
  }
}

void Listener::Server::accept_connections() {
  do {
    listen_after_bind();
    svr_sock_ = INVALID_SOCKET;  // closed by the library
  } while (listen_again());
}

// The accept loop ends with the listener, but also when memory or descriptors are short for a moment.
bool Listener::Server::listen_again() {
  std::unique_lock lock(mutex_);
  if (left_.wait_for(lock, kAcceptPause, [this] { return stopping_.load(); })) return false;
  svr_sock_ = ::fcntl(spare_, F_DUPFD_CLOEXEC, 0);
  return true;
}

void Listener::Server::close() {
  {
    std::unique_lock lock(mutex_);
    if (stopping_.exchange(true)) return;
    ::shutdown(spare_, SHUT_RDWR);  // of both descriptors: accept fails from now on
    ::close(spare_);
    shut_open_sockets(SHUT_RD);
    left_.notify_all();
    if (!left_.wait_for(lock, kLastWrites, [this] { return open_.empty(); })) shut_open_sockets(SHUT_RDWR);
  }
  threads_.join();
  if (svr_sock_ != INVALID_SOCKET) ::close(svr_sock_);  // never opened
}

void Listener::Server::shut_open_sockets(int how) {
  for (const int socket : open_) ::shutdown(socket, how);
}

bool Listener::Server::enter(int socket) {
  std::lock_guard lock(mutex_);
  if (!stopping_) open_.insert(socket);
  return !stopping_;
}

void Listener::Server::leave(int socket) {
  std::lock_guard lock(mutex_);
  open_.erase(socket);
  left_.notify_all();
}

void Listener::Server::serve(int socket) {
  Peer peer;
  peer.address = address_of_peer(socket);
  peer.encrypted = tls_.has_value();
  if (tls_ && speaks_plain_http(socket)) {
    SocketStream stream(socket);
    Connection(stream, ask_for_https, peer, stopping_).serve();
  } else if (tls_) {
    TlsStream stream(*tls_, socket);
    if (stream.shake_hands()) Connection(stream, handler_, peer, stopping_).serve();
  } else {
    SocketStream stream(socket);
    Connection(stream, handler_, peer, stopping_).serve();
  }
}

bool Listener::Server::process_and_close_socket(socket_t socket) {
  ::fcntl(socket, F_SETFD, FD_CLOEXEC);
  if (enter(socket)) {
    try {
      serve(socket);
    } catch (const std::exception&) {
      // No memory even to begin: the client sees a closed connection and tries again.
    }
    leave(socket);
  }
  ::close(socket);
  return true;
}

Listener::Listener(const std::string& host, int port, Handler handler, std::optional<TlsIdentity> identity)
    : server_(std::make_unique<Server>(host, port, std::move(handler), identity)) {}
Listener::~Listener() = default;
int Listener::port() const {
  return server_->port();
}
void Listener::start() {
  server_->open();
  started_ = true;
}
void Listener::stop() {
  server_->close();
}

}  // namespace cvemu
