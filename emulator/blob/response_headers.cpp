#include "blob/response_headers.h"

#include <charconv>

#include "base/times.h"
#include "storage/sas.h"
#include "store/string_map.h"

namespace cvemu::blob {

namespace {

// ETags look like Azure's, which are times in ticks of our days.
constexpr std::uint64_t kEtagBase = 0x8D0000000000000;

constexpr int kEtagDigits = 15;
constexpr int kVersionDigits = 16;

std::string hex(std::uint64_t value, int digits) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::string text(static_cast<std::size_t>(digits), '0');
  for (auto digit = text.rbegin(); digit != text.rend(); ++digit, value >>= 4) *digit = kDigits[value & 15];
  return text;
}

constexpr std::int64_t kTicksPerMicro = 10;
constexpr std::size_t kSeventhDigit = 26;  // in "2020-11-06T17:40:45.4936770Z"

void add_if(Headers& headers, std::string_view name, std::string_view value) {
  if (!value.empty()) headers.add(name, value);
}

// A parameter of the SAS wins over what is stored.
void add_overridable(Headers& headers, std::string_view name, std::string_view stored,
                     std::string_view override_) {
  add_if(headers, name, override_.empty() ? stored : override_);
}

void add_content_headers(Headers& headers, const Blob& blob, const BlobProperties& properties,
                         const Query& query) {
  const sas::ResponseOverrides overrides = sas::response_overrides(query);
  add_overridable(headers, "Content-Type", blob.content_type, overrides.content_type);
  add_overridable(headers, "Content-Encoding", properties.encoding, overrides.content_encoding);
  add_overridable(headers, "Content-Language", properties.language, overrides.content_language);
  add_overridable(headers, "Content-Disposition", properties.disposition, overrides.content_disposition);
  add_overridable(headers, "Cache-Control", properties.cache_control, overrides.cache_control);
}

void add_copy(Headers& headers, const BlobProperties& properties) {
  if (properties.copy_id.empty()) return;
  headers.add("x-ms-copy-id", properties.copy_id);
  headers.add("x-ms-copy-source", properties.copy_source);
  headers.add("x-ms-copy-status", properties.copy_status);
  add_if(headers, "x-ms-copy-status-description", properties.copy_status_text);
  headers.add("x-ms-copy-progress",
              std::to_string(properties.copy_done) + '/' + std::to_string(properties.copy_length));
  if (properties.copy_finished != 0)
    headers.add("x-ms-copy-completion-time", times::rfc1123(from_micros(properties.copy_finished)));
}

void add_tier(Headers& headers, const Blob& blob, const BlobProperties& properties) {
  if (blob.kind == BlobKind::Append || (blob.kind == BlobKind::Page && properties.tier.empty())) return;
  headers.add("x-ms-access-tier", properties.tier.empty() ? "Hot" : properties.tier);
  if (properties.tier.empty()) headers.add("x-ms-access-tier-inferred", "true");
  if (properties.tier_changed != 0)
    headers.add("x-ms-access-tier-change-time", times::rfc1123(from_micros(properties.tier_changed)));
}

void add_kind(Headers& headers, const Blob& blob, const BlobProperties& properties) {
  headers.add("x-ms-blob-type", kind_text(blob.kind));
  if (blob.kind == BlobKind::Page)
    headers.add("x-ms-blob-sequence-number", std::to_string(properties.sequence_number));
  if (blob.kind == BlobKind::Append)
    headers.add("x-ms-blob-committed-block-count", std::to_string(properties.block_count));
  if (properties.sealed != 0) headers.add("x-ms-blob-sealed", "true");
  if (properties.incremental == 0) return;
  headers.add("x-ms-incremental-copy", "true");
}

void add_tag_count(Headers& headers, std::string_view packed) {
  int count = 0;
  each_pair(packed, [&](std::string_view, std::string_view) { ++count; });
  if (count > 0) headers.add("x-ms-tag-count", std::to_string(count));
}

}  // namespace

std::string etag_text(std::int64_t etag) {
  return "0x" + hex(kEtagBase + static_cast<std::uint64_t>(etag), kEtagDigits);
}

std::string version_text(std::int64_t container) {
  return hex(kEtagBase + static_cast<std::uint64_t>(container), kVersionDigits);
}

std::optional<std::int64_t> parse_version(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  const bool is_ours = error == std::errc{} && end == text.data() + text.size() && value > kEtagBase;
  return is_ours ? std::optional(static_cast<std::int64_t>(value - kEtagBase)) : std::nullopt;
}

std::string quoted_etag(std::int64_t etag) {
  return '"' + etag_text(etag) + '"';
}

void add_validators(Headers& headers, std::int64_t etag, Instant modified) {
  headers.add("ETag", quoted_etag(etag));
  headers.add("Last-Modified", times::rfc1123(modified));
}

void add_metadata(Headers& headers, std::string_view packed) {
  each_pair(packed, [&](std::string_view name, std::string_view value) {
    headers.add("x-ms-meta-" + std::string(name), value);
  });
}

void add_lease(Headers& headers, const Lease& lease, Instant now) {
  const LeaseState state = lease.at(now);
  headers.add("x-ms-lease-status", lease.is_locked(now) ? "locked" : "unlocked");
  headers.add("x-ms-lease-state", lease_state_text(state));
  if (state == LeaseState::Leased) headers.add("x-ms-lease-duration", lease_duration_text(lease));
}

Response validators_only(int status, const Blob& blob) {
  Response response{status, {}, {}};
  add_validators(response.headers, blob.etag, blob.modified);
  return response;
}

Response validators_only(int status, const Container& container) {
  Response response{status, {}, {}};
  add_validators(response.headers, container.etag, container.modified);
  return response;
}

Response written(const Blob& blob, int status) {
  Response response = validators_only(status, blob);
  response.headers.add("x-ms-request-server-encrypted", "true");
  return response;
}

void add_blob_headers(Headers& headers, const Blob& blob, const BlobProperties& properties,
                      const RequestContext& context, bool is_head) {
  headers.reserve(24);
  add_validators(headers, blob.etag, blob.modified);
  headers.add("Accept-Ranges", "bytes");
  add_content_headers(headers, blob, properties, context.query());
  headers.add("x-ms-creation-time", times::rfc1123(blob.created));
  add_metadata(headers, blob.metadata);
  add_kind(headers, blob, properties);
  add_lease(headers, Lease::unpack(blob.lease), context.at());
  headers.add("x-ms-server-encrypted", "true");
  add_tag_count(headers, blob.tags);
  add_copy(headers, properties);
  if (blob.ends) headers.add("x-ms-expiry-time", times::rfc1123(*blob.ends));
  if (!is_head) return;
  add_tier(headers, blob, properties);
  if (properties.copy_snapshot != 0)
    headers.add("x-ms-copy-destination-snapshot", snapshot_text(properties.copy_snapshot));
}

std::string_view kind_text(BlobKind kind) {
  switch (kind) {
    case BlobKind::Append:
      return "AppendBlob";
    case BlobKind::Page:
      return "PageBlob";
    default:
      return "BlockBlob";
  }
}

std::string_view lease_state_text(LeaseState state) {
  switch (state) {
    case LeaseState::Leased:
      return "leased";
    case LeaseState::Breaking:
      return "breaking";
    case LeaseState::Broken:
      return "broken";
    case LeaseState::Expired:
      return "expired";
    default:
      return "available";
  }
}

std::string_view lease_duration_text(const Lease& lease) {
  return lease.seconds == Lease::kInfinite ? "infinite" : "fixed";
}

// One tick is finer than an Instant: the seventh digit is put in by hand.
std::string snapshot_text(std::int64_t ticks) {
  std::string text = times::iso_ticks(from_micros(ticks / kTicksPerMicro));
  text[kSeventhDigit] = static_cast<char>('0' + ticks % kTicksPerMicro);
  return text;
}

std::optional<std::int64_t> parse_snapshot(std::string_view text) {
  const auto instant = times::parse_iso(text);
  if (!instant) return std::nullopt;
  const bool has_ticks =
      text.size() > kSeventhDigit && text[kSeventhDigit] >= '0' && text[kSeventhDigit] <= '9';
  return to_micros(*instant) * kTicksPerMicro + (has_ticks ? text[kSeventhDigit] - '0' : 0);
}

}  // namespace cvemu::blob
