#include "base/secrets.h"

#include "base/masker.h"
#include "base/secret_names.h"

namespace cvemu {

namespace {

// A pattern such as "SharedKey*" in a filter tells nothing.
bool is_only_scheme(std::string_view value) {
  while (value.ends_with('*') || value.ends_with(' ')) value.remove_suffix(1);
  return value.empty() || is_authorization_scheme(plain_name(value));
}

}  // namespace

std::string masked(std::string_view text) {
  return Masker(text, false).run();
}

std::string masked_beginning(std::string_view text) {
  return Masker(text, true).run();
}

std::string masked_header(std::string_view name, std::string_view value) {
  if (is_authorization_name(plain_name(name)))
    return is_only_scheme(value) ? std::string(value) : Masker(value, false).run_credentials();
  if (!is_secret_header(name)) return masked(value);
  return value.find_first_not_of("*") == std::string_view::npos ? std::string(value) : std::string(kMask);
}

}  // namespace cvemu
