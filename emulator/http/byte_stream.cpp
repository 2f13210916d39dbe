#include "http/byte_stream.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <cerrno>

namespace cvemu {

namespace {

// Takes `count` bytes off the front of the pieces.
void advance(iovec* pieces, std::size_t pieces_count, std::size_t count) {
  for (std::size_t i = 0; i < pieces_count && count > 0; ++i) {
    const std::size_t taken = std::min(count, pieces[i].iov_len);
    pieces[i].iov_base = static_cast<char*>(pieces[i].iov_base) + taken;
    pieces[i].iov_len -= taken;
    count -= taken;
  }
}

iovec piece_of(std::string_view bytes) {
  return {const_cast<char*>(bytes.data()), bytes.size()};
}

}  // namespace

std::size_t SocketStream::read(char* to, std::size_t room) {
  ssize_t count;
  do {
    count = ::recv(descriptor_, to, room, 0);
  } while (count < 0 && errno == EINTR);
  return count > 0 ? static_cast<std::size_t>(count) : 0;
}

bool SocketStream::write(std::string_view first, std::string_view second, bool more) {
  iovec pieces[] = {piece_of(first), piece_of(second)};
  msghdr message{};
  message.msg_iov = pieces;
  message.msg_iovlen = 2;
  std::size_t left = first.size() + second.size();
  while (left > 0) {
    const ssize_t count = ::sendmsg(descriptor_, &message, MSG_NOSIGNAL | (more ? MSG_MORE : 0));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    left -= static_cast<std::size_t>(count);
    advance(pieces, 2, static_cast<std::size_t>(count));
  }
  return true;
}

bool SocketStream::readable_within(std::chrono::milliseconds time) {
  pollfd wanted{descriptor_, POLLIN, 0};
  return ::poll(&wanted, 1, static_cast<int>(time.count())) != 0;
}

void SocketStream::finish_writing() {
  ::shutdown(descriptor_, SHUT_WR);
}

// With no time to linger, closing the socket sends a reset. Nobody may write or read before that.
void SocketStream::reset() {
  const linger at_once{1, 0};
  ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

}  // namespace cvemu
