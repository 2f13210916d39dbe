// Writes FlatBuffers, the container of TensorFlow Lite files: from the end to the beginning, so that
// everything referred to already stands. A place is the distance from the end of the file.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cvemu::exporting {

class FlatbufferWriter {
 public:
  struct Place {
    std::size_t from_end = 0;
  };

  // A field of a table: its index in the schema and its value.
  struct Field {
    int index = 0;
    int size = 4;  // 1, 4, or 4 with `target`
    std::uint32_t value = 0;
    bool refers = false;
    Place target = {};

    static Field byte(int index, std::uint32_t value) { return {index, 1, value, false, {}}; }
    static Field int32(int index, std::int32_t value) {
      return {index, 4, static_cast<std::uint32_t>(value), false, {}};
    }
    static Field single(int index, float value);
    static Field to(int index, Place target) { return {index, 4, 0, true, target}; }
  };

  Place text(std::string_view value);
  Place bytes(std::string_view value);  // a vector of bytes, aligned to 16
  Place int32s(std::span<const std::int32_t> values);
  Place places(const std::vector<Place>& targets);
  Place table(std::vector<Field> fields);  // in order of index

  std::string finish(Place root, std::string_view identifier);  // once

 private:
  // So many zeros that, after `next` further bytes, the place is a multiple of `alignment`.
  void align(std::size_t next, std::size_t alignment);
  void put(std::uint64_t value, int bytes);
  void put_reference(Place target);
  Place here() const { return {reversed_.size()}; }
  std::string reversed_;
};

}  // namespace cvemu::exporting
