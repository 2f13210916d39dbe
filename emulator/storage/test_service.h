// For tests of the two services: what a service needs around it, and requests that go through its steps
// without a socket, on a clock that only the test moves.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "db/database.h"
#include "http/service.h"
#include "storage/accounts.h"
#include "storage/shared_key.h"

namespace cvemu::testing {

// Content-Length says `length` for what has a body by its method, and for what has one anyway.
inline Request make_request(Method method, std::string_view target, std::string_view host,
                            std::span<const std::pair<std::string_view, std::string_view>> fields,
                            std::size_t length) {
  Request request;
  request.method = method;
  request.target = target;
  request.headers.add("Host", host);
  for (const auto& [name, value] : fields) request.headers.add(name, value);
  if (method == Method::Put || method == Method::Post || length > 0)
    request.headers.add("Content-Length", std::to_string(length));
  return request;
}

struct ServiceBench {
  explicit ServiceBench(Instant start) {
    clock.freeze();
    clock.set(start);
  }

  Request signed_request(Request request, std::string_view account = kDevelopmentAccount) const {
    shared_key::sign(request, *accounts.find(account), clock.now());
    return request;
  }
  // What is no ApiError fails the test.
  Response serve(Service& service, const Request& request, std::string body) {
    const Exchange exchange{request, Query::parse(request.raw_query()), peer, ids.uuid(), clock.now()};
    StringBody bytes(std::move(body));
    Response response = answer(service, exchange, bytes);
    service.finish(response, exchange);
    return response;
  }

  Clock clock;
  IdSource ids{1};
  Database database;
  Accounts accounts = Accounts::development();
  Peer peer;

 private:
  static Response answer(Service& service, const Exchange& exchange, Body& body) {
    try {
      const Match match = service.match(exchange);
      const Principal caller = service.authenticate(exchange, match);
      RequestContext context{exchange, body, match.params, caller};
      return service.run(match, context);
    } catch (const ApiError& error) {
      return service.render(error, exchange);
    }
  }
};

}  // namespace cvemu::testing
