// Bodies that are framed with checksums, as the newest clients upload them. Azure: documentation of
// "Structured Body Format". All numbers are little endian:
//
//   message   u8 version (1), u64 length of the message, u16 flags (1: CRC64), u16 number of segments (at
//   least 1) segment   u16 number from 1 on, u64 length of the data, the data, 8 bytes CRC64 of the data
//   trailer   8 bytes CRC64 of all data
//
// The CRC64 is that of x-ms-content-crc64.
#pragma once
#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "base/hashes.h"
#include "http/message.h"

namespace cvemu {

inline constexpr std::string_view kStructuredBodyHeader = "x-ms-structured-body";
inline constexpr std::string_view kStructuredLengthHeader = "x-ms-structured-content-length";
// The only value of the first header, byte for byte; answers repeat it.
inline constexpr std::string_view kStructuredBody = "XSM/1.0; properties=crc64";

// The length of the payload that a framed request announces; nullopt for a plain body. Throws
// MissingRequiredHeader if the length is not told, InvalidHeaderValue for another format or no length,
// UnsupportedHeader for a length without the format.
std::optional<std::uint64_t> structured_length(const Headers&);

// Takes a message in pieces of any size and hands on the payload, in constant memory. For one thread.
class StructuredBodyDecoder {
 public:
  using Sink = std::function<void(std::string_view)>;

  // `payload`: bytes announced by x-ms-structured-content-length. `message`: Content-Length, if there is one.
  StructuredBodyDecoder(std::uint64_t payload, std::optional<std::uint64_t> message)
      : payload_left_(payload), message_(message) {}

  // The next bytes of the message; what of them is payload goes to `sink`, uncopied, before its CRC is known.
  // Throws InvalidInput (a frame that is broken, or that contradicts what was announced) and Crc64Mismatch.
  void feed(std::string_view piece, const Sink& sink);
  // After the last byte. Throws InvalidInput if the message has not come to its end.
  void finish() const;

 private:
  enum class Part { MessageHeader, SegmentHeader, Data, SegmentCrc, Trailer, End };
  static std::size_t size_of(Part);

  void take_data(std::string_view& piece, const Sink& sink);
  bool take_field(std::string_view& piece);
  void read_field();
  void read_message_header();
  void read_segment_header();
  void end_segment();
  std::uint64_t number_at(std::size_t at, std::size_t size) const;
  void check_crc(const Crc64& computed) const;

  std::uint64_t payload_left_;
  const std::optional<std::uint64_t> message_;
  Part part_ = Part::MessageHeader;
  std::array<char, 13> field_{};  // of the part that is being read; as long as the longest
  std::size_t filled_ = 0;
  std::uint64_t segments_ = 0, segment_ = 0;  // how many, and which one is being read
  std::uint64_t segment_length_ = 0, segment_left_ = 0;
  Crc64 segment_crc_, crc_;
};

}  // namespace cvemu
