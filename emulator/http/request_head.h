// The head of an HTTP/1 request, read from its bytes (RFC 9112). No sockets here.
// Header values are handed on byte for byte: nothing is decoded, because clients sign what they send.
#pragma once
#include <cstddef>
#include <cstdint>
#include <exception>
#include <optional>
#include <string_view>

#include "http/message.h"

namespace cvemu {

// Emulator: limits of our own, wide enough for a long SAS and the 8 KiB of metadata that a blob may have.
inline constexpr std::size_t kMaxHead = 64 * 1024;
inline constexpr std::size_t kMaxTarget = 32 * 1024;

// What came is not a request. Answered with `status` and closed: where the next request would begin is
// unknown.
struct WireError : std::exception {
  WireError(int status_code, const char* reason) : status(status_code), why(reason) {}
  const char* what() const noexcept override { return why; }

  int status;
  const char* why;
};

struct RequestHead {
  Request request;
  int minor_version = 1;  // of HTTP/1.x: 0, or 1 for all newer ones
  bool keep_alive = true;
  bool has_host = false;
  bool expects_continue = false;
  bool chunked = false;                 // wins over a length, as RFC 9112 6.3 wants
  std::optional<std::uint64_t> length;  // Content-Length; absent means no body, whatever the method

  bool has_body() const { return chunked || length.value_or(0) > 0; }
};

// Where the head ends (just behind its empty line); 0 if that has not come yet. Lines may end in LF alone.
// `from`: the result of an earlier look at a shorter text may be skipped; pass that text's size.
std::size_t find_head_end(std::string_view bytes, std::size_t from = 0);
// `head` is what find_head_end measured, without empty lines before the request line. Throws WireError.
RequestHead parse_head(std::string_view head);

// Whether a list header such as Connection names the token, in any case.
bool lists_token(std::string_view list, std::string_view token);

}  // namespace cvemu
