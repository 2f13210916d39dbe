// Whether the emulator is there, and its end.
#include "base/times.h"
#include "control/desk.h"
#include "control/json.h"
#include "cvemu/version.h"

namespace cvemu::control {

namespace {

Response health(Desk& desk, RequestContext&) {
  const std::vector<std::string> missing = desk.place.waiting_for();
  JsonWriter json;
  json.begin_object().field("status", missing.empty() ? "ready" : "starting").field("version", kVersion);
  json.field("now", times::iso_millis(desk.environment.clock.now()));
  if (!missing.empty()) {
    json.key("waitingFor").begin_array();
    for (const std::string& name : missing) json.string(name);
    json.end_array();
  }
  json.end_object();
  return json_response(json, missing.empty() ? 200 : 503);
}

Response shut_down(Desk& desk, RequestContext& context) {
  const Json body = body_of(context);
  allow_only(body, {"drain"});
  if (!desk.options.on_shutdown)
    throw ApiError(409, "NotAProgram", "This emulator lives inside a program: end it there.");
  if (flag(body, "drain")) desk.environment.scheduler.drain();
  desk.options.on_shutdown();
  return json_response(Json{{"status", "ending"}}, 202);
}

constexpr Operation<Desk> kOperations[] = {
    {{"Health", Method::Get, "/_emulator/health"},
     health,
     {"Whether the emulator is ready, or what it waits for"}},
    {{"ShutDown", Method::Post, "/_emulator/shutdown"},
     shut_down,
     {"Ends the program, if asked to after all that is due", "drain", R"({"drain": true})"}},
};

}  // namespace

std::span<const Operation<Desk>> health_operations() {
  return kOperations;
}

}  // namespace cvemu::control
