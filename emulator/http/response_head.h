// The head of an HTTP/1 answer, as bytes.
#pragma once
#include <string>
#include <string_view>

#include "http/message.h"

namespace cvemu {

struct Framing {
  bool to_head = false;  // the answer to a HEAD request
  bool close = false;    // the connection ends after this answer
};

// Appends status line, headers and the empty line. What belongs to the connection is decided here, not by the
// handler: Connection, Keep-Alive, Transfer-Encoding are ours; Content-Length is the body's length, and the
// handler's own only where no body is sent (HEAD, 204, 304). Date is added if absent (real time, not the
// emulator's: it is about the connection). A field whose name is no token is left out; line ends and NUL in
// values become blanks.
void append_head(std::string& out, const Response& response, Framing framing);

// Whether bytes follow the head.
bool sends_body(const Response& response, Framing framing);

std::string_view reason_phrase(int status);

// What can stand on the wire as it is: a name of visible characters without a colon, a value without line
// ends and NUL.
bool is_header_name(std::string_view name);
bool is_header_value(std::string_view value);

}  // namespace cvemu
