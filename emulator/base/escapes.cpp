#include "base/escapes.h"

#include <utility>

namespace cvemu {

namespace {

constexpr char kBeyondAscii = '\x80';
constexpr int kLayers = 6;  // %2525... is as deep as anybody nests

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

// Of `digits` hex digits at `at`; -1 if there are not so many.
int hex_number(std::string_view text, std::size_t at, std::size_t digits) {
  if (at > text.size() || text.size() - at < digits) return -1;
  int number = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    const int value = hex_value(text[at + i]);
    if (value < 0) return -1;
    number = number * 16 + value;
  }
  return number;
}

char ascii_or_beyond(int code) {
  return code < 0x80 ? static_cast<char>(code) : kBeyondAscii;
}

// After the backslashes: what JSON lets follow them.
void read_backslashes(std::string_view text, std::size_t at, MeantChar& out) {
  std::size_t end = text.find_first_not_of('\\', at);
  if (end == std::string_view::npos) end = text.size();
  out.slashes = end - at;
  out.width = out.slashes;
  if (end == text.size()) return;
  const char next = text[end];
  if (next == '"' || next == '\'' || next == '/') {
    out.meaning = next;
    ++out.width;
  } else if (const int code = next == 'u' ? hex_number(text, end + 1, 4) : -1; code >= 0) {
    out = {ascii_or_beyond(code), out.slashes + 5};
  } else {
    constexpr std::pair<char, char> kControls[] = {
        {'n', '\n'}, {'r', '\r'}, {'t', '\t'}, {'b', '\b'}, {'f', '\f'}};
    for (const auto& [letter, meaning] : kControls)
      if (next == letter) out = {meaning, out.slashes + 1};
  }
}

// "amp;", "#38;", "#x26;" after an ampersand.
bool read_entity(std::string_view rest, MeantChar& out) {
  constexpr std::pair<std::string_view, char> kNamed[] = {
      {"amp;", '&'}, {"lt;", '<'}, {"gt;", '>'}, {"quot;", '"'}, {"apos;", '\''}};
  for (const auto& [name, meaning] : kNamed) {
    if (!rest.starts_with(name)) continue;
    out.meaning = meaning;
    out.width += name.size();
    return true;
  }
  constexpr std::size_t kLongest = 8;
  if (!rest.starts_with('#')) return false;
  const bool hex = rest.size() > 1 && (rest[1] == 'x' || rest[1] == 'X');
  const int base = hex ? 16 : 10;
  int code = 0;
  for (std::size_t i = hex ? 2 : 1; i < rest.size() && i < kLongest; ++i) {
    if (rest[i] == ';') {
      if (i == (hex ? 2U : 1U)) return false;
      out.meaning = ascii_or_beyond(code);
      out.width += i + 1;
      return true;
    }
    const int digit = hex_value(rest[i]);
    if (digit < 0 || digit >= base) return false;
    code = code * base + digit;
  }
  return false;
}

}  // namespace

MeantChar escaped_at(std::string_view text, std::size_t at) {
  MeantChar out{text[at]};
  if (out.meaning == '\\') read_backslashes(text, at, out);
  for (int layer = 0; layer < kLayers; ++layer) {
    if (out.meaning == '%') {
      const int code = hex_number(text, at + out.width, 2);
      if (code < 0) break;
      out.meaning = code < 0x80 ? static_cast<char>(code) : kBeyondAscii;
      out.width += 2;
      out.percent = true;
    } else if (out.meaning != '&' || !read_entity(text.substr(at + out.width), out)) {
      break;
    }
  }
  return out;
}

bool closes_text(std::size_t slashes, std::size_t opening) {
  for (; opening > 0; opening /= 2) {
    if (slashes % 2 == 0) return true;
    slashes /= 2;
  }
  return slashes % 2 == 0;
}

}  // namespace cvemu
