// Whether the emulator is there, and its end.
#include "base/times.h"
#include "control/context.h"
#include "control/json.h"
#include "cvemu/version.h"

namespace cvemu::control {

namespace {

Response health(ControlContext& control, RequestContext&) {
  const std::vector<std::string> missing = control.endpoints.waiting_for();
  JsonWriter json;
  json.begin_object().field("status", missing.empty() ? "ready" : "starting").field("version", kVersion);
  json.field("now", times::iso_millis(control.environment.clock.now()));
  if (!missing.empty()) {
    json.key("waitingFor").begin_array();
    for (const std::string& name : missing) json.string(name);
    json.end_array();
  }
  json.end_object();
  return json_response(json, missing.empty() ? 200 : 503);
}

Response shut_down(ControlContext& control, RequestContext& context) {
  const Json body = body_of(context);
  allow_only(body, {"drain"});
  if (!control.options.on_shutdown)
    throw ApiError(409, "NotAProgram", "This emulator lives inside a program: end it there.");
  if (flag(body, "drain")) control.environment.scheduler.drain();
  control.options.on_shutdown();
  return json_response(Json{{"status", "ending"}}, 202);
}

}  // namespace

std::span<const Operation<ControlContext>> health_operations() {
  static constexpr Operation<ControlContext> operations[] = {
      {{"Health", Method::Get, "/_emulator/health"},
       health,
       {"Whether the emulator is ready, or what it waits for"}},
      {{"ShutDown", Method::Post, "/_emulator/shutdown"},
       shut_down,
       {"Ends the program, if asked to after all that is due", "drain", R"({"drain": true})"}},
  };
  return operations;
}

}  // namespace cvemu::control
