// What the program says when something is wrong. Secrets are masked (base/secrets.h).
#pragma once
#include <exception>
#include <string>
#include <string_view>

namespace cvemu::cli {

// One line on stderr: "cvemu: ...", or "cvemu COMMAND: ...".
void complain(std::string_view text, std::string_view command = {});

// An argument that nobody knows, after a blank: its name only, for there may be a key behind it; "" if it
// does not look like a name at all.
std::string repeated(std::string_view argument);

// What an exception says that nobody caught. Null: there is none.
std::string text_of(const std::exception_ptr& uncaught);

}  // namespace cvemu::cli
