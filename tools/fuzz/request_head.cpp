// The head of a request: what was read and is written again reads the same, and its end is found however the
// bytes come.
#include "http/request_head.h"

#include "http/host_policy.h"
#include "target.h"

namespace {

using namespace cvemu;

std::string written(const RequestHead& head) {
  std::string out(method_name(head.request.method));
  out += ' ' + head.request.target + " HTTP/1." + std::to_string(head.minor_version) + "\r\n";
  for (const auto& [name, value] : head.request.headers) out += name + ": " + value + "\r\n";
  return out + "\r\n";
}

bool same_headers(const Headers& a, const Headers& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const auto& x, const auto& y) { return x.name == y.name && x.value == y.value; });
}

void check_end(std::string_view bytes, std::size_t end) {
  constexpr std::size_t kLongest = 512;  // of what is looked at byte by byte
  if (bytes.size() > kLongest) return;
  std::size_t found = 0, seen = 0;
  for (std::size_t size = 0; size <= bytes.size() && found == 0; ++size) {
    found = find_head_end(bytes.substr(0, size), seen);
    seen = size;
  }
  fuzz::expect(found == end, "the end of a head does not depend on how its bytes come");
}

void check_head(const RequestHead& head) {
  const std::string text = written(head);
  fuzz::expect(find_head_end(text) == text.size(), "a head that is written has one end");
  const RequestHead again = parse_head(text);
  fuzz::expect(again.request.target == head.request.target, "the target is the same");
  fuzz::expect(same_headers(again.request.headers, head.request.headers), "the headers are the same");
  fuzz::expect(again.request.method == head.request.method, "the method is the same");
  fuzz::expect(again.chunked == head.chunked && again.length == head.length, "the framing is the same");
  fuzz::expect(again.keep_alive == head.keep_alive && again.expects_continue == head.expects_continue,
               "the connection is the same");
  fuzz::expect(!head.chunked || !head.length, "a body is framed in one way");
  const HostPolicy policy({"emulator.example", "*.corp"});
  policy.judge(head.request.headers, false);
  policy.is_rebound_page(head.request.headers);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes = fuzz::text_of(data, size);
  const std::size_t end = find_head_end(bytes);
  check_end(bytes, end);
  if (end == 0 || bytes.starts_with('\n') || bytes.starts_with("\r\n")) return 0;
  try {
    check_head(parse_head(bytes.substr(0, end)));
  } catch (const WireError& error) {
    fuzz::expect(error.status >= 400 && error.status <= 505, "a refusal has its status");
  }
  return 0;
}
