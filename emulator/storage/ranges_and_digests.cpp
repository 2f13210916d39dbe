// Ranges and digests of bodies.
#include <charconv>

#include "base/text.h"
#include "storage/errors.h"
#include "storage/ranges_and_digests.h"

namespace cvemu {

namespace {

std::optional<std::uint64_t> parse_offset(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::string> announced_md5(const Headers& headers, std::string_view name) {
  const std::string_view text = headers.get(name);
  if (text.empty()) return std::nullopt;
  auto bytes = base64_decode(text);
  if (!bytes || bytes->size() != 16) throw storage_errors::invalid_md5(text);
  return bytes;
}

std::optional<std::string> announced_crc64(const Headers& headers) {
  const std::string_view text = headers.get("x-ms-content-crc64");
  if (text.empty()) return std::nullopt;
  auto bytes = base64_decode(text);
  if (!bytes || bytes->size() != 8) throw storage_errors::invalid_header("x-ms-content-crc64", text);
  return bytes;
}

}  // namespace

std::optional<ByteRange> parse_range(std::string_view text) {
  static constexpr std::string_view kUnit = "bytes=";
  if (!istarts_with(text, kUnit)) return std::nullopt;
  text.remove_prefix(kUnit.size());
  const auto dash = text.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto first = parse_offset(text.substr(0, dash));
  if (!first) return std::nullopt;
  if (dash + 1 == text.size()) return ByteRange{*first, std::nullopt};
  const auto last = parse_offset(text.substr(dash + 1));
  if (!last || *last < *first) return std::nullopt;
  return ByteRange{*first, *last};
}

std::optional<ByteRange> read_range(const Headers& headers) {
  const auto own = headers.find("x-ms-range");
  return parse_range(own ? *own : headers.get("Range"));
}

Slice slice_of(const ByteRange& range, std::uint64_t size) {
  if (range.first >= size) throw storage_errors::invalid_range(size);
  const std::uint64_t end = range.last && *range.last < size ? *range.last + 1 : size;
  return {range.first, end - range.first};
}

std::string content_range(const Slice& slice, std::uint64_t size) {
  return "bytes " + std::to_string(slice.offset) + '-' + std::to_string(slice.offset + slice.length - 1) +
         '/' + std::to_string(size);
}

ContentCheck::ContentCheck(const Headers& headers, Md5Use use, std::string_view md5_header)
    : announced_crc64_(announced_crc64(headers)) {
  const bool is_stored = !headers.get(md5_header).empty();
  if (announced_crc64_ && !headers.get("Content-MD5").empty()) throw storage_errors::both_crc64_and_md5();
  if (announced_crc64_ && is_stored) throw storage_errors::both_crc64_and_blob_md5();
  // Azure: of the two, x-ms-blob-content-md5 counts (documentation of Put Blob).
  expect_md5(headers, is_stored ? md5_header : "Content-MD5");
  if (use == Md5Use::Always && !md5_state_) md5_state_.emplace();
  if (announced_crc64_ || !md5_state_) crc64_state_.emplace();
}

void ContentCheck::expect_md5(const Headers& headers, std::string_view header) {
  auto announced = announced_md5(headers, header);
  if (!announced) return;
  announced_md5_.push_back(*std::move(announced));
  if (!md5_state_) md5_state_.emplace();
}

void ContentCheck::update(std::string_view bytes) {
  if (md5_state_) md5_state_->update(bytes);
  if (crc64_state_) crc64_state_->update(bytes);
}

void ContentCheck::verify() {
  if (md5_state_) md5_ = md5_state_->finish();
  if (crc64_state_) crc64_ = crc64_state_->bytes();
  for (const std::string& announced : announced_md5_)
    if (announced != md5_) throw storage_errors::md5_mismatch(base64_encode(announced), base64_encode(md5_));
  if (announced_crc64_ && *announced_crc64_ != crc64_)
    throw storage_errors::crc64_mismatch(base64_encode(*announced_crc64_), base64_encode(crc64_));
}

void ContentCheck::add_headers(Headers& headers) const {
  if (md5_state_) headers.add("Content-MD5", base64_encode(md5_));
  if (crc64_state_) headers.add("x-ms-content-crc64", base64_encode(crc64_));
}

}  // namespace cvemu
