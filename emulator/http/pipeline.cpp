#include "http/pipeline.h"

namespace cvemu {

namespace {

ApiError rebound_page() {
  return ApiError(421, "HostNotAllowed",
                  "A web browser asks by a name that this emulator does not know as its own; start it with "
                  "--control-host NAME (CVEMU_CONTROL_HOST) if it is.");
}

}  // namespace

struct Pipeline::Visit {
  Service& service;
  const Exchange& exchange;
  Body& body;
  Match match{};
  Witness* witness = nullptr;
  std::string_view operation = "unknown operation";
};

template <class Make>
Response Pipeline::rendered(Visit& visit, Make make) {
  try {
    return make();
  } catch (const ApiError& error) {
    return visit.service.render(error, visit.exchange);
  } catch (const ClientGone&) {
    throw;
  } catch (const std::exception& error) {
    log_.error(std::string(visit.service.name()) + ' ' + std::string(visit.operation) + ": " + error.what());
    return visit.service.render(visit.service.unexpected(), visit.exchange);
  }
}

Response Pipeline::run(Visit& visit) {
  const Exchange& exchange = visit.exchange;
  if (hosts_ && !exchange.peer.internal && hosts_->is_rebound_page(exchange.request.headers))
    throw rebound_page();
  const Match& match = visit.match = visit.service.match(visit.exchange);
  visit.operation = match.route->name;
  if (visit.witness)
    if (auto instead = visit.witness->matched(match)) return *std::move(instead);
  const Principal caller = visit.service.authenticate(visit.exchange, match);
  RequestContext context{visit.exchange, visit.witness ? visit.witness->body() : visit.body, match.params,
                         caller};
  return visit.service.run(match, context);
}

Response Pipeline::changed(Visit& visit, Response response) {
  visit.witness->done(response);
  return response;
}

Response Pipeline::serve(Service& service, const Request& request, Body& body, const Peer& peer) {
  const Exchange exchange{request, Query::parse(request.raw_query()), peer, ids_.uuid(), clock_.now()};
  Visit visit{service, exchange, body};
  const auto witness = observer_ ? observer_->watch(service, exchange, body) : nullptr;
  visit.witness = witness.get();
  Response response = rendered(visit, [&] { return run(visit); });
  if (witness) response = rendered(visit, [&] { return changed(visit, std::move(response)); });
  service.finish(response, exchange);
  if (witness) witness->answered(response);
  if (log_.enabled(LogLevel::Debug))
    log_.debug(std::string(service.name()) + ' ' + std::string(visit.operation) + ' ' +
               std::to_string(response.status));
  return response;
}

}  // namespace cvemu
