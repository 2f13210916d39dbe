// Whether the emulator is there.
#include "base/times.h"
#include "control/desk.h"
#include "control/json.h"
#include "cvemu/version.h"

namespace cvemu::control {

namespace {

Response health(Desk& desk, RequestContext&) {
  JsonWriter json;
  json.begin_object().field("status", "ready").field("version", kVersion);
  json.field("now", times::iso_millis(desk.environment.clock.now())).end_object();
  return json_response(json);
}

constexpr Operation<Desk> kOperations[] = {
    {{"Health", Method::Get, "/_emulator/health", "", ""}, health, {"Whether the emulator is ready"}},
};

}  // namespace

std::span<const Operation<Desk>> health_operations() {
  return kOperations;
}

}  // namespace cvemu::control
