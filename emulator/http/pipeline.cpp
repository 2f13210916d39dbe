#include "http/pipeline.h"

namespace cvemu {

Response Pipeline::answer(Service& service, const Exchange& exchange, Body& body,
                          std::string_view& operation) {
  try {
    const Match match = service.match(exchange);
    operation = match.route->name;
    const Principal caller = service.authenticate(exchange, match);
    RequestContext context{exchange, body, match.params, caller};
    return service.run(match, context);
  } catch (const ApiError& error) {
    return service.render(error, exchange);
  } catch (const ClientGone&) {
    throw;
  } catch (const std::exception& error) {
    log_.error(std::string(service.name()) + ' ' + std::string(operation) + ": " + error.what());
    return service.render(service.unexpected(), exchange);
  }
}

Response Pipeline::serve(Service& service, const Request& request, Body& body, const Peer& peer) {
  const Exchange exchange{request, Query::parse(request.raw_query()), peer, ids_.uuid(), clock_.now()};
  std::string_view operation = "unknown operation";
  Response response = answer(service, exchange, body, operation);
  service.finish(response, exchange);
  if (log_.enabled(LogLevel::Debug))
    log_.debug(std::string(service.name()) + ' ' + std::string(operation) + ' ' +
               std::to_string(response.status));
  return response;
}

}  // namespace cvemu
