#include "http/wire_fault.h"

#include <algorithm>
#include <string>

namespace cvemu {

bool FaultyStream::write(std::string_view head, std::string_view body, bool more) {
  const bool headless = fault_.kind == WireFault::Kind::Reset && fault_.after == 0;
  if (fault_.kind == WireFault::Kind::Empty || headless) return fail_at_end();
  if (failed_) return stream_.write(head, body, more);
  const std::uint64_t good = fault_.after - std::min(fault_.after, sent_);
  const std::string_view whole =
      body.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(good, body.size())));
  const bool here = body.size() > good;
  if (!(head.empty() && whole.empty()) && !stream_.write(head, whole, more && !here)) return false;
  sent_ += whole.size();
  return !here || apply(body.substr(whole.size()), more);
}

bool FaultyStream::apply(std::string_view rest, bool more) {
  failed_ = true;
  switch (fault_.kind) {
    case WireFault::Kind::Corrupt:
      return write_corrupted(rest, more);
    case WireFault::Kind::Slow:
      failed_ = false;  // it goes on like this
      return write_slowly(rest, more);
    case WireFault::Kind::Stall:
      stream_.readable_within(fault_.pause);  // ends early if the client leaves or the listener closes
      return stream_.write({}, rest, more);
    default:
      return fail_at_end();
  }
}

bool FaultyStream::fail_at_end() {
  failed_ = true;
  if (fault_.kind == WireFault::Kind::Reset) stream_.reset();
  return !fault_.breaks_off();
}

bool FaultyStream::write_slowly(std::string_view body, bool more) {
  while (!body.empty()) {
    const std::string_view piece =
        body.substr(0, static_cast<std::size_t>(std::max<std::uint64_t>(1, fault_.piece)));
    body.remove_prefix(piece.size());
    if (!stream_.write({}, piece, false)) return false;
    sent_ += piece.size();
    if (!body.empty() || more) stream_.readable_within(fault_.pause);
  }
  return true;
}

bool FaultyStream::write_corrupted(std::string_view body, bool more) {
  std::string changed(body);
  changed[0] = static_cast<char>(changed[0] ^ 0x01);
  return stream_.write({}, changed, more);
}

}  // namespace cvemu
