#include "base/ids.h"

#include <random>

namespace cvemu {

namespace {

// SplitMix64's finaliser and its inverse.
constexpr std::uint64_t kMul1 = 0xbf58476d1ce4e5b9, kMul2 = 0x94d049bb133111eb, kGamma = 0x9e3779b97f4a7c15;
constexpr std::uint64_t kInv1 = 0x96de1b173f119089, kInv2 = 0x319642b2d24d8ec3;

std::uint64_t mix(std::uint64_t z) {
  z = (z ^ (z >> 30)) * kMul1;
  z = (z ^ (z >> 27)) * kMul2;
  return z ^ (z >> 31);
}

std::uint64_t unmix(std::uint64_t z) {
  z = (z ^ (z >> 31) ^ (z >> 62)) * kInv2;
  z = (z ^ (z >> 27) ^ (z >> 54)) * kInv1;
  return z ^ (z >> 30) ^ (z >> 60);
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

constexpr std::size_t kUuidLength = 36;
bool dash_at(std::size_t i) {
  return i == 8 || i == 13 || i == 18 || i == 23;
}

std::uint64_t seed_from_system() {
  std::random_device device;
  return (static_cast<std::uint64_t>(device()) << 32) | device();
}

}  // namespace

Uuid::Uuid(std::uint64_t high, std::uint64_t low) {
  for (unsigned i = 0; i < 8; ++i) {
    bytes_[i] = static_cast<std::uint8_t>(high >> (56 - 8 * i));
    bytes_[8 + i] = static_cast<std::uint8_t>(low >> (56 - 8 * i));
  }
}

std::optional<Uuid> Uuid::parse_compact(std::string_view text) {
  constexpr std::size_t kDigits = 32;
  if (text.size() != kDigits) return std::nullopt;
  std::string dashed(text);
  for (std::size_t i = 0; i < kUuidLength; ++i)
    if (dash_at(i)) dashed.insert(i, 1, '-');
  return parse(dashed);
}

std::optional<Uuid> Uuid::parse(std::string_view text) {
  if (text.size() != kUuidLength) return std::nullopt;
  std::array<std::uint8_t, 16> bytes{};
  std::size_t digit = 0;
  for (std::size_t i = 0; i < kUuidLength; ++i) {
    if (dash_at(i)) {
      if (text[i] != '-') return std::nullopt;
      continue;
    }
    const int value = hex_digit(text[i]);
    if (value < 0) return std::nullopt;
    bytes[digit / 2] = static_cast<std::uint8_t>(bytes[digit / 2] << 4 | value);
    ++digit;
  }
  return Uuid(bytes);
}

std::string Uuid::compact() const {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string out(32, '\0');
  for (std::size_t i = 0; i < 16; ++i) {
    out[2 * i] = kHex[bytes_[i] >> 4];
    out[2 * i + 1] = kHex[bytes_[i] & 15];
  }
  return out;
}

std::string Uuid::text() const {
  const std::string digits = compact();
  std::string out(kUuidLength, '-');
  std::size_t digit = 0;
  for (std::size_t i = 0; i < kUuidLength; ++i)
    if (!dash_at(i)) out[i] = digits[digit++];
  return out;
}

std::uint64_t Uuid::high() const {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < 8; ++i) value = value << 8 | bytes_[i];
  return value;
}

std::uint64_t Uuid::low() const {
  std::uint64_t value = 0;
  for (std::size_t i = 8; i < 16; ++i) value = value << 8 | bytes_[i];
  return value;
}

bool uniqueidentifier_less(const Uuid& a, const Uuid& b) {
  static constexpr std::size_t kOrder[16] = {10, 11, 12, 13, 14, 15, 8, 9, 7, 6, 5, 4, 3, 2, 1, 0};
  for (const std::size_t i : kOrder)
    if (a.bytes()[i] != b.bytes()[i]) return a.bytes()[i] < b.bytes()[i];
  return false;
}

IdSource::IdSource() : IdSource(seed_from_system()) {}
IdSource::IdSource(std::uint64_t seed) : seed_(mix(seed + kGamma)) {}

std::uint64_t IdSource::number() {
  return mix(seed_ + kGamma * (1 + next_.fetch_add(1)));
}

Uuid IdSource::uuid() {
  const std::uint64_t n = next_.fetch_add(1);
  const std::uint64_t high = mix(seed_ + kGamma * (1 + n));
  const std::uint64_t low = mix(~seed_ + kGamma * (1 + n));
  return Uuid((high & ~0xf000ULL) | 0x4000ULL, (low & 0x3fffffffffffffffULL) | 0x8000000000000000ULL);
}

std::uint64_t scramble(std::uint64_t value, std::uint64_t key) {
  return mix(value + key);
}
std::uint64_t unscramble(std::uint64_t scrambled, std::uint64_t key) {
  return unmix(scrambled) - key;
}

}  // namespace cvemu
