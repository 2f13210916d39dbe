#include "exporting/flatbuffer_writer.h"

#include <algorithm>
#include <bit>

namespace cvemu::exporting {

namespace {
constexpr std::size_t kAlignment = 16;  // of the tensors inside, and so of the whole
}

FlatbufferWriter::Field FlatbufferWriter::Field::single(int index, float value) {
  return {index, 4, std::bit_cast<std::uint32_t>(value), false, {}};
}

void FlatbufferWriter::align(std::size_t next, std::size_t alignment) {
  while ((reversed_.size() + next) % alignment != 0) reversed_ += '\0';
}

void FlatbufferWriter::put(std::uint64_t value, int bytes) {
  for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) reversed_ += static_cast<char>(value >> shift);
}

void FlatbufferWriter::put_reference(Place target) {
  align(4, 4);
  put(reversed_.size() + 4 - target.from_end, 4);
}

FlatbufferWriter::Place FlatbufferWriter::text(std::string_view value) {
  align(value.size() + 1, 4);
  reversed_ += '\0';
  reversed_.append(value.rbegin(), value.rend());
  put(value.size(), 4);
  return here();
}

FlatbufferWriter::Place FlatbufferWriter::bytes(std::string_view value) {
  align(value.size(), kAlignment);
  reversed_.append(value.rbegin(), value.rend());
  put(value.size(), 4);
  return here();
}

FlatbufferWriter::Place FlatbufferWriter::int32s(std::span<const std::int32_t> values) {
  align(0, 4);
  for (auto it = values.rbegin(); it != values.rend(); ++it) put(static_cast<std::uint32_t>(*it), 4);
  put(values.size(), 4);
  return here();
}

FlatbufferWriter::Place FlatbufferWriter::places(const std::vector<Place>& targets) {
  align(0, 4);
  for (auto it = targets.rbegin(); it != targets.rend(); ++it) put_reference(*it);
  put(targets.size(), 4);
  return here();
}

FlatbufferWriter::Place FlatbufferWriter::table(std::vector<Field> fields) {
  const std::size_t entries = fields.empty() ? 0 : std::size_t(fields.back().index) + 1;
  std::stable_sort(fields.begin(), fields.end(),
                   [](const Field& a, const Field& b) { return a.size > b.size; });
  align(0, 4);
  const std::size_t end = reversed_.size();
  std::vector<std::size_t> at(entries);
  for (auto it = fields.rbegin(); it != fields.rend(); ++it) {
    if (it->refers) {
      put_reference(it->target);
    } else {
      align(std::size_t(it->size), std::size_t(it->size));
      put(it->value, it->size);
    }
    at[std::size_t(it->index)] = reversed_.size();
  }
  align(4, 4);
  const std::size_t vtable_size = 4 + 2 * entries;
  put(vtable_size, 4);  // the vtable stands right before
  const Place table = here();
  for (auto it = at.rbegin(); it != at.rend(); ++it) put(*it == 0 ? 0 : table.from_end - *it, 2);
  put(table.from_end - end, 2);
  put(vtable_size, 2);
  return table;
}

std::string FlatbufferWriter::finish(Place root, std::string_view identifier) {
  align(8, kAlignment);
  reversed_.append(identifier.rbegin(), identifier.rend());
  put_reference(root);
  return {reversed_.rbegin(), reversed_.rend()};
}

}  // namespace cvemu::exporting
