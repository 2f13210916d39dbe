// Where in a JSON text something stands: for errors in files that people write.
#pragma once
#include <cstddef>
#include <string_view>

namespace cvemu::control {

// The line (from 1) of the byte at `offset`.
std::size_t line_at(std::string_view text, std::size_t offset);

// The line of what a JSON pointer names in a valid JSON text; for a member that is not there, that of the
// nearest thing around it which is.
std::size_t line_of(std::string_view text, std::string_view pointer);

}  // namespace cvemu::control
