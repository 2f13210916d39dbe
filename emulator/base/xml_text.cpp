#include "base/xml_text.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace cvemu {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

// Bytes that need no look.
constexpr std::array<bool, 256> kPlain = [] {
  std::array<bool, 256> plain{};
  for (std::size_t byte = 0; byte < plain.size(); ++byte) {
    const bool text = (byte >= 0x20 && byte < 0x80) || byte == '\t' || byte == '\n';
    plain[byte] = text && byte != '&' && byte != '<' && byte != '>' && byte != '"';
  }
  return plain;
}();

bool is_plain(char c) {
  return kPlain[static_cast<unsigned char>(c)];
}

bool is_high(char c) {
  return (c & 0x80) != 0;
}

std::string_view escape_of(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\r':
      return "&#xD;";
    default:
      return kReplacement;
  }
}

bool has_control_character(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return !is_xml_character(static_cast<unsigned char>(c)); }) ||
         text.find("\xEF\xBF\xBE") != std::string_view::npos ||
         text.find("\xEF\xBF\xBF") != std::string_view::npos;
}

// Bytes that are no UTF-8, and U+FFFE and U+FFFF, become U+FFFD.
std::string repaired(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    std::size_t length = 1;
    while (length < std::min<std::size_t>(4, text.size()) && (text[length] & 0xC0) == 0x80) ++length;
    const std::string_view piece = text.substr(0, length);
    const bool good = fits_xml(piece) || (length == 1 && !is_high(piece[0]));
    out += good ? piece : kReplacement;
    text.remove_prefix(length);
  }
  return out;
}

}  // namespace

bool is_xml_character(std::uint32_t code) {
  if (code < 0x20) return code == '\t' || code == '\n' || code == '\r';
  return code <= 0x10FFFF && !(code >= 0xD800 && code <= 0xDFFF) && code != 0xFFFE && code != 0xFFFF;
}

bool fits_xml(std::string_view text) {
  return is_valid_utf8(text) && !has_control_character(text);
}

bool is_plain_xml(std::string_view text) {
  return std::all_of(text.begin(), text.end(), is_plain);
}

void append_xml(std::string& out, std::string_view text, XmlQuotes quotes) {
  if (is_plain_xml(text)) {
    out += text;
    return;
  }
  std::string repair;
  if (!fits_xml(text)) text = repair = repaired(text);
  for (const char c : text) {
    if (is_plain(c) || is_high(c) || (c == '"' && quotes == XmlQuotes::Keep))
      out += c;
    else
      out += escape_of(c);
  }
}

}  // namespace cvemu
