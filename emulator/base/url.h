// URLs as they stand on the wire: nothing is decoded until asked, because signatures are made over raw text.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cvemu {

// The parameters of a query, decoded once ('+' is a blank), in the order sent. Names compare without case.
class Query {
 public:
  Query() = default;
  static Query parse(std::string_view raw);  // a bad escape stays as it is

  // First value of that name; nullopt if the name is absent.
  std::optional<std::string_view> find(std::string_view name) const;
  bool has(std::string_view name) const { return find(name).has_value(); }
  // As find, but an empty value counts as absent.
  std::optional<std::string_view> find_nonempty(std::string_view name) const;
  const std::vector<std::pair<std::string, std::string>>& all() const { return items_; }

 private:
  std::vector<std::pair<std::string, std::string>> items_;
};

// An absolute http or https URL.
struct Url {
  std::string scheme;  // "http" or "https"
  std::string host;    // without brackets around an IPv6 address
  int port = 80;
  std::string path;   // raw, begins with '/'
  std::string query;  // raw, without '?'

  static std::optional<Url> parse(std::string_view text);
  // The same with `target` ("/container?restype=container", escaped where it must be) behind the path. A URL
  // made of parts cannot fail, so nothing has to be parsed that we wrote ourselves.
  Url at(std::string_view target) const;
  std::string target() const;     // path and query, as in a request line
  std::string origin() const;     // scheme and authority
  std::string authority() const;  // host, and the port unless it is the scheme's default
  std::string text() const;
};

// "localhost" or an IP address (IPv6 without brackets) that packets of other machines do not reach.
bool is_loopback(const std::string& host);

// A name or an address that means the machine one is on, also from inside a container.
bool is_this_machine(std::string_view host);

}  // namespace cvemu
