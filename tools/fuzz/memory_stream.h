// A connection without a socket: what the client sends is there already, and then it has no more to say.
#pragma once
#include <algorithm>
#include <string>

#include "http/byte_stream.h"

namespace cvemu::fuzz {

class MemoryStream : public ByteStream {
 public:
  // Read in pieces of at most `piece` bytes.
  MemoryStream(std::string_view sent, std::size_t piece) : sent_(sent), piece_(piece) {}

  std::size_t read(char* to, std::size_t room) override {
    const std::size_t count = std::min({room, piece_, sent_.size()});
    std::copy_n(sent_.begin(), count, to);
    sent_.remove_prefix(count);
    return count;
  }
  bool write(std::string_view first, std::string_view second, bool) override {
    answered_.append(first).append(second);
    return true;
  }
  bool readable_within(std::chrono::milliseconds) override { return true; }
  void finish_writing() override {}
  void reset() override {}

  const std::string& answered() const { return answered_; }

 private:
  std::string_view sent_;
  const std::size_t piece_;
  std::string answered_;
};

}  // namespace cvemu::fuzz
