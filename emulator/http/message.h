// HTTP as values. Everything above the edge speaks in these types; a socket is only one way to get a Request.
#pragma once
#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace cvemu {

enum class Method { Get, Head, Post, Put, Delete, Patch, Options, Other };
std::string_view method_name(Method method);
Method parse_method(std::string_view name);  // case matters (RFC 9110); unknown ones are Other

// Header fields in the order sent, values byte for byte as on the wire (blanks at both ends removed, empty
// values kept). Names compare without case and keep the spelling they came with.
class Headers {
 public:
  struct Field {
    std::string name, value;
  };

  void add(std::string_view name, std::string_view value);
  void set(std::string_view name, std::string_view value);  // replaces the first of that name, or adds it
  void erase(std::string_view name);
  void reserve(std::size_t count) { fields_.reserve(count); }

  std::optional<std::string_view> find(std::string_view name) const;  // the first of that name
  std::string_view get(std::string_view name) const;                  // "" if absent
  bool has(std::string_view name) const { return find(name).has_value(); }
  auto begin() const { return fields_.begin(); }
  auto end() const { return fields_.end(); }
  std::size_t size() const { return fields_.size(); }

 private:
  std::vector<Field> fields_;
};

// What a request is about that the emulator itself sends to a user's storage, said by who sends it. Not a
// part of the message: it is known only where the request stays in the process.
struct Delivery {
  enum class Kind { None, ConnectionTest, Notification, Backup };
  Kind kind = Kind::None;
  std::string project, iteration;  // ids; "" for none
};

struct Request {
  Method method = Method::Get;
  std::string target;  // raw, origin form: "/path?query"
  Headers headers;
  Delivery delivery{};

  std::string_view raw_path() const;   // target up to '?'
  std::string_view raw_query() const;  // after '?', or empty
};

// The client sent more than the reader was ready to take.
struct BodyTooLarge : std::exception {
  const char* what() const noexcept override { return "the request body is larger than allowed"; }
};

// The client went away or broke the framing in mid-body; nobody is left to answer.
struct ClientGone : std::exception {
  const char* what() const noexcept override { return "the client went away"; }
};

// The bytes after the head. Read at most once, by one thread; may block, so never inside a Transaction
// (std::logic_error). What is left unread is the edge's business, not the reader's.
class Body {
 public:
  virtual ~Body() = default;
  // Content-Length as announced; nullopt for chunked framing. 0 if the request has no body.
  virtual std::optional<std::uint64_t> length() const = 0;
  // Hands on the bytes piece by piece. Throws ClientGone if they end too early.
  virtual void each(const std::function<void(std::string_view)>& take) = 0;
  // All of it. Throws BodyTooLarge beyond `limit` bytes.
  std::string all(std::size_t limit);
};

class StringBody : public Body {
 public:
  explicit StringBody(std::string bytes) : bytes_(std::move(bytes)) {}
  std::optional<std::uint64_t> length() const override { return bytes_.size(); }
  void each(const std::function<void(std::string_view)>& take) override;

 private:
  std::string bytes_;
};

// An answer's body that is made while it is sent. `produce` calls `sink` with exactly `length` bytes in all;
// an exception cuts the connection. Runs on the connection's thread, outside any Transaction; the pieces it
// hands over are written before sink returns.
struct Stream {
  std::uint64_t length = 0;
  std::function<void(const std::function<void(std::string_view)>& sink)> produce;
};

// What is to go wrong with an answer on its way out: a test asked for it (faults/actions.h). Only the
// connection carries it out; an answer that stays in the process arrives whole or, if it would break off, not
// at all.
struct WireFault {
  enum class Kind {
    Reset,     // the connection is reset; the client sees an error of its socket
    Empty,     // the connection ends without a byte
    Truncate,  // the body ends too early
    Corrupt,   // one byte of the body is another
    Slow,      // the body comes in small pieces with pauses
    Stall,     // nothing more comes for `pause`, then the rest
  };
  Kind kind = Kind::Reset;
  std::uint64_t after = 0;             // bytes of the body that are sent as they should be
  std::uint64_t piece = 1;             // Slow: bytes between two pauses
  std::chrono::milliseconds pause{0};  // real time; ends early when the client leaves or the listener closes

  bool breaks_off() const { return kind == Kind::Reset || kind == Kind::Empty || kind == Kind::Truncate; }
};

struct Response {
  int status = 200;
  Headers headers;
  std::variant<std::string, Stream> body;
  bool shows_pending = false;  // the answer shows something that time will change: a training, an empty queue
  std::optional<WireFault> wire_fault{};

  std::uint64_t body_length() const;
};

// Takes the body's bytes; a stream is read to its end, on this thread and with no Transaction open.
std::string take_body(Response& response);

// A request that cannot succeed. Thrown by handlers through the named functions of each service's errors.h,
// and turned into an answer by Service::render.
struct ApiError : std::exception {
  ApiError(int status_code, std::string error_code, std::string error_message)
      : status(status_code), code(std::move(error_code)), message(std::move(error_message)) {}
  const char* what() const noexcept override { return message.c_str(); }

  int status;
  std::string code, message;
  std::vector<std::pair<std::string, std::string>> details;  // extra elements of a storage error
  Headers headers;                                           // extra headers of the answer
};

}  // namespace cvemu
