// The list of everything that can be asked for.
#include "base/json_writer.h"
#include "blob/service.h"
#include "control/service.h"
#include "customvision/service.h"
#include "cvemu/emulator.h"
#include "queue/service.h"

namespace cvemu {

namespace {

template <class State>
void write_operations(JsonWriter& json, std::string_view service, const OperationTable<State>& operations) {
  json.begin_object().field("name", service).key("operations").begin_array();
  for (const auto* operation : operations) {
    const Route& route = operation->route;
    json.begin_object().field("name", route.name).field("method", method_name(route.method));
    json.field("path", route.path).field("needs", route.needs).end_object();
  }
  json.end_array().end_object();
}

}  // namespace

std::string operations_json() {
  JsonWriter json;
  json.begin_object().key("services").begin_array();
  write_operations(json, "customvision", CustomVisionService::operations());
  write_operations(json, "queue", queue::QueueService::operations());
  write_operations(json, "blob", blob::BlobService::operations());
  write_operations(json, "control", ControlService::operations());
  return json.end_array().end_object().take();
}

}  // namespace cvemu
