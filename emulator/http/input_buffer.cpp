#include "http/input_buffer.h"

#include <algorithm>
#include <cstring>

namespace cvemu {

namespace {
constexpr std::size_t kSmall = 2 * 1024;   // most requests without a body fit
constexpr std::size_t kKept = 16 * 1024;   // may stay with an idle connection that once needed it
constexpr std::size_t kPiece = 64 * 1024;  // of a large body
constexpr std::chrono::milliseconds kPause{500};
}  // namespace

void InputBuffer::move_to(std::size_t capacity) {
  std::unique_ptr<char[]> data(new char[capacity]);
  const auto kept = unused();
  if (!kept.empty()) std::memcpy(data.get(), kept.data(), kept.size());
  data_ = std::move(data);
  capacity_ = capacity;
  begin_ = 0;
  end_ = kept.size();
}

void InputBuffer::make_room(std::size_t expected) {
  const std::size_t used = end_ - begin_;
  if (used == 0) begin_ = end_ = 0;
  const std::size_t wanted = std::clamp(used + expected, kSmall, std::max(kPiece, 2 * used));
  if (wanted > capacity_) return move_to(std::max(wanted, std::min(2 * capacity_, kPiece)));
  if (end_ < capacity_ || begin_ == 0) return;
  std::memmove(data_.get(), data_.get() + begin_, used);
  begin_ = 0;
  end_ = used;
}

bool InputBuffer::fill(std::size_t expected) {
  make_room(expected);
  const std::size_t count = stream_.read(data_.get() + end_, capacity_ - end_);
  end_ += count;
  return count > 0;
}

void InputBuffer::relax() {
  if (capacity_ <= kKept || !unused().empty()) return;
  if (!stream_.readable_within(kPause)) move_to(kSmall);
}

}  // namespace cvemu
