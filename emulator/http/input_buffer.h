// Bytes that have come and are not used yet. Outlives each request, so that what a client sends ahead (the
// body, the next requests) is neither lost nor read twice. Small while the connection is idle.
#pragma once
#include <cstddef>
#include <memory>
#include <string_view>

#include "http/byte_stream.h"

namespace cvemu {

class InputBuffer {
 public:
  explicit InputBuffer(ByteStream& stream) : stream_(stream) {}

  // Valid until the next fill() or relax().
  std::string_view unused() const { return {data_.get() + begin_, end_ - begin_}; }
  void consume(std::size_t count) { begin_ += count; }
  // Waits for more. `expected` sizes the next read, up to 64 KiB. False: nothing will come.
  bool fill(std::size_t expected);
  // Called between requests: gives a large buffer back unless the next request follows at once.
  void relax();

 private:
  void make_room(std::size_t expected);
  void move_to(std::size_t capacity);

  ByteStream& stream_;
  std::unique_ptr<char[]> data_;
  std::size_t capacity_ = 0, begin_ = 0, end_ = 0;
};

}  // namespace cvemu
