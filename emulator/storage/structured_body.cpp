#include "storage/structured_body.h"

#include <algorithm>

#include "base/text.h"
#include "storage/errors.h"
#include "storage/headers.h"

namespace cvemu {

namespace {

constexpr std::uint64_t kVersion = 1, kCrc64Flag = 1;
constexpr std::uint64_t kMessageHeader = 13, kSegmentHeader = 10, kCrc = 8;

ApiError broken(std::string_view reason) {
  return storage_errors::invalid_structured_body(reason);
}

}  // namespace

std::optional<std::uint64_t> structured_length(const Headers& headers) {
  const auto format = headers.find(kStructuredBodyHeader);
  const std::string_view length = headers.get(kStructuredLengthHeader);
  if (!format && length.empty()) return std::nullopt;
  if (!format)
    throw storage_errors::unsupported_header(kStructuredLengthHeader, "without x-ms-structured-body");
  if (*format != kStructuredBody) throw storage_errors::invalid_header(kStructuredBodyHeader, *format);
  return static_cast<std::uint64_t>(required_header_int(headers, kStructuredLengthHeader, {0, INT64_MAX}));
}

std::size_t StructuredBodyDecoder::size_of(Part part) {
  if (part == Part::MessageHeader) return kMessageHeader;
  return part == Part::SegmentHeader ? kSegmentHeader : kCrc;
}

void StructuredBodyDecoder::feed(std::string_view piece, const Sink& sink) {
  while (!piece.empty()) {
    if (part_ == Part::End) throw broken("bytes follow the end of the message");
    if (part_ == Part::Data)
      take_data(piece, sink);
    else if (take_field(piece))
      read_field();
  }
}

void StructuredBodyDecoder::finish() const {
  if (part_ != Part::End) throw broken("the message ends too early");
}

void StructuredBodyDecoder::take_data(std::string_view& piece, const Sink& sink) {
  const std::string_view data = piece.substr(0, std::min<std::uint64_t>(piece.size(), segment_left_));
  piece.remove_prefix(data.size());
  segment_left_ -= data.size();
  segment_crc_.update(data);
  sink(data);
  if (segment_left_ == 0) part_ = Part::SegmentCrc;
}

// True when the field is complete.
bool StructuredBodyDecoder::take_field(std::string_view& piece) {
  const std::size_t count = std::min(piece.size(), size_of(part_) - filled_);
  std::copy_n(piece.begin(), count, field_.begin() + static_cast<std::ptrdiff_t>(filled_));
  piece.remove_prefix(count);
  filled_ += count;
  if (filled_ < size_of(part_)) return false;
  filled_ = 0;
  return true;
}

void StructuredBodyDecoder::read_field() {
  switch (part_) {
    case Part::MessageHeader:
      return read_message_header();
    case Part::SegmentHeader:
      return read_segment_header();
    case Part::SegmentCrc:
      return end_segment();
    default:
      check_crc(crc_);
      part_ = Part::End;
  }
}

// The lengths are told three times; all that can contradict is seen before the first byte of data.
void StructuredBodyDecoder::read_message_header() {
  if (number_at(0, 1) != kVersion) throw broken("the version of the message is not 1");
  const std::uint64_t message = number_at(1, 8);
  if (message_ && *message_ != message) throw broken("the length of the message is not Content-Length");
  if (number_at(9, 2) != kCrc64Flag) throw broken("the flags of the message are not those of crc64");
  segments_ = number_at(11, 2);
  if (segments_ == 0) throw broken("the message has no segment");
  const std::uint64_t frame = kMessageHeader + segments_ * (kSegmentHeader + kCrc) + kCrc;
  if (message < frame || message - frame != payload_left_)
    throw broken("the length of the message is not that of its segments and x-ms-structured-content-length");
  part_ = Part::SegmentHeader;
}

void StructuredBodyDecoder::read_segment_header() {
  if (number_at(0, 2) != ++segment_) throw broken("the segments are not numbered 1, 2, 3 ...");
  segment_length_ = segment_left_ = number_at(2, 8);
  const bool is_last = segment_ == segments_;
  if (segment_left_ > payload_left_ || (is_last && segment_left_ != payload_left_))
    throw broken("the lengths of the segments are not x-ms-structured-content-length");
  payload_left_ -= segment_left_;
  part_ = segment_left_ == 0 ? Part::SegmentCrc : Part::Data;
}

void StructuredBodyDecoder::end_segment() {
  check_crc(segment_crc_);
  crc_.append(segment_crc_, segment_length_);
  segment_crc_ = Crc64();
  part_ = segment_ == segments_ ? Part::Trailer : Part::SegmentHeader;
}

std::uint64_t StructuredBodyDecoder::number_at(std::size_t at, std::size_t size) const {
  std::uint64_t number = 0;
  for (std::size_t i = size; i > 0; --i)
    number = number << 8 | static_cast<unsigned char>(field_[at + i - 1]);
  return number;
}

void StructuredBodyDecoder::check_crc(const Crc64& computed) const {
  const std::string_view given(field_.data(), kCrc);
  const std::string bytes = computed.bytes();
  if (given != bytes) throw storage_errors::crc64_mismatch(base64_encode(given), base64_encode(bytes));
}

}  // namespace cvemu
