// What people see of a command's answer on a terminal: one row a command.
#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "base/json.h"

namespace cvemu::cli {

struct Listing {
  const char* command;
  const char* list = "";     // the member of the answer that is shown as a table; "": there is none
  const char* columns = "";  // of the table, parted by blanks, what matters most first
};

std::span<const Listing> listings();
// null: the command's answer is JSON, or no JSON at all, also on a terminal.
const Listing* listing_of(std::string_view command);

// What stands beside the list as lines "name: value", then the list as a table.
std::string write_listing(const Listing& listing, const Json& answer, std::size_t width);

}  // namespace cvemu::cli
