// Multipart bodies, as the clients of these services really write them: names and boundaries quoted or not,
// headers in any order, parts without a file name.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.h"

namespace cvemu {

struct Part {
  Headers headers;
  std::string name;          // of Content-Disposition, quotes removed; "" if absent
  std::string file_name;     // exactly as sent, quotes included; "" if absent
  std::string_view content;  // into the body that was parsed
};

// The boundary of a multipart Content-Type; nullopt if it is another type or has none.
std::optional<std::string> multipart_boundary(std::string_view content_type);
// The parts in order; nullopt if the body is not well-formed multipart. `body` must outlive the result.
std::optional<std::vector<Part>> parse_multipart(std::string_view body, std::string_view boundary);

}  // namespace cvemu
