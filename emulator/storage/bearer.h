// Bearer tokens in the style of Azurite's basic OAuth: the claims are checked, the signature is not.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "storage/sas.h"

namespace cvemu::bearer {

// The claims of a JWT that are text or numbers, as text. nullopt if it is no JWT.
using Claims = std::vector<std::pair<std::string, std::string>>;
std::optional<Claims> read_claims(std::string_view jwt);
std::string_view claim(const Claims&, std::string_view name);  // "" if absent

// What is wrong with a token for this account and service; empty if nothing is.
std::string problem_with(std::string_view jwt, StorageKind, std::string_view account, Instant now);

}  // namespace cvemu::bearer
