// Multipart bodies: the first line is the Content-Type, the rest the body. Parts lie in the body, and read
// the same if they are written again.
#include "http/multipart.h"

#include <algorithm>

#include "target.h"

namespace {

using namespace cvemu;

std::string written(const std::vector<Part>& parts, const std::string& boundary) {
  std::string out;
  for (const Part& part : parts) {
    out += "--" + boundary + "\r\n";
    for (const auto& [name, value] : part.headers) out += name + ": " + value + "\r\n";
    out.append("\r\n").append(part.content).append("\r\n");
  }
  return out + "--" + boundary + "--\r\n";
}

bool has_names(const Part& part) {
  return std::none_of(part.headers.begin(), part.headers.end(),
                      [](const auto& field) { return field.name.empty(); });
}

bool same(const Part& a, const Part& b) {
  return a.name == b.name && a.file_name == b.file_name && a.content == b.content &&
         a.headers.size() == b.headers.size();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view body = fuzz::text_of(data, size);
  const auto boundary = multipart_boundary(fuzz::take_line(body));
  if (!boundary) return 0;
  fuzz::expect(!boundary->empty(), "a boundary is not empty");
  const auto parts = parse_multipart(body, *boundary);
  if (!parts) return 0;
  for (const Part& part : *parts)
    fuzz::expect(
        part.content.empty() || (part.content.data() >= body.data() &&
                                 part.content.data() + part.content.size() <= body.data() + body.size()),
        "a part lies in the body");
  if (!std::all_of(parts->begin(), parts->end(), has_names)) return 0;
  const std::string text = written(*parts, *boundary);
  const auto again = parse_multipart(text, *boundary);
  fuzz::expect(again && std::equal(parts->begin(), parts->end(), again->begin(), again->end(), same),
               "parts that are written again read the same");
  return 0;
}
