#pragma once
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace cvemu {

// The value of an optional that holds one by the program's own rules. A slip throws std::logic_error, which
// says what was missing (a request then ends as 500), instead of reading what is not there.
template <class Value>
Value required(std::optional<Value> value, const char* what) {
  if (!value) throw std::logic_error(std::string(what) + " is missing");
  return *std::move(value);
}

}  // namespace cvemu
