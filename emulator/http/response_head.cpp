#include "http/response_head.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

#include "base/text.h"
#include "base/times.h"

namespace cvemu {

namespace {

struct Reason {
  int status;
  std::string_view phrase;
};

// Ordered by status, for they are found by halves.
constexpr auto kReasons = std::to_array<Reason>({
    {100, "Continue"},
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {206, "Partial Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Request Entity Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {416, "Range Not Satisfiable"},
    {417, "Expectation Failed"},
    {421, "Misdirected Request"},
    {422, "Unprocessable Entity"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
    {507, "Insufficient Storage"},
});
static_assert(std::ranges::is_sorted(kReasons, {}, &Reason::status));

void append_number(std::string& out, std::uint64_t number) {
  char digits[20];
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  out.append(digits, end);
}

void append_status_line(std::string& out, int status) {
  if (status == 200) {
    out += "HTTP/1.1 200 OK\r\n";
    return;
  }
  out += "HTTP/1.1 ";
  append_number(out, static_cast<std::uint64_t>(status));
  out += ' ';
  out += reason_phrase(status);
  out += "\r\n";
}

bool breaks_lines(char c) {
  return c == '\r' || c == '\n' || c == '\0';
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
  out += name;
  out += ": ";
  const std::size_t start = out.size();
  out += value;
  if (!is_header_value(value))
    std::replace_if(out.begin() + static_cast<std::ptrdiff_t>(start), out.end(), breaks_lines, ' ');
  out += "\r\n";
}

enum class Field { Plain, Length, Date, Ours };

Field kind_of(std::string_view name) {
  if (iequals(name, "Content-Length")) return Field::Length;
  if (iequals(name, "Date")) return Field::Date;
  const bool ours =
      iequals(name, "Connection") || iequals(name, "Keep-Alive") || iequals(name, "Transfer-Encoding");
  return ours ? Field::Ours : Field::Plain;
}

bool is_bodiless(int status) {
  return status < 200 || status == 204 || status == 304;
}

// A handler's own length must be a number.
std::optional<std::string_view> given_length(const Response& response) {
  const auto value = response.headers.find("Content-Length");
  return value && parse_int(*value).value_or(-1) >= 0 ? value : std::nullopt;
}

void append_length(std::string& out, const Response& response, Framing framing) {
  const bool bodiless = is_bodiless(response.status);
  const auto given = bodiless || framing.to_head ? given_length(response) : std::nullopt;
  if (given) return append_field(out, "Content-Length", *given);
  if (bodiless) return;
  out += "Content-Length: ";
  append_number(out, response.body_length());
  out += "\r\n";
}

void append_date(std::string& out) {
  const auto now = std::chrono::floor<Duration>(std::chrono::system_clock::now());
  append_field(out, "Date", times::rfc1123(now));
}

}  // namespace

bool is_header_name(std::string_view name) {
  return !name.empty() && std::none_of(name.begin(), name.end(), [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == ':' || c == '\x7f';
  });
}

bool is_header_value(std::string_view value) {
  return std::none_of(value.begin(), value.end(), breaks_lines);
}

std::string_view reason_phrase(int status) {
  const auto found =
      std::lower_bound(kReasons.begin(), kReasons.end(), status,
                       [](const Reason& reason, int wanted) { return reason.status < wanted; });
  return found != kReasons.end() && found->status == status ? found->phrase : "Unknown";
}

void append_head(std::string& out, const Response& response, Framing framing) {
  append_status_line(out, response.status);
  bool has_date = false;
  for (const auto& [name, value] : response.headers) {
    const Field kind = kind_of(name);
    if (kind == Field::Length || kind == Field::Ours || !is_header_name(name)) continue;
    has_date |= kind == Field::Date;
    append_field(out, name, value);
  }
  if (!has_date) append_date(out);
  append_length(out, response, framing);
  out += framing.close ? "Connection: close\r\n\r\n"
                       : "Connection: keep-alive\r\nKeep-Alive: timeout=60\r\n\r\n";
}

bool sends_body(const Response& response, Framing framing) {
  return !framing.to_head && !is_bodiless(response.status);
}

}  // namespace cvemu
