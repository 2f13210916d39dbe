// The bytes of one connection, both ways. A plain socket here; TLS is another ByteStream (http/tls.h).
#pragma once
#include <chrono>
#include <cstddef>
#include <string_view>

namespace cvemu {

// How long one read or one write may wait for the other side. Clients are often stopped in a debugger, so
// this is long; it is also how long an idle connection is kept, and therefore longer than what we announce.
inline constexpr std::chrono::seconds kSocketWait{65};

// Used by one thread at a time. None of the functions throws.
class ByteStream {
 public:
  virtual ~ByteStream() = default;
  // Waits for bytes and returns how many came; 0 at the end, after an error, or when nothing came in time.
  virtual std::size_t read(char* to, std::size_t room) = 0;
  // Writes all of both, in one packet if they fit. `more`: other writes follow at once, so a half-filled
  // packet may wait for them. False: the other side is gone or does not read.
  virtual bool write(std::string_view first, std::string_view second, bool more) = 0;
  // Whether read() would return at once, now or within that time.
  virtual bool readable_within(std::chrono::milliseconds time) = 0;
  // Tells the other side that nothing more will be written.
  virtual void finish_writing() = 0;
  // Whatever was not read by the other side is lost, and it sees an error instead of an end.
  virtual void reset() = 0;
};

// Does not own the descriptor. Its SO_RCVTIMEO and SO_SNDTIMEO are the time-outs.
class SocketStream : public ByteStream {
 public:
  explicit SocketStream(int descriptor) : descriptor_(descriptor) {}
  std::size_t read(char* to, std::size_t room) override;
  bool write(std::string_view first, std::string_view second, bool more) override;
  bool readable_within(std::chrono::milliseconds time) override;
  void finish_writing() override;
  void reset() override;

 private:
  const int descriptor_;
};

}  // namespace cvemu
