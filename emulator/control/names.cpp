#include "control/names.h"

#include "base/spelling.h"
#include "base/text.h"
#include "control/json.h"

namespace cvemu::control {

ApiError unknown_name(std::string_view kind, std::string_view name, const std::vector<std::string>& known) {
  ApiError error = not_found("There is no " + std::string(kind) + " \"" + std::string(name) + "\".");
  if (!known.empty()) error.details.emplace_back("didYouMean", nearest_word(name, known));
  return error;
}

void require_account(const Desk& desk, std::string_view account) {
  if (desk.place.accounts.find(account)) return;
  std::vector<std::string> known;
  for (const Account& one : desk.place.accounts) known.push_back(one.name);
  throw unknown_name("storage account", account, known);
}

std::int64_t whole_parameter(const Query& query, std::string_view name, std::int64_t fallback) {
  const auto text = query.find_nonempty(name);
  if (!text) return fallback;
  const auto value = parse_int(*text);
  if (!value || *value < 0) throw bad_field("InvalidParameter", "Must be a whole number.", std::string(name));
  return *value;
}

}  // namespace cvemu::control
