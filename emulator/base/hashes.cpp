#include "base/hashes.h"

#include <openssl/crypto.h>
#include <openssl/md5.h>
#include <openssl/sha.h>

#include <array>
#include <cstring>

#include "base/text.h"

namespace cvemu {

// The low-level functions are marked deprecated in OpenSSL 3, but only they allow a keyed state to be copied
// for 0.3 microseconds, and need no look-up for every blob and no loading of providers, a tenth of the
// program's start.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

// The two SHA-256 states after the inner and outer key block (RFC 2104).
struct HmacSha256::State {
  SHA256_CTX inner, outer;
};

HmacSha256::HmacSha256(std::string_view key) : state_(std::make_unique<State>()) {
  std::array<unsigned char, SHA256_CBLOCK> block{};
  const std::string hashed = key.size() > block.size() ? sha256(key) : std::string(key);
  std::memcpy(block.data(), hashed.data(), hashed.size());
  for (auto& byte : block) byte ^= 0x36;
  SHA256_Init(&state_->inner);
  SHA256_Update(&state_->inner, block.data(), block.size());
  for (auto& byte : block) byte ^= 0x36 ^ 0x5c;
  SHA256_Init(&state_->outer);
  SHA256_Update(&state_->outer, block.data(), block.size());
}

std::string HmacSha256::sign(std::string_view text) const {
  std::string out(SHA256_DIGEST_LENGTH, '\0');
  auto* bytes = reinterpret_cast<unsigned char*>(out.data());
  SHA256_CTX context = state_->inner;
  SHA256_Update(&context, text.data(), text.size());
  SHA256_Final(bytes, &context);
  context = state_->outer;
  SHA256_Update(&context, bytes, SHA256_DIGEST_LENGTH);
  SHA256_Final(bytes, &context);
  return out;
}

struct Md5::State {
  MD5_CTX context;
};

Md5::Md5() : state_(std::make_unique<State>()) {
  MD5_Init(&state_->context);
}
Md5::~Md5() = default;
void Md5::update(std::string_view bytes) {
  MD5_Update(&state_->context, bytes.data(), bytes.size());
}

std::string Md5::finish() {
  std::string out(MD5_DIGEST_LENGTH, '\0');
  MD5_Final(reinterpret_cast<unsigned char*>(out.data()), &state_->context);
  return out;
}

HmacSha256::~HmacSha256() = default;
HmacSha256::HmacSha256(HmacSha256&&) noexcept = default;
HmacSha256& HmacSha256::operator=(HmacSha256&&) noexcept = default;

std::string HmacSha256::sign_base64(std::string_view text) const {
  return base64_encode(sign(text));
}

namespace {

// Begin, take, end: OpenSSL's functions of one kind. Its one-shot functions would go through the providers.
template <class Context>
std::string digest(int (*begin)(Context*), int (*take)(Context*, const void*, std::size_t),
                   int (*end)(unsigned char*, Context*), std::size_t size, std::string_view bytes) {
  std::string out(size, '\0');
  Context context;
  begin(&context);
  take(&context, bytes.data(), bytes.size());
  end(reinterpret_cast<unsigned char*>(out.data()), &context);
  return out;
}

}  // namespace

std::string md5(std::string_view bytes) {
  return digest(MD5_Init, MD5_Update, MD5_Final, MD5_DIGEST_LENGTH, bytes);
}
std::string sha1(std::string_view bytes) {
  return digest(SHA1_Init, SHA1_Update, SHA1_Final, SHA_DIGEST_LENGTH, bytes);
}
std::string sha256(std::string_view bytes) {
  return digest(SHA256_Init, SHA256_Update, SHA256_Final, SHA256_DIGEST_LENGTH, bytes);
}

#pragma GCC diagnostic pop

namespace {

constexpr std::uint64_t kCrc64Polynomial = 0x9A6C9329AC4BC9B5ULL;

// Eight tables: eight bytes a step ("slicing by 8").
using Crc64Tables = std::array<std::array<std::uint64_t, 256>, 8>;

constexpr Crc64Tables make_crc64_tables() {
  Crc64Tables tables{};
  for (std::uint64_t i = 0; i < 256; ++i) {
    std::uint64_t value = i;
    for (int bit = 0; bit < 8; ++bit) value = (value & 1) ? (value >> 1) ^ kCrc64Polynomial : value >> 1;
    tables[0][i] = value;
  }
  for (std::size_t k = 1; k < 8; ++k)
    for (std::size_t i = 0; i < 256; ++i)
      tables[k][i] = (tables[k - 1][i] >> 8) ^ tables[0][tables[k - 1][i] & 255];
  return tables;
}

constexpr Crc64Tables kCrc64 = make_crc64_tables();

// Polynomials over GF(2) modulo that of the CRC; reflected, so that the highest bit is the coefficient of 1.
std::uint64_t multiply_crc64(std::uint64_t a, std::uint64_t b) {
  std::uint64_t product = 0;
  for (; a != 0; a <<= 1) {
    if (a >> 63 != 0) product ^= b;
    b = (b & 1) != 0 ? (b >> 1) ^ kCrc64Polynomial : b >> 1;
  }
  return product;
}

// x to the power of 8 * `bytes`: what that many bytes do to all that came before them.
std::uint64_t crc64_shift(std::uint64_t bytes) {
  std::uint64_t power = 1ULL << 63, square = 1ULL << 55;
  for (; bytes != 0; bytes >>= 1) {
    if ((bytes & 1) != 0) power = multiply_crc64(power, square);
    square = multiply_crc64(square, square);
  }
  return power;
}

std::uint64_t load_little_endian(const char* p) {
  std::uint64_t value = 0;
  for (int i = 7; i >= 0; --i) value = value << 8 | static_cast<unsigned char>(p[i]);
  return value;
}

}  // namespace

void Crc64::update(std::string_view bytes) {
  std::uint64_t crc = value_;
  while (bytes.size() >= 8) {
    crc ^= load_little_endian(bytes.data());
    std::uint64_t next = 0;
    for (std::size_t k = 0; k < 8; ++k) next ^= kCrc64[7 - k][crc >> (8 * k) & 255];
    crc = next;
    bytes.remove_prefix(8);
  }
  for (const char c : bytes) crc = (crc >> 8) ^ kCrc64[0][(crc ^ static_cast<unsigned char>(c)) & 255];
  value_ = crc;
}

// The start and the end of ones cancel each other.
void Crc64::append(const Crc64& next, std::uint64_t length) {
  value_ = ~(multiply_crc64(~value_, crc64_shift(length)) ^ ~next.value_);
}

std::string Crc64::bytes() const {
  std::string out(8, '\0');
  const std::uint64_t final_value = ~value_;
  for (unsigned i = 0; i < 8; ++i) out[i] = static_cast<char>(final_value >> (8 * i));
  return out;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    difference |= static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i]);
  return difference == 0;
}

std::string crypto_library_version() {
  return OpenSSL_version(OPENSSL_VERSION);
}

}  // namespace cvemu
