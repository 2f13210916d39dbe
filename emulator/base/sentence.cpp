#include "base/sentence.h"

#include <functional>
#include <new>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <typeinfo>
#include <variant>

#include "base/json.h"

namespace cvemu {

namespace {

template <class... Kinds>
bool is_any_of(const std::exception& error) {
  return ((dynamic_cast<const Kinds*>(&error) != nullptr) || ...);
}

// Thrown by nobody but a library, or by a slip of the program.
bool is_internal(const std::exception& error) {
  return typeid(error) == typeid(std::exception) ||
         is_any_of<Json::exception, std::logic_error, std::system_error, std::range_error,
                   std::overflow_error, std::bad_cast, std::bad_typeid, std::bad_optional_access,
                   std::bad_variant_access, std::bad_function_call>(error);
}

}  // namespace

std::string sentence_of(const std::exception& error) {
  if (is_any_of<std::bad_alloc>(error))
    return "There is not enough memory for this; try it with less at once, or give the emulator more.";
  if (is_internal(error))
    return "Something went wrong inside of the emulator; its log says more. Please report it with that line.";
  return error.what();
}

}  // namespace cvemu
