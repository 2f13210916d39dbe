// What this emulator is and how it was started.
#include "base/durations.h"
#include "base/times.h"
#include "control/context.h"
#include "control/json.h"
#include "cvemu/version.h"

namespace cvemu::control {

namespace {

// How many keys there are may be known, the keys may not.
Json masked(const std::vector<std::string>& keys) {
  return Json(std::vector<std::string>(keys.size(), "***"));
}

Json names_of(const Accounts& accounts) {
  Json names = Json::array();
  for (const Account& account : accounts) names.push_back(account.name);
  return names;
}

Json paths_of(const std::vector<std::filesystem::path>& paths) {
  Json texts = Json::array();
  for (const auto& path : paths) texts.push_back(path.string());
  return texts;
}

// Named as on the command line.
Json options_in_force(const Options& options, const EndpointInfo& endpoints) {
  Json all{
      {"host", options.host},
      {"port", endpoints.port},
      {"blob-port", endpoints.blob_port},
      {"queue-port", endpoints.queue_port},
      {"https", endpoints.scheme == "https"},
      {"location", options.location.string()},
      {"training-time", duration_text(options.training_time)},
      {"export-time", duration_text(options.export_time)},
      {"test-blob-time", duration_text(options.test_blob_time)},
      {"training-key", masked(options.training_keys)},
      {"prediction-key", masked(options.prediction_keys)},
      {"tier", options.tier},
      {"clock-rate", options.clock_rate},
      {"journal-max", options.journal_max},
      {"notification-encoding", options.base64_notifications ? "base64" : "plain"},
      {"accounts", names_of(endpoints.accounts)},
      {"loose", options.loose},
      {"strict-api-version", options.strict_api_version},
      {"allow-host", options.allow_hosts},
      {"control-host", options.control_hosts},
      {"control-token", options.control_token.empty() ? Json() : Json("***")},  // null: none is asked for
      {"require-token", options.require_token},
      {"allow-folder", paths_of(options.allow_folders)}};
  if (endpoints.table_port) all["table-port"] = *endpoints.table_port;
  return all;
}

Response get_info(ControlContext& control, RequestContext&) {
  const EndpointInfo& endpoints = control.endpoints;
  const Clock& clock = control.environment.clock;
  return json_response(
      Json{{"version", kVersion},
           {"seed", control.options.seed ? Json(*control.options.seed) : Json()},  // null: ids are random
           {"now", times::iso_millis(clock.now())},
           {"tiers", endpoints.tiers},
           {"apiVersions",
            {{"training", endpoints.training_versions}, {"prediction", endpoints.prediction_versions}}},
           {"options", options_in_force(control.options, endpoints)}});
}

}  // namespace

std::span<const Operation<ControlContext>> info_operations() {
  static constexpr Operation<ControlContext> operations[] = {
      {{"GetInfo", Method::Get, "/_emulator/info"},
       get_info,
       {"Version, seed, options in force (keys masked), tiers and API versions"}},
  };
  return operations;
}

}  // namespace cvemu::control
