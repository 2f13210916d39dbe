// URLs, queries, escapes: the first line is a URL, the rest a query or any text.
#include "base/url.h"

#include "base/escapes.h"
#include "base/text.h"
#include "http/host_policy.h"
#include "target.h"

namespace {

using namespace cvemu;

void check_url(std::string_view text) {
  const auto url = Url::parse(text);
  if (!url) return;
  fuzz::expect(url->path.starts_with('/'), "a path begins with a slash");
  fuzz::expect(url->port > 0 && url->port < 65536, "a port is one");
  const auto again = Url::parse(url->text());
  fuzz::expect(again && again->text() == url->text(), "a URL that is written reads the same");
  fuzz::expect(again->scheme == url->scheme && again->host == url->host && again->port == url->port &&
                   again->path == url->path && again->query == url->query,
               "all parts of a URL read the same");
  fuzz::expect(Url::parse(url->at("/c/b?restype=container").text()).has_value(), "what lies in a URL is one");
  is_loopback(url->host);
  is_this_machine(url->host);
}

void check_query(std::string_view raw) {
  const Query query = Query::parse(raw);
  std::string text;
  for (const auto& [name, value] : query.all()) {
    if (!text.empty()) text += '&';
    text += percent_encode(name) + '=' + percent_encode(value);
    fuzz::expect(query.has(name), "a parameter is found by its name");
  }
  fuzz::expect(Query::parse(text).all() == query.all() || text.empty(),
               "a query that is written reads the same");
}

void check_codes(std::string_view text) {
  fuzz::expect(percent_decode(percent_encode(text)) == text, "percent codes turn back");
  fuzz::expect(base64_decode(base64_encode(text)) == text, "base64 turns back");
  percent_decode(text, true);
  base64_decode(text);
  for (std::size_t at = 0; at < text.size();) {
    const MeantChar meant = meant_at(text, at);
    fuzz::expect(meant.width > 0 && meant.width <= text.size() - at, "an escape ends within the text");
    at += meant.width;
  }
}

void check_authority(std::string_view text) {
  const auto authority = Authority::parse(text);
  if (!authority) return;
  const auto again = Authority::parse(authority->url_host());
  fuzz::expect(again && again->host == authority->host, "a host that is written reads the same");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest = fuzz::text_of(data, size);
  const std::string_view first = fuzz::take_line(rest);
  check_url(first);
  check_authority(first);
  check_query(rest);
  check_codes(rest);
  return 0;
}
