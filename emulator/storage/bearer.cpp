#include "storage/bearer.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace cvemu::bearer {

namespace {

// Azure: the token services of the public and the national clouds (Azurite's list, and the v2 endpoint).
constexpr std::array<std::string_view, 5> kIssuers = {
    "https://sts.windows.net/", "https://sts.microsoftonline.de/", "https://sts.chinacloudapi.cn/",
    "https://sts.windows-ppe.net", "https://login.microsoftonline.com/"};
constexpr std::array<std::string_view, 4> kClouds = {"windows.net", "chinacloudapi.cn", "usgovcloudapi.net",
                                                     "cloudapi.de"};
constexpr std::string_view kStorageApplication = "e406a681-f3d4-42a8-90b6-c2b029497af1";

std::optional<std::string> decode_part(std::string_view part) {
  std::string text(part);
  std::replace(text.begin(), text.end(), '-', '+');
  std::replace(text.begin(), text.end(), '_', '/');
  while (text.size() % 4 != 0) text += '=';
  return base64_decode(text);
}

// Reads the members of one JSON object; what is neither text nor a plain word is passed over.
class ClaimReader {
 public:
  explicit ClaimReader(std::string_view json) : rest_(json) {}

  std::optional<Claims> read() {
    Claims claims;
    if (!take('{')) return std::nullopt;
    if (take('}')) return claims;
    do {
      auto name = text();
      if (!name || !take(':')) return std::nullopt;
      auto value = this->value();
      if (!value) return std::nullopt;
      claims.emplace_back(std::move(*name), std::move(*value));
    } while (take(','));
    return take('}') ? std::optional(std::move(claims)) : std::nullopt;
  }

 private:
  void skip_blanks() { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\r\n"), rest_.size())); }

  bool take(char expected) {
    skip_blanks();
    if (!rest_.starts_with(expected)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  // Escapes other than \u lose their backslash; no claim that is looked at has any.
  std::optional<std::string> text() {
    if (!take('"')) return std::nullopt;
    std::string out;
    while (!rest_.empty() && rest_[0] != '"') {
      if (rest_[0] == '\\') rest_.remove_prefix(1);
      if (rest_.empty()) return std::nullopt;
      out += rest_[0];
      rest_.remove_prefix(1);
    }
    return take('"') ? std::optional(std::move(out)) : std::nullopt;
  }

  std::optional<std::string> value() {
    skip_blanks();
    if (rest_.starts_with('"')) return text();
    if (rest_.starts_with('{') || rest_.starts_with('[')) return skip_nested();
    const auto end = std::min(rest_.find_first_of(",} \t\r\n"), rest_.size());
    std::string word(rest_.substr(0, end));
    rest_.remove_prefix(end);
    return word.empty() ? std::nullopt : std::optional(std::move(word));
  }

  std::optional<std::string> skip_nested() {
    int depth = 0;
    do {
      skip_blanks();
      if (rest_.empty()) return std::nullopt;
      if (rest_[0] == '"') {
        if (!text()) return std::nullopt;
        continue;
      }
      if (rest_[0] == '{' || rest_[0] == '[') ++depth;
      if (rest_[0] == '}' || rest_[0] == ']') --depth;
      rest_.remove_prefix(1);
    } while (depth > 0);
    return std::string();
  }

  std::string_view rest_;
};

bool is_audience(std::string_view audience, StorageKind service, std::string_view account) {
  if (audience == kStorageApplication) return true;
  if (audience.ends_with('/')) audience.remove_suffix(1);
  if (audience == "https://storage.azure.com") return true;
  const std::string_view kind = service == StorageKind::Blob ? ".blob.core." : ".queue.core.";
  const std::string begin = "https://" + std::string(account) + std::string(kind);
  if (!audience.starts_with(begin)) return false;
  return std::find(kClouds.begin(), kClouds.end(), audience.substr(begin.size())) != kClouds.end();
}

std::string problem_with_time(const Claims& claims, Instant now) {
  const auto not_before = parse_int(claim(claims, "nbf")), expiry = parse_int(claim(claims, "exp"));
  if (!not_before || !expiry || !parse_int(claim(claims, "iat")))
    return "The token lacks one of the claims nbf, exp, iat.";
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  if (seconds < *not_before) return "The token is not valid yet (nbf).";
  return seconds > *expiry ? "The token has expired (exp)." : "";
}

}  // namespace

std::optional<Claims> read_claims(std::string_view jwt) {
  const auto parts = split(jwt, '.');
  if (parts.size() != 3) return std::nullopt;
  const auto header = decode_part(parts[0]), payload = decode_part(parts[1]);
  if (!header || !payload || !ClaimReader(*header).read()) return std::nullopt;
  return ClaimReader(*payload).read();
}

std::string_view claim(const Claims& claims, std::string_view name) {
  for (const auto& [key, value] : claims)
    if (key == name) return value;
  return "";
}

std::string problem_with(std::string_view jwt, StorageKind service, std::string_view account, Instant now) {
  const auto claims = read_claims(jwt);
  if (!claims) return "The token is not a JWT.";
  if (const auto problem = problem_with_time(*claims, now); !problem.empty()) return problem;
  const auto issuer = claim(*claims, "iss");
  if (std::none_of(kIssuers.begin(), kIssuers.end(), [&](auto known) { return issuer.starts_with(known); }))
    return "Issuer " + std::string(issuer) + " is not known (iss).";
  const auto audience = claim(*claims, "aud");
  if (!is_audience(audience, service, account))
    return "Audience " + std::string(audience) + " is not this service (aud).";
  return "";
}

}  // namespace cvemu::bearer
