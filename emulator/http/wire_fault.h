// Carries a WireFault out: a stream that passes an answer on as it should be up to a point, and then does
// not.
#pragma once
#include <cstdint>

#include "http/byte_stream.h"
#include "http/message.h"

namespace cvemu {

// For one answer. The first piece of a write is taken for the head, the second for bytes of the body.
class FaultyStream : public ByteStream {
 public:
  FaultyStream(ByteStream& stream, const WireFault& fault) : stream_(stream), fault_(fault) {}
  std::size_t read(char* to, std::size_t room) override { return stream_.read(to, room); }
  bool write(std::string_view head, std::string_view body, bool more) override;
  bool readable_within(std::chrono::milliseconds time) override { return stream_.readable_within(time); }
  void finish_writing() override { stream_.finish_writing(); }
  void reset() override { stream_.reset(); }

  // For an answer that ended before the fault's place was reached.
  bool fail_at_end();

 private:
  bool apply(std::string_view rest, bool more);
  bool write_slowly(std::string_view body, bool more);
  bool write_corrupted(std::string_view body, bool more);

  ByteStream& stream_;
  const WireFault fault_;
  std::uint64_t sent_ = 0;  // bytes of the body
  bool failed_ = false;
};

}  // namespace cvemu
