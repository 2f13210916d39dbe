// What a service is: a function from Request to Response, with the steps of the pipeline as its parts.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/ids.h"
#include "http/message.h"
#include "http/router.h"

namespace cvemu {

// Who is at the other end.
struct Peer {
  std::string address = "127.0.0.1";  // of the client's socket
  bool encrypted = false;             // the request came over TLS
  bool internal = false;              // sent by the emulator itself (its deliveries to its own endpoints)
};

// One request on its way through the pipeline. Lives as long as the request is served.
struct Exchange {
  const Request& request;
  Query query;
  Peer peer;
  Uuid id;       // x-ms-request-id, apim-request-id
  Instant at{};  // the emulator's time at arrival
};

// Who calls, as far as the service could prove it.
struct Principal {
  enum class Kind { Key, AccountSas, ServiceSas, UserDelegationSas, Bearer, Anonymous };
  Kind kind = Kind::Anonymous;
  std::string permissions;  // the letters of a SAS; empty for kinds that may do everything
  std::string name;         // account, or API key

  bool may(char letter) const {
    return kind == Kind::Key || kind == Kind::Bearer || permissions.find(letter) != std::string::npos;
  }
};

struct Match {
  const Route* route = nullptr;
  std::size_t index = 0;
  PathParams params;
};

struct RequestContext {
  const Exchange& exchange;
  Body& body;
  const PathParams& path;
  const Principal& caller;

  const Request& request() const { return exchange.request; }
  const Headers& headers() const { return exchange.request.headers; }
  const Query& query() const { return exchange.query; }
  Instant at() const { return exchange.at; }
};

// Implemented by Custom Vision, queue, blob and control. Called by many threads at once. Every function but
// `name` and `finish` may throw ApiError.
class Service {
 public:
  virtual ~Service() = default;
  virtual std::string_view name() const = 0;
  virtual Match match(const Exchange&) const = 0;
  virtual Principal authenticate(const Exchange&, const Match&) = 0;
  virtual Response run(const Match&, RequestContext&) = 0;
  virtual Response render(const ApiError&, const Exchange&) const = 0;  // JSON or XML; HEAD without a body
  virtual void finish(Response&, const Exchange&) const = 0;            // headers that stand on every answer
  virtual ApiError unexpected() const = 0;                              // the service's 500
  virtual ApiError unavailable() const = 0;                             // the service's 503
  // What arranged failures answer. With a status: the code that clients are most likely to meet with it.
  virtual ApiError error_for(int status) const;
  virtual ApiError throttled(
      std::optional<std::int64_t> seconds) const;              // with Retry-After, if it is to be there
  virtual ApiError denied() const { return error_for(403); }   // who has no role meets it
  virtual ApiError missing() const { return error_for(404); }  // and whose queue or container is gone
  // Whether its requests belong into the journal and can meet faults.
  virtual bool is_recorded() const { return true; }
};

inline ApiError Service::error_for(int status) const {
  ApiError error = unexpected();
  error.status = status;
  return error;
}

inline ApiError Service::throttled(std::optional<std::int64_t> seconds) const {
  ApiError error = error_for(429);
  if (seconds) error.headers.set("Retry-After", std::to_string(*seconds));
  return error;
}

// What a description of the API says about an operation.
struct Doc {
  std::string_view summary{};  // one line
  std::string_view fields{};   // all that the JSON body may hold: "by, until, limit"
  std::string_view example{};  // a body that is accepted
  std::string_view query{};    // parameters of the query: "format, limit"
};

// An operation is a row and its function. The APIs of Azure's are described elsewhere; control describes
// itself.
template <class State>
struct Operation {
  Route route;
  Response (*run)(State&, RequestContext&);
  Doc doc{};
};

// The joined tables of a service.
template <class State>
class OperationTable {
 public:
  OperationTable(std::initializer_list<std::span<const Operation<State>>> parts,
                 std::vector<std::string_view> discriminators = {})
      : operations_(join(parts)), router_(routes(operations_), std::move(discriminators)) {}

  const Router& router() const { return router_; }
  const Route& route(std::size_t index) const { return operations_[index]->route; }
  Response run(State& state, const Match& match, RequestContext& context) const {
    return operations_[match.index]->run(state, context);
  }
  auto begin() const { return operations_.begin(); }
  auto end() const { return operations_.end(); }

 private:
  static std::vector<const Operation<State>*> join(
      std::initializer_list<std::span<const Operation<State>>> parts) {
    std::vector<const Operation<State>*> all;
    for (const auto& part : parts)
      for (const auto& operation : part) all.push_back(&operation);
    return all;
  }
  static std::vector<const Route*> routes(const std::vector<const Operation<State>*>& operations) {
    std::vector<const Route*> all;
    for (const auto* operation : operations) all.push_back(&operation->route);
    return all;
  }

  std::vector<const Operation<State>*> operations_;
  Router router_;
};

}  // namespace cvemu
