#include "http/wire_body.h"

#include <algorithm>
#include <charconv>

#include "base/blocking.h"
#include "base/text.h"

namespace cvemu {

namespace {

constexpr std::uint64_t kMaxSkip = 1024 * 1024;
constexpr std::size_t kMaxChunkLine = 16 * 1024;  // of size and extensions, or one trailer
constexpr std::size_t kMaxTrailers = 64 * 1024;

std::optional<std::uint64_t> announced_length(const RequestHead& head) {
  return head.chunked ? std::nullopt : std::optional(head.length.value_or(0));
}

// "1a;name=value": the extensions mean nothing to us.
std::optional<std::uint64_t> parse_chunk_size(std::string_view line) {
  const std::string_view digits = trim(line.substr(0, line.find(';')));
  std::uint64_t size = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), size, 16);
  const bool whole = !digits.empty() && end == digits.data() + digits.size();
  return error == std::errc() && whole ? std::optional(size) : std::nullopt;
}

}  // namespace

WireBody::WireBody(const RequestHead& head, InputBuffer& input, ByteStream& stream)
    : input_(input),
      stream_(stream),
      length_(announced_length(head)),
      left_(length_.value_or(0)),
      awaited_(head.expects_continue),
      finished_(!head.has_body()) {}

void WireBody::each(const std::function<void(std::string_view)>& take) {
  forbid_blocking_here("reading a request body");
  if (finished_) return;
  if (lost_) throw ClientGone();
  allow_sending();
  for (std::string_view piece; !(piece = next_piece()).empty();) take(piece);
}

bool WireBody::can_skip() const {
  if (finished_) return true;
  if (lost_ || (awaited_ && input_.unused().empty())) return false;
  return left_ <= kMaxSkip;
}

bool WireBody::skip() {
  if (!can_skip()) return false;
  try {
    std::uint64_t skipped = 0;
    for (std::string_view piece; !(piece = next_piece()).empty();)
      if ((skipped += piece.size()) > kMaxSkip) return false;
    return true;
  } catch (const ClientGone&) {
    return false;
  }
}

// A client that has sent some of the body already is not waiting.
void WireBody::allow_sending() {
  if (awaited_ && input_.unused().empty() && !stream_.write("HTTP/1.1 100 Continue\r\n\r\n", {}, false)) {
    lost_ = true;
    throw ClientGone();
  }
  awaited_ = false;
}

std::string_view WireBody::next_piece() {
  if (finished_) return {};
  if (left_ == 0) open_chunk();
  if (finished_) return {};
  if (input_.unused().empty()) need_more(left_);
  const std::string_view piece = input_.unused().substr(0, left_);
  input_.consume(piece.size());
  left_ -= piece.size();
  finished_ = left_ == 0 && length_;
  return piece;
}

void WireBody::open_chunk() {
  if (inside_chunks_ && !read_line().empty()) break_off();
  inside_chunks_ = true;
  const auto size = parse_chunk_size(read_line());
  if (!size) break_off();
  left_ = *size;
  if (left_ == 0) read_trailers();
}

void WireBody::read_trailers() {
  for (std::size_t total = 0;;) {
    const std::size_t size = read_line().size();
    if (size == 0) break;
    if ((total += size) > kMaxTrailers) break_off();
  }
  finished_ = true;
}

std::string_view WireBody::read_line() {
  std::size_t end, seen = 0;
  while ((end = input_.unused().find('\n', seen)) == std::string_view::npos) {
    seen = input_.unused().size();
    if (seen > kMaxChunkLine) break_off();
    need_more(1);
  }
  std::string_view line = input_.unused().substr(0, end);
  input_.consume(end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

void WireBody::need_more(std::uint64_t expected) {
  if (input_.fill(static_cast<std::size_t>(std::min<std::uint64_t>(expected, SIZE_MAX)))) return;
  lost_ = true;
  throw ClientGone();
}

void WireBody::break_off() {
  malformed_ = lost_ = true;
  throw ClientGone();
}

}  // namespace cvemu
