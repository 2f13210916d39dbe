// A whole connection with bodies by length and in chunks: the handler sees the same requests however the
// bytes come, and whatever comes is answered as HTTP.
#include "http/connection.h"

#include "base/text.h"
#include "memory_stream.h"
#include "target.h"

namespace {

using namespace cvemu;

struct Outcome {
  std::string requests, answers;
};

Response answer(const Request& request, Body& body, std::string& log) {
  log += request.target + '\n';
  if (!request.target.starts_with("/unread")) log += body.all(1024 * 1024) + '\n';
  Response response;
  response.body = "seen " + std::to_string(log.size());
  return response;
}

Outcome serve(std::string_view sent, std::size_t piece) {
  Outcome outcome;
  fuzz::MemoryStream stream(sent, piece);
  const Handler handler = [&](const Request& request, Body& body, const Peer&) {
    return answer(request, body, outcome.requests);
  };
  const Peer peer;
  const std::atomic<bool> stopping = false;
  Connection(stream, handler, peer, stopping).serve();
  outcome.answers = stream.answered();
  return outcome;
}

// Whether "100 Continue" is sent, and with it whether an unread body is skipped, does depend on what has
// come.
bool may_wait(std::string_view sent) {
  return to_lower(sent).find("expect") != std::string::npos;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view sent = fuzz::text_of(data, size);
  const Outcome whole = serve(sent, SIZE_MAX), by_bytes = serve(sent, 1);
  fuzz::expect(whole.answers.empty() || whole.answers.starts_with("HTTP/1.1 "), "an answer is HTTP");
  fuzz::expect(may_wait(sent) || whole.requests == by_bytes.requests,
               "the requests do not depend on how the bytes come");
  return 0;
}
