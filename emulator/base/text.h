// Small text functions that the protocols need. ASCII rules only: header names, enum values and hosts are
// ASCII.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cvemu {

// Of equal length, and equal but for case.
bool same_letters(std::string_view a, std::string_view b);
inline bool iequals(std::string_view a, std::string_view b) {
  return a.size() == b.size() && same_letters(a, b);
}
bool istarts_with(std::string_view text, std::string_view prefix);
std::string to_lower(std::string_view text);
std::string_view trim(std::string_view text);  // blanks and tabs at both ends
std::vector<std::string_view> split(std::string_view text, char separator);
// Cuts the first line off, without its end (LF or CR LF); nullopt if none is complete.
std::optional<std::string_view> take_line(std::string_view& rest);
std::string join(const std::vector<std::string>& words, std::string_view separator);

// Whole text, decimal, no sign except a leading '-'; nullopt for anything else or an overflow.
std::optional<std::int64_t> parse_int(std::string_view text);

std::string base64_encode(std::string_view bytes);
std::optional<std::string> base64_decode(std::string_view text);  // standard alphabet, padding required
std::string hex_encode(std::string_view bytes);                   // lower case

// Percent coding. decode: one pass; nullopt for a '%' not followed by two hex digits.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_blank = false);
// Leaves letters, digits and -._~ (and '/' if asked to); upper-case hex.
std::string percent_encode(std::string_view text, bool keep_slash = false);

bool is_valid_utf8(std::string_view text);

}  // namespace cvemu
