#include "customvision/wire/request_headers.h"

#include "base/text.h"
#include "customvision/errors.h"

namespace cvemu::customvision {

namespace {

bool is_identity(std::string_view value) {
  return iequals(value, "identity");
}

// The value of the parameter `charset`, "" if there is none.
std::string charset_of(std::string_view type) {
  constexpr std::string_view kName = "charset=";
  for (std::string_view parameter : split(type, ';')) {
    parameter = trim(parameter);
    if (!istarts_with(parameter, kName)) continue;
    std::string_view value = trim(parameter.substr(kName.size()));
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
      value = value.substr(1, value.size() - 2);
    return to_lower(value);
  }
  return "";
}

// Emulator: Azure reads UTF-16 too.
bool is_readable(std::string_view type) {
  if (to_lower(type).find("json") == std::string::npos) return true;
  const std::string charset = charset_of(type);
  return charset.empty() || charset == "utf-8" || charset == "utf8" || charset == "us-ascii";
}

bool is_none(std::string_view) {
  return false;
}

struct Rule {
  std::string_view name;
  bool (*takes)(std::string_view value);
  ApiError (*refusal)(std::string_view name, std::string_view value);
};

constexpr Rule kRules[] = {
    {"Content-Encoding", is_identity, errors::unsupported_encoding},
    {"Content-Type", is_readable, errors::unsupported_encoding},
    {"Content-Range", is_none, errors::partial_body},
};

}  // namespace

void check_request_headers(const RequestContext& context) {
  if (context.body.length() == 0) return;
  for (const Rule& rule : kRules) {
    const std::string_view value = context.headers().get(rule.name);
    if (!value.empty() && !rule.takes(value)) throw rule.refusal(rule.name, value);
  }
}

}  // namespace cvemu::customvision
