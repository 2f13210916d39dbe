// Identifiers. Uuid is a value; IdSource makes new ones and is safe to share between threads. With the same
// seed and the same order of calls it makes the same ids.
#pragma once
#include <array>
#include <atomic>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cvemu {

class Uuid {
 public:
  Uuid() = default;
  explicit Uuid(std::array<std::uint8_t, 16> bytes) : bytes_(bytes) {}
  Uuid(std::uint64_t high, std::uint64_t low);

  // With dashes, any letter case; nothing else ("{...}", 32 hex digits) counts as an id.
  static std::optional<Uuid> parse(std::string_view text);
  static std::optional<Uuid> parse_compact(std::string_view text);  // 32 hex digits, any letter case

  std::string text() const;     // lower case, with dashes
  std::string compact() const;  // lower case, without dashes: the form in blob names
  std::uint64_t high() const;
  std::uint64_t low() const;
  const std::array<std::uint8_t, 16>& bytes() const { return bytes_; }
  bool is_nil() const { return bytes_ == std::array<std::uint8_t, 16>{}; }

  auto operator<=>(const Uuid&) const = default;

 private:
  std::array<std::uint8_t, 16> bytes_{};
};

// Order of SQL Server's uniqueidentifier: last six bytes first, then bytes 8-9, then 6-7, 4-5, 0-3 each
// reversed. Azure: GetTags answers in this order (8 of 8 recorded lists).
bool uniqueidentifier_less(const Uuid& a, const Uuid& b);

class IdSource {
 public:
  IdSource();  // seeded from the system
  explicit IdSource(std::uint64_t seed);

  Uuid uuid();             // version 4 form
  std::uint64_t number();  // 64 well mixed bits
  std::uint64_t seed() const { return seed_; }
  // How many were made; go_on_at() with the same count makes the same ones again.
  std::uint64_t made() const { return next_.load(); }
  void go_on_at(std::uint64_t made) { next_.store(made); }

 private:
  const std::uint64_t seed_;
  std::atomic<std::uint64_t> next_{0};
};

// A bijection on 64 bits that looks random: turns a row number into an opaque id and back.
std::uint64_t scramble(std::uint64_t value, std::uint64_t key);
std::uint64_t unscramble(std::uint64_t scrambled, std::uint64_t key);

}  // namespace cvemu
