// Characters under their escapes: in a URL inside a parameter inside JSON inside XML, '&' may be written %26,
// %2526, \u0026, &amp; or &#38;. Who looks for something in such a text, whatever its format is, reads it by
// this.
#pragma once
#include <cstddef>
#include <string_view>

namespace cvemu {

struct MeantChar {
  // What is meant. Bytes that are no ASCII stand for themselves, escaped characters beyond ASCII are '\x80',
  // escaped control characters are blanks or themselves.
  char meaning = 0;
  std::size_t width = 1;    // bytes that it takes in the text; never ends within an escape
  std::size_t slashes = 0;  // backslashes among them that stand before a quote, a slash or nothing known
  bool percent = false;     // was percent-encoded
};

// The character at `at`, which lies before the end and not within an escape. An escape that is broken off by
// the end stands for its first byte. Reads a bounded number of bytes, and the backslashes in a row.
inline MeantChar meant_at(std::string_view text, std::size_t at);

// Whether a quote behind `slashes` backslashes ends a text that a quote behind `opening` backslashes began,
// or ends one around it: \" opens a text within JSON, \\\" stands inside that, \" ends it, and so does ".
bool closes_text(std::size_t slashes, std::size_t opening);

// The same for a character that may begin an escape: a backslash, % or &.
MeantChar escaped_at(std::string_view text, std::size_t at);

inline MeantChar meant_at(std::string_view text, std::size_t at) {
  const char c = text[at];
  return c == '\\' || c == '%' || c == '&' ? escaped_at(text, at) : MeantChar{c};
}

}  // namespace cvemu
