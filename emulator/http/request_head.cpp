#include "http/request_head.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.h"

namespace cvemu {

namespace {

constexpr std::array<bool, 256> kTokenCharacters = [] {
  std::array<bool, 256> table{};
  for (int c = '0'; c <= '9'; ++c) table[static_cast<std::size_t>(c)] = true;
  for (int c = 'a'; c <= 'z'; ++c) table[static_cast<std::size_t>(c)] = true;
  for (int c = 'A'; c <= 'Z'; ++c) table[static_cast<std::size_t>(c)] = true;
  for (const char c : {'!', '#', '$', '%', '&', '\'', '*', '+', '-', '.', '^', '_', '`', '|', '~'})
    table[static_cast<unsigned char>(c)] = true;
  return table;
}();

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(),
                                      [](char c) { return kTokenCharacters[static_cast<unsigned char>(c)]; });
}

// "http://host/path" becomes "/path", and the host stands for the Host header (RFC 9112 3.2.2). The header
// itself is put in place once all are read.
std::string_view split_absolute(std::string_view target, std::string_view& host) {
  const auto start = target.find("://") + 3;
  const auto end = std::min(target.find_first_of("/?", start), target.size());
  host = target.substr(start, end - start);
  if (host.empty()) throw WireError(400, "the request target has no host");
  return target.substr(end);
}

void read_target(std::string_view target, RequestHead& head, std::string_view& host) {
  if (target.size() > kMaxTarget) throw WireError(414, "the request target is longer than 32 KiB");
  const bool unprintable = std::any_of(target.begin(), target.end(), [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == '\x7f';
  });
  if (target.empty() || unprintable)
    throw WireError(400, "the request target has blanks or control characters");
  if (istarts_with(target, "http://") || istarts_with(target, "https://")) {
    target = split_absolute(target, host);
    if (!target.starts_with('/')) head.request.target += '/';
  } else if (target[0] != '/' && target != "*") {
    throw WireError(400, "the request target does not begin with a slash");
  }
  head.request.target += target;
}

int read_minor_version(std::string_view version) {
  const bool well_formed = version.size() == 8 && version.starts_with("HTTP/") && version[6] == '.';
  if (!well_formed) throw WireError(400, "the request line does not end in HTTP/1.1");
  if (version[5] != '1') throw WireError(505, "only HTTP/1.0 and HTTP/1.1 are spoken here");
  if (version[7] != '0' && version[7] != '1')
    throw WireError(400, "only HTTP/1.0 and HTTP/1.1 are spoken here");
  return version[7] - '0';
}

void read_request_line(std::string_view line, RequestHead& head, std::string_view& host) {
  const auto first = line.find(' '), last = line.rfind(' ');
  if (first == std::string_view::npos || first == last)
    throw WireError(400, "the request line is not METHOD TARGET HTTP/1.1");
  const std::string_view method = line.substr(0, first);
  if (!is_token(method)) throw WireError(400, "the request method is not a word");
  head.minor_version = read_minor_version(line.substr(last + 1));
  head.keep_alive = head.minor_version > 0;
  head.request.method = parse_method(method);
  read_target(line.substr(first + 1, last - first - 1), head, host);
}

std::uint64_t read_length(std::string_view value) {
  std::uint64_t length = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), length);
  const bool whole = !value.empty() && end == value.data() + value.size();
  if (error != std::errc() || !whole || length > INT64_MAX)
    throw WireError(400, "Content-Length is not a number of bytes");
  return length;
}

// The fields that frame the message, or stand once. Everything else is for the handler.
void note_framing(std::string_view name, std::string_view value, RequestHead& head) {
  if (iequals(name, "Content-Length")) {
    const auto length = read_length(value);
    if (head.length && *head.length != length) throw WireError(400, "two different Content-Length headers");
    head.length = length;
  } else if (iequals(name, "Transfer-Encoding")) {
    if (head.chunked || !iequals(value, "chunked"))
      throw WireError(400, "the only Transfer-Encoding understood is chunked");
    head.chunked = true;
  } else if (iequals(name, "Connection")) {
    if (lists_token(value, "close")) head.keep_alive = false;
    if (head.minor_version == 0 && lists_token(value, "keep-alive")) head.keep_alive = true;
  } else if (iequals(name, "Expect")) {
    if (!value.empty() && !iequals(value, "100-continue"))
      throw WireError(417, "the only expectation understood is 100-continue");
    head.expects_continue = head.minor_version > 0 && !value.empty();
  } else if (iequals(name, "Host")) {
    if (head.has_host) throw WireError(400, "two Host headers");
    head.has_host = true;
  }
}

bool may_frame(std::string_view name) {
  const std::size_t size = name.size();
  return size == 14 || size == 17 || size == 10 || size == 6 || size == 4;
}

void read_field(std::string_view line, RequestHead& head) {
  if (line[0] == ' ' || line[0] == '\t') throw WireError(400, "a header is folded over two lines");
  const auto colon = line.find(':');
  const std::string_view name = line.substr(0, colon);
  if (colon == std::string_view::npos || !is_token(name)) throw WireError(400, "a header is not NAME: VALUE");
  const std::string_view value = trim(line.substr(colon + 1));
  if (value.find('\0') != std::string_view::npos || value.find('\r') != std::string_view::npos)
    throw WireError(400, "a header value has control characters");
  head.request.headers.add(name, value);
  if (may_frame(name)) note_framing(name, value, head);
}

constexpr std::size_t kUsualHeaderCount = 16;

}  // namespace

std::size_t find_head_end(std::string_view bytes, std::size_t from) {
  // An empty line may have begun two bytes before what is new.
  std::size_t at = from < 2 ? 0 : from - 2;
  while ((at = bytes.find('\n', at)) != std::string_view::npos) {
    const std::string_view next = bytes.substr(++at, 2);
    if (next.starts_with('\n')) return at + 1;
    if (next == "\r\n") return at + 2;
  }
  return 0;
}

RequestHead parse_head(std::string_view bytes) {
  RequestHead head;
  std::string_view host;
  head.request.headers.reserve(kUsualHeaderCount);
  read_request_line(take_line(bytes).value(), head, host);
  for (;;) {
    const std::string_view line = take_line(bytes).value();
    if (line.empty()) break;
    read_field(line, head);
  }
  if (!host.empty()) head.request.headers.set("Host", host);
  if (head.minor_version > 0 && !head.has_host && host.empty())
    throw WireError(400, "an HTTP/1.1 request has a Host header");
  if (head.chunked && head.length) {
    head.length.reset();
    head.keep_alive = false;
  }
  return head;
}

bool lists_token(std::string_view list, std::string_view token) {
  if (iequals(list, token)) return true;
  for (const std::string_view item : split(list, ','))
    if (iequals(trim(item), token)) return true;
  return false;
}

}  // namespace cvemu
