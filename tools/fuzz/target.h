// What every fuzz target is: one function that takes any bytes. It returns, or something is wrong: a
// sanitizer stops it, an exception leaves it, or it finds that a property does not hold.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "http/message.h"

// Called with each input by the fuzzer of clang, or by replay_main.cpp.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace cvemu::fuzz {

inline void expect(bool holds, const char* property) {
  if (holds) return;
  std::fprintf(stderr, "this does not hold: %s\n", property);
  std::abort();
}

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return size == 0 ? std::string_view() : std::string_view(reinterpret_cast<const char*>(data), size);
}

// Cuts the first line off, without its end; all of it if there is none.
inline std::string_view take_line(std::string_view& rest) {
  const std::string_view line = rest.substr(0, rest.find('\n'));
  rest.remove_prefix(line.size());
  if (!rest.empty()) rest.remove_prefix(1);
  return line;
}

// The refusal of `act`, as "400 InvalidInput"; "" if there is none. No other exception may come of any input.
template <class Act>
std::string refusal_of(Act&& act) {
  try {
    act();
  } catch (const ApiError& error) {
    expect(error.status >= 300 && error.status != 500 && error.status < 600, "a refusal has its status");
    expect(!error.code.empty() || error.status == 304, "a refusal has a code");
    return std::to_string(error.status) + ' ' + error.code;
  }
  return "";
}

}  // namespace cvemu::fuzz
