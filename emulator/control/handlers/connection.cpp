// How to connect: endpoints, keys and the connection string, ready to be pasted. Built from the public
// endpoints, else from the host by which the request came, if it is ours, so it is right inside and outside a
// container.
#include "base/text.h"
#include "control/context.h"
#include "control/json.h"

namespace cvemu::control {

namespace {

struct Connection {
  std::string vision, blob, queue, table;  // endpoints; table: "" if it is closed
  std::string training_key, prediction_key, storage;
};

std::string first_or(const std::vector<std::string>& keys, const char* fallback) {
  return keys.empty() ? fallback : keys[0];
}

Connection connection_for(const ControlContext& control, const RequestContext& context) {
  const EndpointInfo& endpoints = control.endpoints;
  const Account& account = *endpoints.accounts.begin();
  const auto asked = control.hosts.our_authority(context.headers());
  const std::string base = endpoints.scheme + "://" + (asked ? asked->url_host() : endpoints.host) + ':';
  // The port by which the request came may be a mapped one.
  const int usual_port = endpoints.scheme == "https" ? 443 : 80;
  Connection out;
  const PublicEndpoints::Urls known = control.public_endpoints.urls();
  const auto origin = [&](const std::optional<Url>& url, int port) {
    return url ? url->origin() : base + std::to_string(port);
  };
  out.vision = origin(known.vision, asked ? asked->port.value_or(usual_port) : endpoints.port);
  out.blob = origin(known.blob, endpoints.blob_port) + '/' + account.name;
  out.queue = origin(known.queue, endpoints.queue_port) + '/' + account.name;
  if (endpoints.table_port) out.table = base + std::to_string(*endpoints.table_port) + '/' + account.name;
  // Without valid keys any will do; these say what they are.
  out.training_key = first_or(control.options.training_keys, "emulator-training-key");
  out.prediction_key = first_or(control.options.prediction_keys, "emulator-prediction-key");
  out.storage = connection_string(account, out.blob, out.queue, out.table);
  return out;
}

Response as_json(const Connection& connection) {
  Json endpoints{{"customVision", connection.vision},
                 {"blob", connection.blob},
                 {"queue", connection.queue},
                 {"control", connection.vision + "/_emulator"}};
  if (!connection.table.empty()) endpoints["table"] = connection.table;
  return json_response(Json{{"endpoints", endpoints},
                            {"trainingKey", connection.training_key},
                            {"predictionKey", connection.prediction_key},
                            {"storageConnectionString", connection.storage}});
}

Response as_appsettings(const Connection& connection) {
  return json_response(Json{{"CustomVision",
                             {{"TrainingEndpoint", connection.vision},
                              {"TrainingKey", connection.training_key},
                              {"PredictionEndpoint", connection.vision},
                              {"PredictionKey", connection.prediction_key}}},
                            {"ConnectionStrings", {{"Storage", connection.storage}}}});
}

// Names as in the service's quick starts, and that of Azure's command line for storage.
Response as_lines(const Connection& connection, std::string_view before, std::string_view quote) {
  const std::pair<std::string_view, std::string_view> lines[] = {
      {"CVEMU_URL", connection.vision},
      {"VISION_TRAINING_ENDPOINT", connection.vision},
      {"VISION_TRAINING_KEY", connection.training_key},
      {"VISION_PREDICTION_ENDPOINT", connection.vision},
      {"VISION_PREDICTION_KEY", connection.prediction_key},
      {"AZURE_STORAGE_CONNECTION_STRING", connection.storage},
  };
  std::string text;
  for (const auto& [name, value] : lines)
    text.append(before).append(name).append("=").append(quote).append(value).append(quote).append("\n");
  Response response{200, {}, std::move(text)};
  response.headers.add("Content-Type", "text/plain; charset=utf-8");
  return response;
}

Response get_connection(ControlContext& control, RequestContext& context) {
  const std::string format(context.query().find_nonempty("format").value_or("json"));
  check_one_of(format, {"json", "dotenv", "shell", "appsettings"}, "format");
  const Connection connection = connection_for(control, context);
  if (format == "dotenv") return as_lines(connection, "", "\"");
  if (format == "shell") return as_lines(connection, "export ", "'");
  return format == "json" ? as_json(connection) : as_appsettings(connection);
}

}  // namespace

std::span<const Operation<ControlContext>> connection_operations() {
  static constexpr Operation<ControlContext> operations[] = {
      {{"GetConnection", Method::Get, "/_emulator/connection"},
       get_connection,
       {"Endpoints, keys and connection string, not masked, as json, dotenv, shell or appsettings", "", "",
        "format"}},
  };
  return operations;
}

}  // namespace cvemu::control
