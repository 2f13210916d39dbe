// What an exception says to a person. The program's own errors are written as sentences; what a library or
// the language throws is in the words of its makers and belongs into the log alone.
#pragma once
#include <exception>
#include <string>

namespace cvemu {

// Of one of the program's own errors its what(); of any other that something went wrong inside of the
// emulator and where it says more.
std::string sentence_of(const std::exception& error);

}  // namespace cvemu
