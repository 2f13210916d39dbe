// Which names this emulator is called by, and which web pages may send it requests: the defence of the
// control routes against web pages of strangers, also under a name that was rebound to this machine. Pure
// functions of a request's head.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.h"

namespace cvemu {

// The authority of a URL or of a Host header, without user information: "host", "host:port", "[v6]:port".
struct Authority {
  std::string host;         // lower case, without brackets
  std::optional<int> port;  // nullopt: the scheme's own
  bool is_address = false;  // an IP literal

  // nullopt unless the host is an IPv4 address in four decimal parts, an IPv6 address in brackets, or a name
  // of letters, digits, '-', '_' and '.', with no empty label but the last; ports are 1 to 65535.
  static std::optional<Authority> parse(std::string_view text);
  std::string url_host() const;  // the host as it stands in a URL
};

class HostPolicy {
 public:
  // `names`: names besides those that are ours anyway, each a host or "*.suffix", without port. Those for
  // which is_valid_name() is false are passed over.
  explicit HostPolicy(const std::vector<std::string>& names = {});
  static bool is_valid_name(std::string_view name);

  // Ours are IP literals (a page that was rebound has a name), names without a dot, and names that no
  // stranger can register: *.localhost, *.internal (host.docker.internal, too), *.svc, *.cluster.local and
  // *.test. One dot at the end is passed over, but does not make a top-level domain a name without a dot.
  bool is_ours(const Authority& authority) const;
  // Of the one Host header there is; nullopt if it is missing, repeated, malformed or not ours.
  std::optional<Authority> our_authority(const Headers& headers) const;

  enum class Verdict {
    Welcome,
    ForeignHost,  // our_authority() is nullopt
    ForeignPage,  // a browser says that another site's page sends it, or a page of another origin
  };
  // `encrypted`: the request came over TLS.
  Verdict judge(const Headers& headers, bool encrypted) const;

  // Whether a web browser asks by a name that is neither ours nor one of Azure's: a page whose name was
  // rebound to this machine may read every answer. Programs may use any name for what asks for keys.
  bool is_rebound_page(const Headers& headers) const;

 private:
  std::vector<std::string> names_, suffixes_;  // suffixes with their dot, ".internal"
};

}  // namespace cvemu
