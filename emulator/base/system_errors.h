// What the system says about a file or an address, in words for people.
#pragma once
#include <filesystem>
#include <string>
#include <system_error>

namespace cvemu {

// "its folder does not exist", "you have no right to": ends a sentence such as "cannot write FILE: ...".
std::string plain_reason(const std::error_code& error);
// Why a file could not be written, if it could not; "" if it could. Nothing is opened or made.
std::string why_unwritable(const std::filesystem::path& file);

}  // namespace cvemu
