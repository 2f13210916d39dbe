// JSON that somebody else wrote. This is the one place where a text becomes a document, so that each one is
// held to the same limit of depth: the library copies and frees documents recursively, and our threads have
// stacks of 1 MiB.
#pragma once
#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace cvemu {

using Json = nlohmann::ordered_json;

// Emulator: objects and lists within each other. No document of the APIs has more than ten.
inline constexpr std::size_t kMaxJsonDepth = 64;

// what() is a sentence for people: it is not JSON, or it is nested too deeply.
struct JsonError : std::runtime_error {
  JsonError(const char* why, std::size_t at) : std::runtime_error(why), byte(at) {}
  std::size_t byte;  // offset of what is wrong, at most the length of the text
};

// The document. Throws JsonError for what is no JSON in UTF-8, for numbers beyond a double, and for a
// document deeper than kMaxJsonDepth. Linear in the length of `text`. Any thread.
Json parse_json(std::string_view text);
// The same without an exception: nullopt.
std::optional<Json> try_parse_json(std::string_view text);

// Compact; invalid UTF-8 becomes U+FFFD. With an indent: one member a line.
std::string dump_json(const Json& json, int indent = -1);

}  // namespace cvemu
