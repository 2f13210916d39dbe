// The list of everything that can be asked for.
#include "base/json_writer.h"
#include "base/text.h"
#include "blob/service.h"
#include "control/service.h"
#include "customvision/service.h"
#include "cvemu/emulator.h"
#include "queue/service.h"

namespace cvemu {

namespace {

std::string_view or_dash(std::string_view letters) {
  return letters.empty() ? "-" : letters;
}

// Storage in four words, "o r r blob", Custom Vision in two, "training v3.0"; "" for control.
std::string needs_of(std::string_view service, const Access& access) {
  constexpr std::string_view kOpen[] = {"-", "blob", "container", "anyone", "bearer"};
  if (service == "control") return "";
  if (access.key != Access::Key::None)
    return (access.key == Access::Key::Training ? "training " : "prediction ") + std::string(access.since);
  return join(
      {std::string(or_dash(access.resource)), std::string(or_dash(access.account)),
       std::string(or_dash(access.service)), std::string(kOpen[static_cast<std::size_t>(access.open)])},
      " ");
}

template <class State>
void write_operations(JsonWriter& json, std::string_view service, const OperationTable<State>& operations) {
  json.begin_object().field("name", service).key("operations").begin_array();
  for (const auto* operation : operations) {
    const Route& route = operation->route;
    json.begin_object().field("name", route.name).field("method", method_name(route.method));
    json.field("path", route.path).field("needs", needs_of(service, route.access)).end_object();
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
