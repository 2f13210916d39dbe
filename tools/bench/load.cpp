// A closed-loop HTTP/1.1 load client: every connection sends its next request as soon as the last answer is
// whole. One thread and epoll, so that it costs little beside the server that is measured.
//
//   load 127.0.0.1:10001 --connections 8 --seconds 2 put.http get.http
//
// Each file holds one raw request, head and body as they go over the wire (so the Content-Length must be
// right); several are sent in turn. Eight number signs in a request ("########") become a running number of
// eight digits, for new names; it starts at 0, or with --first N. "Connection: close" in a request makes a
// new connection each time.
#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

using SteadyClock = std::chrono::steady_clock;

struct Options {
  std::string host, port;
  std::size_t connections = 1;
  double seconds = 0;
  std::uint64_t count = 0, warm_up = 0, first = 0;
  bool json = false;
  std::vector<std::string> requests;
};

// What one answer has told so far.
struct Answer {
  std::string bytes;  // the head; with chunks also the body, which must be read to find its end
  std::size_t head_size = 0;
  std::uint64_t body_left = 0;
  int status = 0;
  bool chunked = false, closes = false;
};

constexpr std::string_view kNumberSigns = "########";

// A request, and where its number signs are.
struct Pattern {
  explicit Pattern(const std::string& request) : text(request), to_head(request.starts_with("HEAD ")) {
    for (auto at = text.find(kNumberSigns); at != std::string::npos;
         at = text.find(kNumberSigns, at + kNumberSigns.size()))
      signs.push_back(at);
  }
  std::string text;
  std::vector<std::size_t> signs;
  bool to_head;
};

struct Connection {
  int socket = -1;
  const Pattern* pattern = nullptr;  // of `out`
  std::string out;
  std::size_t sent = 0;
  Answer answer;
  SteadyClock::time_point begun;
};

struct Tally {
  std::uint64_t answered = 0, broken = 0, reconnects = 0;
  std::map<int, std::uint64_t> statuses;
  std::vector<float> micros;
};

[[noreturn]] void fail(const std::string& what) {
  throw std::runtime_error(what);
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return out;
}

// The value of a header in a lower-case head; "" if absent.
std::string_view field(std::string_view head, std::string_view name) {
  const auto at = head.find("\r\n" + std::string(name) + ":");
  if (at == std::string_view::npos) return "";
  auto value = head.substr(at + name.size() + 3);
  value = value.substr(0, value.find("\r\n"));
  value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
  return value;
}

template <class Number>
Number number(std::string_view text, int base = 10) {
  Number value{};
  std::from_chars(text.data(), text.data() + text.size(), value, base);
  return value;
}

// Whether the chunks from `at` on are complete.
bool chunks_end(std::string_view bytes, std::size_t at) {
  for (;;) {
    const auto line_end = bytes.find("\r\n", at);
    if (line_end == std::string_view::npos) return false;
    const auto size = number<std::uint64_t>(bytes.substr(at, line_end - at), 16);
    if (size == 0) return bytes.find("\r\n\r\n", line_end) != std::string_view::npos;
    at = line_end + 2 + size + 2;
    if (at > bytes.size()) return false;
  }
}

void read_head(Answer& answer, bool to_head) {
  const auto end = answer.bytes.find("\r\n\r\n");
  if (end == std::string::npos) return;
  answer.head_size = end + 4;
  const std::string head = lower(std::string_view(answer.bytes).substr(0, end + 2));
  answer.status = number<int>(std::string_view(head).substr(9, 3));
  answer.closes = field(head, "connection") == "close";
  const bool bodiless = to_head || answer.status == 204 || answer.status == 304;
  answer.chunked = !bodiless && field(head, "transfer-encoding") == "chunked";
  answer.body_left = bodiless ? 0 : number<std::uint64_t>(field(head, "content-length"));
}

// Takes bytes as they come; true when the answer is whole.
bool take(Answer& answer, bool to_head, std::string_view bytes) {
  if (answer.head_size > 0 && !answer.chunked) {
    answer.body_left -= std::min<std::uint64_t>(answer.body_left, bytes.size());
    return answer.body_left == 0;
  }
  answer.bytes += bytes;
  if (answer.head_size == 0) {
    read_head(answer, to_head);
    if (answer.head_size == 0) return false;
    if (!answer.chunked)
      answer.body_left -= std::min<std::uint64_t>(answer.body_left, answer.bytes.size() - answer.head_size);
  }
  return answer.chunked ? chunks_end(answer.bytes, answer.head_size) : answer.body_left == 0;
}

class Load {
 public:
  explicit Load(const Options& options)
      : options_(options),
        patterns_(options.requests.begin(), options.requests.end()),
        epoll_(::epoll_create1(EPOLL_CLOEXEC)),
        counter_(options.first) {
    resolve();
  }
  ~Load() {
    for (const auto& connection : connections_)
      if (connection->socket >= 0) ::close(connection->socket);
    ::close(epoll_);
  }
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;

  Tally run() {
    for (std::size_t i = 0; i < options_.connections; ++i) {
      connections_.push_back(std::make_unique<Connection>());
      connect(*connections_.back());
      begin_request(*connections_.back());
    }
    tally_.micros.reserve(1 << 20);
    epoll_event events[256];
    while (!finished()) {
      const int ready = ::epoll_wait(epoll_, events, 256, 1000);
      for (int i = 0; i < ready && !finished(); ++i)
        serve(*static_cast<Connection*>(events[i].data.ptr), events[i].events);
    }
    seconds_ = std::chrono::duration<double>(SteadyClock::now() - start_).count();
    return tally_;
  }
  double seconds() const { return seconds_; }

 private:
  void resolve() {
    addrinfo hints{}, *found = nullptr;
    hints.ai_socktype = SOCK_STREAM;
    if (::getaddrinfo(options_.host.c_str(), options_.port.c_str(), &hints, &found) != 0)
      fail("no such host: " + options_.host);
    std::memcpy(&address_, found->ai_addr, found->ai_addrlen);
    address_size_ = found->ai_addrlen;
    ::freeaddrinfo(found);
  }

  void connect(Connection& connection) {
    connection.socket = ::socket(address_.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (::connect(connection.socket, reinterpret_cast<const sockaddr*>(&address_), address_size_) != 0)
      fail("cannot connect to " + options_.host + ':' + options_.port + ": " + std::strerror(errno));
    const int yes = 1;
    ::setsockopt(connection.socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = &connection;
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, connection.socket, &event);
  }

  void reconnect(Connection& connection) {
    ::close(connection.socket);
    ++tally_.reconnects;
    connect(connection);
  }

  void begin_request(Connection& connection) {
    const Pattern& pattern = patterns_[next_request_++ % patterns_.size()];
    if (connection.pattern != &pattern)
      connection.out = pattern.text;  // a large body is not copied each time
    connection.pattern = &pattern;
    char digits[9];
    std::snprintf(digits, sizeof digits, "%08llu", static_cast<unsigned long long>(counter_ % 100000000));
    for (const std::size_t at : pattern.signs) connection.out.replace(at, kNumberSigns.size(), digits);
    if (!pattern.signs.empty()) ++counter_;
    connection.sent = 0;
    connection.answer = {};
    connection.begun = SteadyClock::now();
    write(connection);
  }

  void watch(Connection& connection, bool writing) {
    epoll_event event{};
    event.events = EPOLLIN | (writing ? EPOLLOUT : 0u);
    event.data.ptr = &connection;
    ::epoll_ctl(epoll_, EPOLL_CTL_MOD, connection.socket, &event);
  }

  // False if some of the request is still to be sent.
  bool write(Connection& connection) {
    const std::string_view left = std::string_view(connection.out).substr(connection.sent);
    const ssize_t count = ::send(connection.socket, left.data(), left.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count > 0) connection.sent += static_cast<std::size_t>(count);
    const bool whole = connection.sent == connection.out.size();
    if (!whole) watch(connection, true);
    return whole;
  }

  void serve(Connection& connection, std::uint32_t events) {
    if ((events & EPOLLOUT) != 0 && write(connection)) watch(connection, false);
    if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) == 0) return;
    const ssize_t count = ::recv(connection.socket, buffer_.data(), buffer_.size(), MSG_DONTWAIT);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (count <= 0) return lose(connection);
    if (!take(connection.answer, connection.pattern->to_head,
              {buffer_.data(), static_cast<std::size_t>(count)}))
      return;
    note(connection);
    if (connection.answer.closes) reconnect(connection);
    if (!finished()) begin_request(connection);
  }

  // An idle connection may be closed by the server at any time; only a half answer is a fault of it.
  void lose(Connection& connection) {
    if (!connection.answer.bytes.empty()) ++tally_.broken;
    if (++losses_ > 1000 + tally_.answered) fail("the server closes every connection");
    reconnect(connection);
    begin_request(connection);
  }

  void note(const Connection& connection) {
    if (++answered_in_all_ <= options_.warm_up) {
      start_ = SteadyClock::now();
      return;
    }
    const std::chrono::duration<float, std::micro> time = SteadyClock::now() - connection.begun;
    tally_.micros.push_back(time.count());
    ++tally_.statuses[connection.answer.status];
    ++tally_.answered;
  }

  bool finished() const {
    if (answered_in_all_ < options_.warm_up) return false;
    if (options_.count > 0) return tally_.answered >= options_.count;
    return std::chrono::duration<double>(SteadyClock::now() - start_).count() >= options_.seconds;
  }

  const Options& options_;
  const std::vector<Pattern> patterns_;
  const int epoll_;
  sockaddr_storage address_{};
  socklen_t address_size_ = 0;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::vector<char> buffer_ = std::vector<char>(256 * 1024);
  std::uint64_t next_request_ = 0, counter_, answered_in_all_ = 0, losses_ = 0;
  Tally tally_;
  SteadyClock::time_point start_ = SteadyClock::now();
  double seconds_ = 0;
};

double percentile(std::vector<float>& values, double share) {
  if (values.empty()) return 0;
  const auto at = static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + at, values.end());
  return values[static_cast<std::size_t>(at)];
}

void report(Tally tally, double seconds, bool json) {
  const double rate = static_cast<double>(tally.answered) / seconds;
  const double p50 = percentile(tally.micros, 0.50), p99 = percentile(tally.micros, 0.99);
  std::string statuses;
  for (const auto& [status, count] : tally.statuses) {
    if (!statuses.empty()) statuses += json ? "," : " ";
    statuses +=
        (json ? '"' + std::to_string(status) + "\":" : std::to_string(status) + ':') + std::to_string(count);
  }
  const char* const format = json ? "{\"perSecond\":%.1f,\"p50Us\":%.1f,\"p99Us\":%.1f,\"answered\":%llu,"
                                    "\"broken\":%llu,\"reconnects\":%llu,"
                                    "\"seconds\":%.3f,\"statuses\":{%s}}\n"
                                  : "%.0f req/s  p50 %.1f us  p99 %.1f us  answered %llu  broken %llu  "
                                    "reconnects %llu  in %.3f s  %s\n";
  std::printf(format, rate, p50, p99, static_cast<unsigned long long>(tally.answered),
              static_cast<unsigned long long>(tally.broken),
              static_cast<unsigned long long>(tally.reconnects), seconds, statuses.c_str());
}

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) fail("cannot read " + path);
  return {std::istreambuf_iterator<char>(file), {}};
}

Options parse(const std::vector<std::string>& words) {
  Options options;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto value = [&] {
      if (i + 1 == words.size()) fail(words[i] + " needs a value");
      return words[++i];
    };
    if (words[i] == "--connections")
      options.connections = number<std::size_t>(value());
    else if (words[i] == "--seconds")
      options.seconds = std::stod(value());
    else if (words[i] == "--count")
      options.count = number<std::uint64_t>(value());
    else if (words[i] == "--warm-up")
      options.warm_up = number<std::uint64_t>(value());
    else if (words[i] == "--first")
      options.first = number<std::uint64_t>(value());
    else if (words[i] == "--json")
      options.json = true;
    else if (options.host.empty())
      options.host = words[i];
    else
      options.requests.push_back(read_file(words[i]));
  }
  const auto colon = options.host.rfind(':');
  if (colon == std::string::npos || options.requests.empty() || options.connections == 0)
    fail(
        "usage: load HOST:PORT [--connections N] [--seconds S | --count N] [--warm-up N] [--json] "
        "REQUEST_FILE...");
  options.port = options.host.substr(colon + 1);
  options.host.resize(colon);
  if (options.count == 0 && options.seconds <= 0) options.seconds = 1;
  return options;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const Options options = parse({argv + 1, argv + argc});
    Load load(options);
    Tally tally = load.run();
    report(std::move(tally), load.seconds(), options.json);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "load: %s\n", error.what());
    return 1;
  }
}
