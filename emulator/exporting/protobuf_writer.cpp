#include "exporting/protobuf_writer.h"

#include <bit>

namespace cvemu::exporting {

namespace {

enum WireType { kVarint = 0, kLengthDelimited = 2, kFixed32 = 5 };

std::uint64_t tag(int field, WireType type) {
  return std::uint64_t(field) << 3 | type;
}

void put_le(std::string& out, std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i));
}

// Round to nearest, ties to even; too large becomes infinity, too small a subnormal or zero.
std::uint16_t to_half(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const std::uint32_t sign = bits >> 16 & 0x8000;
  const int exponent = static_cast<int>(bits >> 23 & 0xFF) - 127 + 15;
  std::uint32_t mantissa = bits & 0x7FFFFF;
  if (exponent >= 31) return static_cast<std::uint16_t>(sign | 0x7C00);
  if (exponent < -10) return static_cast<std::uint16_t>(sign);
  int shift = 13;
  std::uint32_t half = std::uint32_t(exponent > 0 ? exponent : 0) << 10;
  if (exponent <= 0) {
    mantissa |= 0x800000;
    shift += 1 - exponent;
  }
  half += mantissa >> shift;
  const std::uint32_t rest = mantissa & ((1U << shift) - 1), middle = 1U << (shift - 1);
  if (rest > middle || (rest == middle && (half & 1))) ++half;
  return static_cast<std::uint16_t>(sign | half);
}

}  // namespace

void ProtobufWriter::varint(std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out_ += static_cast<char>(value | 0x80);
  out_ += static_cast<char>(value);
}

ProtobufWriter& ProtobufWriter::integer(int field, std::int64_t value) {
  varint(tag(field, kVarint));
  varint(static_cast<std::uint64_t>(value));
  return *this;
}

ProtobufWriter& ProtobufWriter::single(int field, float value) {
  varint(tag(field, kFixed32));
  put_le(out_, std::bit_cast<std::uint32_t>(value), 4);
  return *this;
}

ProtobufWriter& ProtobufWriter::bytes(int field, std::string_view value) {
  varint(tag(field, kLengthDelimited));
  varint(value.size());
  out_ += value;
  return *this;
}

ProtobufWriter& ProtobufWriter::integers(int field, std::span<const std::int64_t> values) {
  ProtobufWriter packed;
  for (const std::int64_t value : values) packed.varint(static_cast<std::uint64_t>(value));
  return bytes(field, packed.out_);
}

ProtobufWriter& ProtobufWriter::entry(int field, std::string_view key, const ProtobufWriter& value) {
  return message(field, ProtobufWriter().bytes(1, key).message(2, value));
}

std::string raw_floats(std::span<const float> values) {
  std::string out;
  for (const float value : values) put_le(out, std::bit_cast<std::uint32_t>(value), 4);
  return out;
}

std::string raw_halves(std::span<const float> values) {
  std::string out;
  for (const float value : values) put_le(out, to_half(value), 2);
  return out;
}

std::string raw_int32(std::span<const std::int32_t> values) {
  std::string out;
  for (const std::int32_t value : values) put_le(out, static_cast<std::uint32_t>(value), 4);
  return out;
}

std::string raw_int64(std::span<const std::int64_t> values) {
  std::string out;
  for (const std::int64_t value : values) put_le(out, static_cast<std::uint64_t>(value), 8);
  return out;
}

}  // namespace cvemu::exporting
