// Which account a request speaks to, and what is left of the path.
//
//   path style      http://127.0.0.1:10000/devstoreaccount1/container/blob
//   product style   http://devstoreaccount1.blob.localhost:10000/container/blob
//
// Path style: the host is an IP address, has no dot, is host.docker.internal, or product style is switched
// off. Every other host is product style if the text before its first dot is an account of ours. Emulator:
// otherwise it is path style too. (Azurite takes "azurite.docs" for an account named azurite.) In both styles
// "-secondary" behind the account asks for the secondary endpoint.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "http/service.h"
#include "storage/accounts.h"

namespace cvemu {

struct Address {
  std::string_view account;  // as in Accounts, never with "-secondary"
  bool secondary = false;
  bool product_style = false;
  // Raw (percent-encoded), begins with '/', a view into the request's target. The account alone is "/", and
  // a container or queue has no slash behind it: "/c/" arrives as "/c".
  std::string_view path;
};

struct AddressingOptions {
  bool product_style = true;  // --disableProductStyleUrl
};

// Throws ApiError: 404 ResourceNotFound for an account that we do not have, 400 InvalidUri for a bad escape.
Address resolve_address(const Exchange&, const Accounts&, const AddressingOptions& = {});

// The same for a URL that only names something, such as a copy source: `host` may carry a port, `raw_path`
// has no query. nullopt if no account of ours is meant.
std::optional<Address> find_address(std::string_view host, std::string_view raw_path, const Accounts&,
                                    const AddressingOptions& = {});

// The base URL as the client sees it, from its own Host header: "http://127.0.0.1:10000/devstoreaccount1" or
// "http://devstoreaccount1.blob.localhost:10000"; no slash at the end. For ServiceEndpoint and links.
std::string endpoint_of(const Exchange&, const Address&);

}  // namespace cvemu
