// Numbers at offsets of a byte string. Reading beyond the end gives 0; has() tells.
#pragma once
#include <cstdint>
#include <string_view>

namespace cvemu::imaging {

class Bytes {
 public:
  explicit Bytes(std::string_view text) : text_(text) {}

  std::size_t size() const { return text_.size(); }
  bool has(std::size_t at, std::size_t count) const { return at <= size() && count <= size() - at; }
  std::string_view part(std::size_t at, std::size_t count) const {
    return has(at, count) ? text_.substr(at, count) : std::string_view{};
  }

  std::uint8_t u8(std::size_t at) const { return at < size() ? static_cast<std::uint8_t>(text_[at]) : 0; }
  std::uint16_t u16le(std::size_t at) const { return static_cast<std::uint16_t>(u8(at) | u8(at + 1) << 8); }
  std::uint16_t u16be(std::size_t at) const { return static_cast<std::uint16_t>(u8(at) << 8 | u8(at + 1)); }
  std::uint32_t u32le(std::size_t at) const { return u16le(at) | std::uint32_t{u16le(at + 2)} << 16; }
  std::uint32_t u32be(std::size_t at) const { return std::uint32_t{u16be(at)} << 16 | u16be(at + 2); }
  std::int32_t i32le(std::size_t at) const { return static_cast<std::int32_t>(u32le(at)); }

 private:
  std::string_view text_;
};

}  // namespace cvemu::imaging
