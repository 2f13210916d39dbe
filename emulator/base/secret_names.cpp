#include "base/secret_names.h"

#include <algorithm>
#include <iterator>

#include "base/text.h"

namespace cvemu {

namespace {

// These words alone, for as parts of others they mean other things.
constexpr std::string_view kWhole[] = {"sig", "signature", "token", "pwd", "cookie", "setcookie"};
// Everything that ends so.
constexpr std::string_view kEndings[] = {
    "accountkey",   "accesskey",     "storagekey",   "saskey",        "subscriptionkey",
    "trainingkey",  "predictionkey", "apikey",       "functionskey",  "primarykey",
    "secondarykey", "encryptionkey", "privatekey",   "secret",        "password",
    "passwd",       "authorization", "accesstoken",  "refreshtoken",  "idtoken",
    "bearertoken",  "authtoken",     "controltoken", "emulatortoken", "cvemutoken",
};
constexpr std::string_view kSchemes[] = {"sharedkey", "sharedkeylite",        "bearer", "basic", "digest",
                                         "negotiate", "sharedaccesssignature"};

template <class List>
bool is_one_of(std::string_view name, const List& all) {
  return std::find(std::begin(all), std::end(all), name) != std::end(all);
}

template <class List>
bool ends_in_one_of(std::string_view name, const List& endings) {
  return std::any_of(std::begin(endings), std::end(endings),
                     [&](std::string_view ending) { return name.ends_with(ending); });
}

}  // namespace

std::string plain_name(std::string_view name) {
  std::string plain = to_lower(name);
  std::erase_if(plain, [](char c) { return c == '-' || c == '_'; });
  return plain;
}

bool is_secret_name(std::string_view name) {
  constexpr std::string_view kLastLetters = "degnty";  // of all of them: most words are none
  if (name.empty() || kLastLetters.find(name.back()) == std::string_view::npos) return false;
  return is_one_of(name, kWhole) || ends_in_one_of(name, kEndings);
}

bool is_authorization_name(std::string_view name) {
  return name.ends_with("authorization");
}

bool is_secret_header(std::string_view name) {
  if (is_secret_name(plain_name(name))) return true;
  const std::string lower = to_lower(name);
  constexpr std::string_view kEndWords[] = {"-key", "-token"};
  return !lower.starts_with("x-ms-meta-") && ends_in_one_of(lower, kEndWords);
}

bool is_authorization_scheme(std::string_view word) {
  return is_one_of(word, kSchemes);
}

}  // namespace cvemu
