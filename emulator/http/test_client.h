// For tests: a client that says exactly what it is told, byte for byte.
#pragma once
#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include <cstdint>

#include <string>
#include <string_view>
#include <utility>

#include "base/text.h"

namespace cvemu {

class TestClient {
 public:
  // Connects to 127.0.0.1.
  explicit TestClient(int port) : TestClient() { REQUIRE(connect(port)); }
  TestClient() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval patience{20, 0};  // a broken server must not hang the tests
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  }
  TestClient(TestClient&& other) noexcept : socket_(std::exchange(other.socket_, -1)) {}
  ~TestClient() { hang_up(); }

  bool connect(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return ::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }
  void hang_up() {
    if (socket_ >= 0) ::close(std::exchange(socket_, -1));
  }

  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
  }
  // One answer with its Content-Length bytes, head and all; what came before the end if it is cut short.
  std::string read_answer() {
    std::size_t head = 0;
    while ((head = received_.find("\r\n\r\n")) == std::string::npos)
      if (!receive()) return std::exchange(received_, "");
    const std::size_t size = head + 4 + length_in(std::string_view(received_).substr(0, head));
    while (received_.size() < size && receive()) {
    }
    const std::string answer = received_.substr(0, size);
    received_.erase(0, size);
    return answer;
  }
  // Head and `size` bytes of the body, and whatever came along with them.
  std::string read_some(std::size_t size) {
    std::size_t head = 0;
    while ((head = received_.find("\r\n\r\n")) == std::string::npos || received_.size() < head + 4 + size)
      if (!receive()) break;
    return std::exchange(received_, "");
  }
  // Nothing has come that was not read.
  bool is_quiet() {
    char byte;
    return received_.empty() && ::recv(socket_, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0;
  }
  std::string read_to_end() {
    while (receive()) {
    }
    return std::exchange(received_, "");
  }
  std::string ask(std::string_view request) {
    REQUIRE(send(request));
    return read_answer();
  }

 private:
  static std::size_t length_in(std::string_view head) {
    constexpr std::string_view kName = "\r\nContent-Length: ";
    const auto at = head.find(kName);
    if (at == std::string_view::npos) return 0;
    const auto value = head.substr(at + kName.size());
    return static_cast<std::size_t>(parse_int(value.substr(0, value.find('\r'))).value_or(0));
  }
  bool receive() {
    char bytes[16384];
    const ssize_t count = ::recv(socket_, bytes, sizeof bytes, 0);
    if (count > 0) received_.append(bytes, static_cast<std::size_t>(count));
    return count > 0;
  }

  int socket_;
  std::string received_;
};

}  // namespace cvemu
