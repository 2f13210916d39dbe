// Digests. Each class is for one thread; digests are returned as raw bytes.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace cvemu {

// HMAC-SHA256 with the key's state kept, so that signing costs one copy of the state and the text.
// sign() may be called from several threads.
class HmacSha256 {
 public:
  explicit HmacSha256(std::string_view key);
  ~HmacSha256();
  HmacSha256(HmacSha256&&) noexcept;
  HmacSha256& operator=(HmacSha256&&) noexcept;
  std::string sign(std::string_view text) const;         // 32 bytes
  std::string sign_base64(std::string_view text) const;  // as Azure writes signatures

 private:
  struct State;
  std::unique_ptr<State> state_;
};

class Md5 {
 public:
  Md5();
  ~Md5();
  Md5(const Md5&) = delete;
  Md5& operator=(const Md5&) = delete;
  void update(std::string_view bytes);
  std::string finish();  // 16 bytes; once

 private:
  struct State;
  std::unique_ptr<State> state_;
};

std::string md5(std::string_view bytes);
std::string sha1(std::string_view bytes);    // 20 bytes
std::string sha256(std::string_view bytes);  // 32 bytes

// CRC-64/NVME: reflected polynomial 0x9A6C9329AC4BC9B5, start and end all ones. Azure: x-ms-content-crc64.
class Crc64 {
 public:
  void update(std::string_view bytes);
  // As if the `length` bytes that `next` has seen had followed here. Takes about a microsecond, whatever the
  // length.
  void append(const Crc64& next, std::uint64_t length);
  std::string bytes() const;  // 8 bytes, little-endian, as the header carries them before base64

 private:
  std::uint64_t value_ = ~0ULL;
};

// Takes the same time whatever the position of the first difference.
bool equal_in_constant_time(std::string_view a, std::string_view b);

// The library that all of this is from: "OpenSSL 3.0.15 3 Sep 2024".
std::string crypto_library_version();

}  // namespace cvemu
