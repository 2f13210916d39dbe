#include "storage/shared_key.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/text.h"
#include "base/times.h"
#include "storage/errors.h"

namespace cvemu::shared_key {

namespace {

constexpr std::string_view kOutgoingVersion = "2021-12-02";  // old enough for every other emulator
constexpr std::string_view kMs = "x-ms-";
constexpr std::string_view kSecondary = "-secondary";

// The header lines of the text, in its order.
enum Line { Encoding, Language, Length, Md5, Type, Date, IfModified, IfMatch, IfNone, IfUnmodified, Range };
constexpr std::array<std::string_view, 11> kLines = {
    "content-encoding",  "content-language", "content-length", "content-md5",         "content-type", "date",
    "if-modified-since", "if-match",         "if-none-match",  "if-unmodified-since", "range"};

// Where clients disagree; each is tried if the first spelling does not fit.
struct Spelling {
  bool byte_order = false;         // x-ms headers by bytes. Azure: rclone (Go) sorts so
  bool language_first = false;     // Azure: the JavaScript SDK puts Content-Language before Content-Encoding
  bool no_date = false;            // Date and x-ms-date both sent: documentation leaves the line empty
  bool literal_zero = false;       // Content-Length: 0 before version 2015-02-21
  bool without_secondary = false;  // Azure: some SDKs leave "-secondary" out of the path
};

constexpr char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

// The weights of .NET's en-US order among the characters of a header name: punctuation, digits, letters.
constexpr int weight(char c) {
  const char l = lower(c);
  if ((l >= 'a' && l <= 'z') || (l >= '0' && l <= '9')) return l;
  return c == '_' ? 1 : 2 + (l & 31);
}

// Azure: headers are sorted as .NET does for en-US: "-" does not count at first, "_" comes before digits.
bool culture_less(std::string_view a, std::string_view b) {
  std::size_t i = 0, k = 0;
  int earlier_dash = 0;
  for (;; ++i, ++k) {
    const bool dash_a = i < a.size() && a[i] == '-', dash_b = k < b.size() && b[k] == '-';
    if (dash_a != dash_b && earlier_dash == 0) earlier_dash = dash_a ? 1 : -1;
    while (i < a.size() && a[i] == '-') ++i;
    while (k < b.size() && b[k] == '-') ++k;
    if (i == a.size() || k == b.size()) break;
    if (weight(a[i]) != weight(b[k])) return weight(a[i]) < weight(b[k]);
  }
  if (i < a.size() || k < b.size()) return i == a.size();
  return earlier_dash < 0;
}

bool byte_less(std::string_view a, std::string_view b) {
  return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(),
                                      [](char x, char y) { return lower(x) < lower(y); });
}

bool culture_order(const Headers::Field* a, const Headers::Field* b) {
  return culture_less(std::string_view(a->name).substr(kMs.size()),
                      std::string_view(b->name).substr(kMs.size()));
}

std::vector<const Headers::Field*> in_byte_order(std::vector<const Headers::Field*> fields) {
  std::stable_sort(fields.begin(), fields.end(), [](const Headers::Field* a, const Headers::Field* b) {
    return byte_less(a->name, b->name);
  });
  return fields;
}

void append_lower(std::string& out, std::string_view text) {
  for (const char c : text) out += lower(c);
}

using Parameter = std::pair<std::string, std::string>;

// A request taken apart in one pass.
struct Parts {
  Parts(const Request& sent, const Query& parameters, std::string_view account_name);

  const Request& request;
  std::string_view account;
  std::array<std::string_view, kLines.size()> lines{};
  std::vector<const Headers::Field*> ms_headers;  // in culture order
  std::vector<const Parameter*> query;
};

// Azure: a parameter without "=" is not signed.
std::vector<const Parameter*> signed_parameters(std::string_view raw, const Query& query) {
  std::vector<const Parameter*> out;
  if (raw.empty()) return out;
  out.reserve(query.all().size());
  std::size_t index = 0;
  for (const std::string_view piece : split(raw, '&')) {
    if (piece.empty()) continue;
    const Parameter& parameter = query.all().at(index++);
    if (piece.find('=') != std::string_view::npos) out.push_back(&parameter);
  }
  std::sort(out.begin(), out.end(), [](const Parameter* a, const Parameter* b) {
    return iequals(a->first, b->first) ? a->second < b->second : byte_less(a->first, b->first);
  });
  return out;
}

Parts::Parts(const Request& sent, const Query& parameters, std::string_view account_name)
    : request(sent), account(account_name), query(signed_parameters(sent.raw_query(), parameters)) {
  ms_headers.reserve(16);
  for (const auto& field : sent.headers) {
    if (istarts_with(field.name, kMs)) {
      const auto at = std::upper_bound(ms_headers.begin(), ms_headers.end(), &field, culture_order);
      ms_headers.insert(at, &field);
      continue;
    }
    for (std::size_t i = 0; i < kLines.size(); ++i)
      if (field.name.size() == kLines[i].size() && iequals(field.name, kLines[i]))
        lines[i] = trim(field.value);
  }
}

// The same name twice: the values are joined by commas, in the order sent.
void append_headers(std::string& out, const std::vector<const Headers::Field*>& fields, bool byte_order) {
  if (byte_order) return append_headers(out, in_byte_order(fields), false);
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (i > 0 && iequals(fields[i]->name, fields[i - 1]->name)) {
      out.back() = ',';
    } else {
      append_lower(out, fields[i]->name);
      out += ':';
    }
    out += trim(fields[i]->value);
    out += '\n';
  }
}

// The path as on the wire, behind the account; a path-style path repeats the account.
void append_path(std::string& out, const Parts& parts, bool without_secondary) {
  const std::string_view path = parts.request.raw_path();
  out += '/';
  out += parts.account;
  const std::size_t end = 1 + parts.account.size();
  if (!without_secondary) {
    out += path;
    return;
  }
  out += path.substr(0, end);
  out += path.substr(end + kSecondary.size());
}

void append_query(std::string& out, const std::vector<const Parameter*>& query) {
  for (std::size_t i = 0; i < query.size(); ++i) {
    if (i > 0 && iequals(query[i]->first, query[i - 1]->first)) {
      out += ',';
    } else {
      out += '\n';
      append_lower(out, query[i]->first);
      out += ':';
    }
    out += query[i]->second;
  }
}

std::string full_text(const Parts& parts, const Spelling& spelling) {
  std::string out;
  out.reserve(512);
  out += method_name(parts.request.method);
  out += '\n';
  auto lines = parts.lines;
  if (spelling.language_first) std::swap(lines[Encoding], lines[Language]);
  if (lines[Length] == "0" && !spelling.literal_zero) lines[Length] = {};
  if (spelling.no_date) lines[Date] = {};
  for (const std::string_view line : lines) {
    out += line;
    out += '\n';
  }
  append_headers(out, parts.ms_headers, spelling.byte_order);
  append_path(out, parts, spelling.without_secondary);
  append_query(out, parts.query);
  return out;
}

std::string lite_text(const Parts& parts, const Spelling& spelling) {
  std::string out(method_name(parts.request.method));
  for (const std::string_view line : {parts.lines[Md5], parts.lines[Type]}) {
    out += '\n';
    out += line;
  }
  out += '\n';
  if (!spelling.no_date) out += parts.lines[Date];
  out += '\n';
  append_headers(out, parts.ms_headers, spelling.byte_order);
  append_path(out, parts, spelling.without_secondary);
  for (const Parameter* parameter : parts.query)
    if (iequals(parameter->first, "comp")) out += "?comp=" + parameter->second;
  return out;
}

std::string text_of(const Parts& parts, Scheme scheme, const Spelling& spelling) {
  return scheme == Scheme::Full ? full_text(parts, spelling) : lite_text(parts, spelling);
}

// The choices that make a difference for this request.
std::vector<bool Spelling::*> open_choices(const Parts& parts) {
  std::vector<bool Spelling::*> choices = {&Spelling::byte_order};
  const Headers& headers = parts.request.headers;
  if (parts.lines[Encoding] != parts.lines[Language]) choices.push_back(&Spelling::language_first);
  if (!parts.lines[Date].empty() && headers.has("x-ms-date")) choices.push_back(&Spelling::no_date);
  const auto version = headers.find("x-ms-version");
  if (parts.lines[Length] == "0" && version && *version < "2015-02-21")
    choices.push_back(&Spelling::literal_zero);
  const std::string_view path = parts.request.raw_path();
  if (path.size() > parts.account.size() && path.substr(1).starts_with(parts.account) &&
      path.substr(1 + parts.account.size()).starts_with(kSecondary))
    choices.push_back(&Spelling::without_secondary);
  return choices;
}

}  // namespace

std::string string_to_sign(const Request& request, const Query& query, std::string_view account,
                           Scheme scheme) {
  return text_of(Parts(request, query, account), scheme, {});
}

void sign(Request& request, const Account& account, Instant now) {
  request.headers.set("x-ms-date", times::rfc1123(now));
  if (!request.headers.has("x-ms-version")) request.headers.add("x-ms-version", kOutgoingVersion);
  const auto text = string_to_sign(request, Query::parse(request.raw_query()), account.name);
  request.headers.set("Authorization",
                      "SharedKey " + account.name + ':' + account.keys.front().hmac.sign_base64(text));
}

std::optional<Authorization> parse_authorization(std::string_view header) {
  if (!header.starts_with("SharedKey")) return std::nullopt;
  Authorization out;
  out.scheme = header.starts_with("SharedKeyLite") ? Scheme::Lite : Scheme::Full;
  const auto blank = header.find(' ');
  const std::string_view word = header.substr(0, blank);
  if (word != "SharedKey" && word != "SharedKeyLite") return std::nullopt;
  const std::string_view rest = blank == std::string_view::npos ? "" : trim(header.substr(blank));
  const auto colon = rest.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon + 1 == rest.size())
    throw storage_errors::invalid_authentication_info("Authorization must read: SharedKey account:signature");
  out.account = rest.substr(0, colon);
  out.signature = rest.substr(colon + 1);
  return out;
}

std::optional<std::string> mismatch(const Request& request, const Query& query, const Authorization& given,
                                    const Account& account) {
  const Parts parts(request, query, account.name);
  std::string first = text_of(parts, given.scheme, {});
  if (account.signs(first, given.signature)) return std::nullopt;
  const auto choices = open_choices(parts);
  for (unsigned subset = 1; subset < 1U << choices.size(); ++subset) {
    Spelling spelling;
    for (std::size_t i = 0; i < choices.size(); ++i) spelling.*choices[i] = (subset >> i & 1U) != 0;
    if (account.signs(text_of(parts, given.scheme, spelling), given.signature)) return std::nullopt;
  }
  return first;
}

}  // namespace cvemu::shared_key
