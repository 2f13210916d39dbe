// A whole emulator behind its sockets. The first line chooses the endpoint: vision, blob or queue; with
// " signed" behind a storage service the head is signed, so that it gets past authentication. Requests of
// Custom Vision bring any key themselves.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/text.h"
#include "http/request_head.h"
#include "storage/shared_key.h"
#include "test_emulator.h"

namespace {

using namespace cvemu;

Options options_with_contents() {
  Options options = fuzz::quiet_options();
  options.create_containers = {"con"};
  options.create_queues = {"que"};
  return options;
}

struct TestEmulator {
  TestEmulator() { emulator.control().snapshot("start"); }
  void forget() { emulator.control().restore("start"); }

  Emulator emulator{options_with_contents()};
};

TestEmulator& test_emulator() {
  static TestEmulator test;
  return test;
}

Emulator& emulator() {
  return test_emulator().emulator;
}

// A connection that sends all of it, and hears the answer to its end.
class Client {
 public:
  explicit Client(int port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    fuzz::expect(::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0,
                 "the emulator can be reached");
  }
  ~Client() { ::close(socket_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  std::string ask(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count <= 0) break;
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    ::shutdown(socket_, SHUT_WR);
    std::string answer;
    char piece[16384];
    for (ssize_t count; (count = ::recv(socket_, piece, sizeof piece, 0)) > 0;)
      answer.append(piece, static_cast<std::size_t>(count));
    return answer;
  }

 private:
  const int socket_;
};

// The head once more, with a signature; the bytes as they are if they begin with no head.
std::string signed_bytes(std::string_view bytes) {
  static const Accounts accounts = Accounts::development();
  const std::size_t end = find_head_end(bytes);
  if (end == 0 || bytes.starts_with('\n') || bytes.starts_with("\r\n")) return std::string(bytes);
  try {
    Request request = parse_head(bytes.substr(0, end)).request;
    shared_key::sign(request, *accounts.find(kDevelopmentAccount), emulator().control().now());
    std::string out(bytes.substr(0, bytes.find(' ')));
    out += ' ' + request.target + " HTTP/1.1\r\n";
    for (const auto& [name, value] : request.headers) out += name + ": " + value + "\r\n";
    return out.append("\r\n").append(bytes.substr(end));
  } catch (const WireError&) {
    return std::string(bytes);
  }
}

// Not what waits, ends the program, takes long on purpose, or makes the emulator call an address of this
// machine.
bool is_tried(std::string_view bytes) {
  const std::string text = to_lower(bytes);
  for (const std::string_view word : {"/wait", "/shutdown", "/advance", "/scenarios", "/train", "/snapshots",
                                      "fault", "uri", "url", "source", "%"})
    if (text.find(word) != std::string::npos) return false;
  return true;
}

int port_of(std::string_view line) {
  if (line.starts_with("blob")) return emulator().blob_port();
  if (line.starts_with("queue")) return emulator().queue_port();
  return line.starts_with("vision") ? emulator().port() : 0;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view bytes = fuzz::text_of(data, size);
  const std::string_view line = fuzz::take_line(bytes);
  const int port = port_of(line);
  if (port == 0 || !is_tried(bytes)) return 0;
  const std::string answer =
      Client(port).ask(line.ends_with(" signed") ? signed_bytes(bytes) : std::string(bytes));
  fuzz::expect(answer.empty() || answer.starts_with("HTTP/1.1 "), "an answer is HTTP");
  test_emulator().forget();
  return 0;
}
