// Under which URLs clients reach the endpoints, where these are others than the bound ones: a port mapping, a
// name in a network of containers, a proxy that speaks TLS. Links and connection settings are made of them,
// and a URL that begins with one leads to ourselves. Any thread.
#pragma once
#include <optional>
#include <string_view>

#include "base/guarded.h"
#include "base/url.h"

namespace cvemu {

class PublicEndpoints {
 public:
  struct Urls {
    std::optional<Url> vision, blob, queue;  // scheme, host and port; the path is "/"
  };

  // The one of a URL's text that ends with its authority, or in a slash; nullopt for any other text.
  static std::optional<Url> parse(std::string_view text);

  Urls urls() const {
    return urls_.with([](const Urls& urls) { return urls; });
  }
  void set(Urls urls) {
    urls_.with([&](Urls& kept) { kept = std::move(urls); });
  }

 private:
  Guarded<Urls> urls_;
};

// Whether both lead to the same host and port.
bool same_authority(const Url& one, const Url& other);

}  // namespace cvemu
