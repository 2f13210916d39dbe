// What both services read from headers and parameters in the same way, and what stands on every answer.
// Functions that read throw ApiError (storage_errors) and touch nothing else.
#pragma once
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/hashes.h"
#include "http/service.h"

namespace cvemu {

// The newest version of the storage protocol that is known here.
inline constexpr std::string_view kNewestStorageVersion = "2026-10-06";

// On every answer: Server, Date, x-ms-request-id, x-ms-version (the one that was asked for), and
// x-ms-client-request-id if the client sent one. `server` is the product and its version.
void finish_headers(Response&, const Exchange&, std::string_view server);

// Checks what every operation may carry: x-ms-version is a date (400 InvalidHeaderValue; in strict mode not
// newer than kNewestStorageVersion), `timeout` is a number of seconds. Emulator: the timeout has no effect.
void check_common_parameters(const Exchange&, bool strict);
// The request's version, or the newest if it names none. Versions compare as text.
std::string_view version_of(const Request&);

// The whole body, held against Content-MD5 and x-ms-content-crc64 if the request has them. Throws 413
// RequestBodyTooLarge and what ContentCheck throws.
class ContentCheck;
std::string read_body(const RequestContext&, std::size_t limit);
std::string read_body(const RequestContext&, std::size_t limit, ContentCheck&);

// --- parameters and headers -------------------------------------------------------------------------------
// A number that is not one: 400 InvalidQueryParameterValue / InvalidHeaderValue. Outside its bounds: 400
// OutOfRangeQueryParameterValue / InvalidHeaderValue. Empty counts as absent for headers, not for parameters.
struct Bounds {
  std::int64_t least = std::numeric_limits<std::int64_t>::min();
  std::int64_t most = std::numeric_limits<std::int64_t>::max();
};
std::optional<std::int64_t> query_int(const Query&, std::string_view name, Bounds = {});
std::optional<std::int64_t> header_int(const Headers&, std::string_view name, Bounds = {});
std::optional<bool> header_bool(const Headers&, std::string_view name);   // "true" or "false", any case
std::string_view required_query(const Query&, std::string_view name);     // 400 MissingRequiredQueryParameter
std::string_view required_header(const Headers&, std::string_view name);  // 400 MissingRequiredHeader
std::int64_t required_header_int(const Headers&, std::string_view name, Bounds = {});
// `maxresults` of a listing: 5000 if absent; more than 5000 counts as 5000; below 1 is out of range.
int max_results(const Query&);
// The items of `include`, lower case, empty ones left out; another one than `allowed` is 400
// InvalidQueryParameterValue.
std::vector<std::string> include_items(const Query&, std::initializer_list<std::string_view> allowed);

// --- metadata ---------------------------------------------------------------------------------------------
// Names as first sent, without "x-ms-meta-", in the order sent. Names compare without case.
using Metadata = std::vector<std::pair<std::string, std::string>>;
// Throws EmptyMetadataKey, InvalidMetadata (not a C# identifier), MetadataTooLarge. A repeated name is joined
// by commas. Azure: Python also sends a header named exactly "x-ms-meta"; it is not metadata.
Metadata read_metadata(const Headers&);
void write_metadata(Headers&, const Metadata&);
// The same set of names and values, whatever the order.
bool same_metadata(const Metadata&, const Metadata&);

// --- ranges -----------------------------------------------------------------------------------------------
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

// --- Content-MD5 and x-ms-content-crc64 -------------------------------------------------------------------
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
