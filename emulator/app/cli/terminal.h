// Whether a person looks at what the program prints, and how much fits on a line.
#pragma once
#include <cstddef>

namespace cvemu::cli {

bool stdout_is_terminal();
// Of the variable COLUMNS, else of the terminal; 0 if nothing says it.
std::size_t stdout_width();

}  // namespace cvemu::cli
