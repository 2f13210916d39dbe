#include "storage/names.h"

#include <algorithm>

#include "base/text.h"
#include "storage/errors.h"
#include "storage/limits.h"

namespace cvemu {

namespace {

bool is_lower_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool has_fitting_length(std::string_view name) {
  return name.size() >= storage_limits::kShortestName && name.size() <= storage_limits::kLongestName;
}

bool has_fitting_letters(std::string_view name) {
  const auto fits = [](char c) { return is_lower_or_digit(c) || c == '-'; };
  return !name.empty() && std::all_of(name.begin(), name.end(), fits) && is_lower_or_digit(name.front()) &&
         is_lower_or_digit(name.back()) && name.find("--") == std::string_view::npos;
}

bool is_system_container(std::string_view name) {
  return name == "$root" || name == "$web" || name == "$logs";
}

std::size_t characters(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(
      utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

// Azure: 0x00-0x1F, U+0081 and U+E000 may not be in a blob's name. 0x7F is refused too: no URL carries it.
bool has_forbidden_character(std::string_view name) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
  return std::any_of(name.begin(), name.end(), is_control) ||
         name.find("\xC2\x81") != std::string_view::npos ||
         name.find("\xEE\x80\x80") != std::string_view::npos;
}

}  // namespace

void check_queue_name(std::string_view name) {
  if (!has_fitting_length(name)) throw storage_errors::out_of_range_input();
  if (!has_fitting_letters(name)) throw storage_errors::invalid_resource_name();
}

void check_container_name(std::string_view name) {
  if (!is_system_container(name)) check_queue_name(name);
}

bool is_queue_name(std::string_view name) {
  return has_fitting_length(name) && has_fitting_letters(name);
}

bool is_container_name(std::string_view name) {
  return is_system_container(name) || is_queue_name(name);
}

std::string checked_blob_name(std::string_view decoded) {
  if (!is_valid_utf8(decoded) || has_forbidden_character(decoded)) throw storage_errors::invalid_uri();
  std::string name(decoded);
  std::replace(name.begin(), name.end(), '\\', '/');
  const auto segments = static_cast<std::size_t>(std::count(name.begin(), name.end(), '/')) + 1;
  if (name.empty() || characters(name) > storage_limits::kBlobName ||
      segments > storage_limits::kBlobSegments)
    throw storage_errors::out_of_range_input();
  return name;
}

bool is_identifier(std::string_view text) {
  return !text.empty() && is_letter(text[0]) &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_letter(c) || (c >= '0' && c <= '9'); });
}

}  // namespace cvemu
