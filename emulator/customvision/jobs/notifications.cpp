#include "customvision/jobs/notifications.h"

#include "base/json_writer.h"

namespace cvemu::customvision::notifications {

namespace {

// {"version":"1.0","type":...,"Content":{"projectId":... - the caller goes on inside Content.
JsonWriter begin(std::string_view type, const Uuid& project) {
  JsonWriter json;
  json.begin_object().field("version", "1.0").field("type", type);
  json.key("Content").begin_object().field("projectId", project.text());
  return json;
}

std::string end(JsonWriter& json) {
  return json.end_object().end_object().take();
}

}  // namespace

std::string connection_test(const Uuid& project) {
  JsonWriter json = begin("ConnectionTest", project);
  return end(json);
}

std::string training(const Uuid& project, const Uuid& iteration, bool completed) {
  JsonWriter json = begin("Training", project);
  json.field("iterationId", iteration.text());
  json.field("trainingStatus", completed ? "TrainingCompleted" : "TrainingFailed");
  return end(json);
}

std::string exported(const Uuid& project, const Uuid& iteration, bool completed, std::string_view model_uri) {
  JsonWriter json = begin("Export", project);
  json.field("iterationId", iteration.text());
  json.field("exportStatus", completed ? "ExportCompleted" : "ExportFailed");
  if (model_uri.empty()) {
    json.null_field("modelUri");
  } else {
    json.field("modelUri", model_uri);
  }
  return end(json);
}

}  // namespace cvemu::customvision::notifications
