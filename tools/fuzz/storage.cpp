// A whole connection into a storage service, without a socket. The first line chooses: "blob" or "queue" as
// the bytes come, "blob signed" or "queue signed" with a signature of ours, so that they get past
// authentication.
#include "http/connection.h"
#include "memory_stream.h"
#include "storage_services.h"

namespace {

using namespace cvemu;

Response answer(Service& service, const Exchange& exchange, Body& body) {
  try {
    const Match match = service.match(exchange);
    const Principal caller = service.authenticate(exchange, match);
    RequestContext context{exchange, body, match.params, caller};
    return service.run(match, context);
  } catch (const ApiError& error) {
    fuzz::expect(error.status != 500, "nothing is an internal error");
    return service.render(error, exchange);
  }
}

struct Endpoint {
  fuzz::StorageServices& services;
  Service& service;
  bool is_signed;
  bool has_changed = false;  // something may be other than before

  Response serve(const Request& sent, Body& body, const Peer& peer) {
    Request request = sent;
    if (is_signed) request = services.signed_request(std::move(request));
    const Exchange exchange{request, Query::parse(request.raw_query()), peer, services.ids.uuid(),
                            services.clock.now()};
    Response response = checked_answer(exchange, body);
    service.finish(response, exchange);
    has_changed |= response.status < 300 && request.method != Method::Head;
    return response;
  }

 private:
  // The connection would make an answer of any exception.
  Response checked_answer(const Exchange& exchange, Body& body) const {
    try {
      return answer(service, exchange, body);
    } catch (const ClientGone&) {
      throw;
    } catch (const std::exception& error) {
      std::fprintf(stderr, "%s\n", error.what());
      fuzz::expect(false, "every refusal is an ApiError");
      throw;
    }
  }
};

struct FilledServices : fuzz::StorageServices {
  FilledServices() { fill(); }
  // As it was before.
  void forget() {
    database.reset();
    fill();
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static FilledServices services;
  std::string_view sent = fuzz::text_of(data, size);
  const std::string_view line = fuzz::take_line(sent);
  const bool is_queue = line.starts_with("queue");
  if (!is_queue && !line.starts_with("blob")) return 0;
  Endpoint endpoint{services, is_queue ? static_cast<Service&>(services.queue) : services.blob,
                    line.ends_with(" signed")};
  const Handler handler = [&](const Request& request, Body& body, const Peer& peer) {
    return endpoint.serve(request, body, peer);
  };
  fuzz::MemoryStream stream(sent, SIZE_MAX);
  const Peer peer;
  const std::atomic<bool> stopping = false;
  Connection(stream, handler, peer, stopping).serve();
  if (endpoint.has_changed) services.forget();
  fuzz::expect(stream.answered().empty() || stream.answered().starts_with("HTTP/1.1 "), "an answer is HTTP");
  return 0;
}
