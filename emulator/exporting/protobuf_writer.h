// Writes protocol buffer messages: what ONNX, TensorFlow and Core ML files are made of. A message is a string
// of fields; a message inside another is a field of bytes.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace cvemu::exporting {

class ProtobufWriter {
 public:
  ProtobufWriter& integer(int field, std::int64_t value);
  ProtobufWriter& single(int field, float value);
  ProtobufWriter& bytes(int field, std::string_view value);  // also: string
  ProtobufWriter& message(int field, const ProtobufWriter& value) { return bytes(field, value.out_); }
  ProtobufWriter& integers(int field, std::span<const std::int64_t> values);  // packed
  // An entry of a map with string keys.
  ProtobufWriter& entry(int field, std::string_view key, const ProtobufWriter& value);

  const std::string& text() const { return out_; }
  bool empty() const { return out_.empty(); }

 private:
  void varint(std::uint64_t value);
  std::string out_;
};

// The little-endian bytes of the numbers, as every model format stores them.
std::string raw_floats(std::span<const float> values);
std::string raw_halves(std::span<const float> values);  // rounded to the nearest float16
std::string raw_int32(std::span<const std::int32_t> values);
std::string raw_int64(std::span<const std::int64_t> values);

}  // namespace cvemu::exporting
