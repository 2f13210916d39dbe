// Ranges and digests of bodies: x-ms-range and Range, Content-MD5 and x-ms-content-crc64. Functions that read
// throw ApiError (storage_errors) and touch nothing else.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/hashes.h"
#include "http/message.h"

namespace cvemu {

struct ByteRange {
  std::uint64_t first = 0;
  std::optional<std::uint64_t> last;  // inclusive; absent = to the end
  bool operator==(const ByteRange&) const = default;
};
struct Slice {
  std::uint64_t offset = 0, length = 0;
  bool operator==(const Slice&) const = default;
};
// "bytes=a-b" or "bytes=a-"; nullopt for anything else. Azure: ignores what it cannot read, suffix ranges
// ("bytes=-n") and several ranges among it, and then sends the whole blob.
std::optional<ByteRange> parse_range(std::string_view text);
// x-ms-range if it is there, else Range.
std::optional<ByteRange> read_range(const Headers&);
// The part of a blob of `size` bytes. Throws 416 InvalidRange if it begins at or behind the end.
Slice slice_of(const ByteRange&, std::uint64_t size);
std::string content_range(const Slice&, std::uint64_t size);  // "bytes a-e/size"

// Watches a body go by and compares it with what the client announced. For one thread.
class ContentCheck {
 public:
  enum class Md5Use {
    IfAnnounced,  // Put Block, Append, pages: no MD5 is computed unless asked for
    Always,       // Put Blob: the MD5 is stored
  };
  // Reads Content-MD5 (`md5_header` instead, if the request has that one: Put Blob's x-ms-blob-content-md5)
  // and x-ms-content-crc64. Throws InvalidMd5, InvalidHeaderValue (bad CRC), BothCrc64AndMd5HeaderPresent,
  // BothCrc64AndMsMd5HeaderPresent.
  explicit ContentCheck(const Headers&, Md5Use = Md5Use::IfAnnounced, std::string_view md5_header = {});

  // A further MD5 that the client announced, if the request has that header. Before the first byte. Throws
  // InvalidMd5.
  void expect_md5(const Headers&, std::string_view header);
  void update(std::string_view bytes);
  // After the last byte, once. Throws Md5Mismatch or Crc64Mismatch.
  void verify();
  // After verify(). 16 bytes; empty if no MD5 was computed.
  const std::string& md5() const { return md5_; }
  // After verify(). Azure: Content-MD5 if the client announced one, else x-ms-content-crc64.
  void add_headers(Headers&) const;

 private:
  std::vector<std::string> announced_md5_;
  std::optional<std::string> announced_crc64_;
  std::optional<Md5> md5_state_;
  std::optional<Crc64> crc64_state_;
  std::string md5_, crc64_;
};

}  // namespace cvemu
