#include "base/json_writer.h"

#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "base/text.h"

namespace cvemu {

namespace {

// .NET "R": `few` digits if they read back as the same value, else `many`.
template <class T>
std::string dotnet_number(T value, int few, int many, T (*parse)(const char*, char**)) {
  if (!std::isfinite(value)) return "\"NaN\"";
  char digits[40];
  std::snprintf(digits, sizeof digits, "%.*E", few - 1, static_cast<double>(value));
  if (parse(digits, nullptr) != value)
    std::snprintf(digits, sizeof digits, "%.*E", many - 1, static_cast<double>(value));

  // digits is "[-]d.ddddE+xx"; take it apart.
  std::string text(digits);
  const bool negative = text[0] == '-';
  if (negative) text.erase(0, 1);
  const auto e = text.find('E');
  const int exponent = std::atoi(text.c_str() + e + 1);
  std::string mantissa = text.substr(0, 1) + text.substr(2, e - 2);
  while (mantissa.size() > 1 && mantissa.back() == '0') mantissa.pop_back();

  std::string out = negative ? "-" : "";
  if (exponent < -4 || exponent >= (few == 7 ? 7 : 15)) {
    out += mantissa.substr(0, 1);
    out += mantissa.size() > 1 ? "." + mantissa.substr(1) : "";
    const std::string size = std::to_string(std::abs(exponent));
    return out + (exponent < 0 ? "E-" : "E+") + (size.size() < 2 ? "0" : "") + size;
  }
  if (exponent < 0) return out + "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + mantissa;
  const auto whole = static_cast<std::size_t>(exponent) + 1;
  if (mantissa.size() <= whole) return out + mantissa + std::string(whole - mantissa.size(), '0') + ".0";
  return out + mantissa.substr(0, whole) + "." + mantissa.substr(whole);
}

bool needs_escape(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\';
}

void append_escape(std::string& out, char c) {
  static constexpr char kHex[] = "0123456789abcdef";
  switch (c) {
    case '"':
      out += "\\\"";
      break;
    case '\\':
      out += "\\\\";
      break;
    case '\n':
      out += "\\n";
      break;
    case '\r':
      out += "\\r";
      break;
    case '\t':
      out += "\\t";
      break;
    case '\b':
      out += "\\b";
      break;
    case '\f':
      out += "\\f";
      break;
    default:
      out += "\\u00";
      out += kHex[static_cast<unsigned char>(c) >> 4];
      out += kHex[static_cast<unsigned char>(c) & 15];
  }
}

void append_escaped(std::string& out, std::string_view text) {
  std::size_t written = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!needs_escape(text[i])) continue;
    out += text.substr(written, i - written);
    append_escape(out, text[i]);
    written = i + 1;
  }
  out += text.substr(written);
}

// Each byte that does not belong to a well-formed sequence becomes U+FFFD.
std::string repaired(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t length = 4;
    while (length > 0 && !(i + length <= text.size() && is_valid_utf8(text.substr(i, length)))) --length;
    out += length > 0 ? text.substr(i, length) : "\xEF\xBF\xBD";
    i += length > 0 ? length : 1;
  }
  return out;
}

}  // namespace

void JsonWriter::separate() {
  if (comma_) out_ += ',';
  comma_ = true;
}

JsonWriter& JsonWriter::open(char bracket) {
  separate();
  out_ += bracket;
  comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::close(char bracket) {
  out_ += bracket;
  comma_ = true;
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  string(name);
  out_ += ':';
  comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::string(std::string_view value) {
  separate();
  out_ += '"';
  if (is_valid_utf8(value)) {
    append_escaped(out_, value);
  } else {
    append_escaped(out_, repaired(value));
  }
  out_ += '"';
  return *this;
}

JsonWriter& JsonWriter::boolean(bool value) {
  return raw(value ? "true" : "false");
}
JsonWriter& JsonWriter::null() {
  return raw("null");
}
JsonWriter& JsonWriter::single(float value) {
  return raw(dotnet_number(value, 7, 9, std::strtof));
}
JsonWriter& JsonWriter::number(double value) {
  return raw(dotnet_number(value, 15, 17, std::strtod));
}

JsonWriter& JsonWriter::integer(std::int64_t value) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  return raw({digits, static_cast<std::size_t>(end - digits)});
}

JsonWriter& JsonWriter::raw(std::string_view json) {
  separate();
  out_ += json;
  return *this;
}

}  // namespace cvemu
