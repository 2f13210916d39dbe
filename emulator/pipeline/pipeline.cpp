#include "pipeline/pipeline.h"

#include <memory>

#include "faults/request_fault.h"

namespace cvemu {

namespace {

ApiError rebound_page() {
  return ApiError(421, "HostNotAllowed",
                  "A web browser asks by a name that this emulator does not know as its own; start it with "
                  "--control-host NAME (CVEMU_CONTROL_HOST) if it is.");
}

// What is still to be read for the answer belongs to the state that made it. If it cannot be read to its end,
// the connection is cut, and the log says why.
void watch_stream(Response& response, Database& database, std::uint64_t generation, const Log& log,
                  std::string described) {
  Stream& stream = std::get<Stream>(response.body);
  stream.produce = [&database, &log, generation, described = std::move(described),
                    produce = std::move(stream.produce)](const auto& sink) {
    const GenerationGuard guard(database, generation);
    try {
      produce(sink);
    } catch (const ClientGone&) {
      log.debug(described + ": the client left before the end of the answer");
      throw;
    } catch (const std::exception& error) {
      log.warning(described + ": the answer was cut: " + error.what());
      throw;
    }
  };
}

}  // namespace

// One request while it is served. It goes into the journal at its end, also if the client went away before.
class Pipeline::Visit {
 public:
  Visit(const Parts& parts, Service& service, const Request& request, Body& body, const Peer& peer)
      : parts_(parts),
        service_(service),
        exchange_{request, Query::parse(request.raw_query()), peer, parts.ids.uuid(), parts.clock.now()},
        source_(body),
        copied_(body, parts.journal.limits().body) {
    if (!service.is_recorded()) return;
    entry_ = std::make_shared<JournalEntry>();
    entry_->wall = std::chrono::system_clock::now();
    fault_.emplace(parts.faults, parts.database, service, exchange_, copied_);
  }
  ~Visit() {
    if (!entry_) return;
    try {
      record(nullptr);
      tell_waiters();
    } catch (const std::exception&) {
      // Memory ran out: the journal lacks this request.
    }
  }
  Visit(const Visit&) = delete;
  Visit& operator=(const Visit&) = delete;

  bool is_from_outside() const { return !exchange_.peer.internal; }

  // The answer that `make` returns, or the service's words for what it throws.
  template <class Make>
  Response rendered(Make make) {
    try {
      return make();
    } catch (const ApiError& error) {
      return refused(error);
    } catch (const ClientGone&) {
      throw;
    } catch (const GenerationChanged&) {
      return refused(service_.unavailable());
    } catch (const std::exception& error) {
      parts_.log.error(described() + ": " + error.what());
      return refused(service_.unexpected());
    }
  }

  void check_host() const {
    if (parts_.hosts && is_from_outside() && parts_.hosts->is_rebound_page(exchange_.request.headers))
      throw rebound_page();
  }
  void move_automatic_clock() {
    if (!parts_.automatic_clock || !is_from_outside()) return;
    parts_.automatic_clock->before(exchange_.request);
    exchange_.at = parts_.clock.now();
  }
  void match() { match_ = service_.match(exchange_); }
  std::optional<Response> fault_before() { return fault_ ? fault_->before(match_) : std::nullopt; }
  Response run() {
    const Principal caller = service_.authenticate(exchange_, match_);
    RequestContext context{exchange_, entry_ ? copied_ : source_, match_.params, caller};
    return service_.run(match_, context);
  }
  void fault_after(Response& response) {
    if (fault_ && match_.route) fault_->after(response);
  }
  void finish(Response& response) const { service_.finish(response, exchange_); }
  void note_pending(const Response& response) const {
    if (parts_.automatic_clock && is_from_outside())
      parts_.automatic_clock->after(exchange_.request, response);
  }
  void record(const Response* response);
  // Those who wait look again: a control request that only reads changes nothing.
  void tell_waiters() const {
    if (service_.is_recorded() || exchange_.request.method != Method::Get) parts_.changes.notify();
  }
  std::string described() const {
    return std::string(service_.name()) + ' ' +
           (match_.route ? std::string(match_.route->name) : "unknown operation");
  }
  void log(const Response& response) const {
    const LogLevel level = service_.is_recorded() ? LogLevel::Request : LogLevel::Debug;
    if (!parts_.log.enabled(level)) return;
    parts_.log.request(
        level, {service_.name(), match_.route ? match_.route->name : std::string_view(),
                method_name(exchange_.request.method), exchange_.request.raw_path(), response.status, code_,
                std::chrono::duration_cast<std::chrono::microseconds>(Steady::now() - begin_),
                fault_ ? fault_->rule() : std::string_view(), exchange_.peer.internal});
  }

 private:
  using Steady = std::chrono::steady_clock;

  Response refused(const ApiError& error) {
    code_ = error.code;
    return service_.render(error, exchange_);
  }

  const Parts& parts_;
  Service& service_;
  Exchange exchange_;
  Body& source_;
  CopiedBody copied_;
  Match match_;
  std::shared_ptr<JournalEntry> entry_;  // null: not recorded, or recorded already
  std::optional<RequestFault> fault_;
  std::string code_;  // of the error that was answered
  const Steady::time_point begin_ = Steady::now();
};

// Null: the client went away.
void Pipeline::Visit::record(const Response* response) {
  if (!entry_) return;
  if (response && fault_) fault_->settle(*response);
  JournalEntry& entry = *entry_;
  entry.at = exchange_.at;
  entry.service = service_.name();
  entry.method = exchange_.request.method;
  entry.internal = exchange_.peer.internal;
  if (match_.route) {
    entry.operation = match_.route->name;
    entry.key = match_.route->access.key;
  }
  if (fault_) entry.fault = fault_->rule();
  if (response) {
    const bool breaks = response->wire_fault && response->wire_fault->breaks_off();
    entry.status = breaks ? 0 : response->status;
    entry.streamed = std::holds_alternative<Stream>(response->body);
    entry.response_length = response->body_length();
  }
  entry.request_length = copied_.length().value_or(copied_.seen());
  entry.store(exchange_.request, match_.route ? &match_.params : nullptr, copied_.beginning(), response,
              parts_.journal.limits().body);
  entry.took = std::chrono::system_clock::now() - entry.wall;
  parts_.journal.add(std::move(entry_));
}

Response Pipeline::serve(Service& service, const Request& request, Body& body, const Peer& peer) {
  const Activity::Request under_way(peer.internal ? nullptr : &parts_.activity);
  // What a reset or restore overtakes can write no more. The emulator's own requests belong to the work that
  // sends them.
  const GenerationGuard guard(parts_.database, GenerationGuard::generation_of_this_thread(parts_.database));
  Visit visit(parts_, service, request, body, peer);
  Response response = visit.rendered([&] {
    visit.check_host();
    visit.move_automatic_clock();
    visit.match();
    if (auto instead = visit.fault_before()) return *std::move(instead);
    return visit.run();
  });
  response = visit.rendered([&] {
    visit.fault_after(response);
    return std::move(response);
  });
  response = visit.rendered([&] {
    visit.finish(response);
    visit.note_pending(response);
    return std::move(response);
  });
  if (std::holds_alternative<Stream>(response.body))
    watch_stream(response, parts_.database, guard.generation(), parts_.log, visit.described());
  visit.record(&response);
  visit.tell_waiters();
  visit.log(response);
  return response;
}

}  // namespace cvemu
