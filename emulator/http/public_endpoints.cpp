#include "http/public_endpoints.h"

#include "base/text.h"

namespace cvemu {

std::optional<Url> PublicEndpoints::parse(std::string_view text) {
  auto url = Url::parse(text);
  if (!url || (url->path != "/" && !url->path.empty()) || !url->query.empty()) return std::nullopt;
  url->path = "/";
  return url;
}

bool same_authority(const Url& one, const Url& other) {
  return iequals(one.host, other.host) && one.port == other.port;
}

}  // namespace cvemu
