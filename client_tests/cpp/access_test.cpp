// Who may steer: which hosts and pages control routes answer to, the token, and what every answer says to a
// browser.
#include <cvemu/resources.h>

#include <cstdlib>
#include <mutex>

#include "base/text.h"
#include "story.h"

using namespace testing;

namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

Answer ask(const cvemu::Emulator& emulator, const std::string& method, const std::string& path,
           const Fields& headers, const std::string& body = "") {
  return send(method, emulator.training_endpoint() + path, body, headers);
}

std::string code_of(const Answer& answer) {
  const Json json = Json::parse(answer.body, nullptr, false);
  return std::to_string(answer.status) + ' ' + (json.is_object() ? json.value("code", "") : "");
}

// Without what grows while an emulated clock stands still.
Json clock_of(const cvemu::Control& control) {
  Json clock = Json::parse(control.call("GET", "/_emulator/clock"));
  clock.erase("offsetSeconds");
  return clock;
}

// Everything there is to look at that only a caller's wish may change.
std::string everything(const cvemu::Control& control) {
  std::string all = control.state() + clock_of(control).dump();
  for (const char* path : {"journal?limit=1000", "faults", "snapshots", "identity", "transitions",
                           "predictions/rules", "jobs", "operations", "projects"})
    all += control.call("GET", std::string("/_emulator/") + path) + '\n';
  return all;
}

// What each GET row's path and query need to find something.
std::string filled(const Story& story, std::string path, const std::string& iteration) {
  const std::pair<const char*, std::string> places[] = {
      {"{account}", "devstoreaccount1"},
      {"{queue}", "notifications"},
      {"{container}", "models"},
      {"{name...}", cvemu::percent_encode(story.project + " - " + iteration + ".ONNX")},
      {"{kind}", "training"},
      {"{id}", "busy"},
      {"{name}", "clean"},
      {"{seq}",
       Json::parse(story.control.call("GET", "/_emulator/journal?limit=1"))["entries"][0]["seq"].dump()}};
  for (const auto& [name, value] : places)
    if (const auto at = path.find(name); at != std::string::npos)
      path.replace(at, std::string_view(name).size(), value);
  if (path.ends_with("/explain")) path += "?iteration=" + iteration;
  if (path.ends_with("/timeline")) path += "?project=demo";
  return path;
}

std::vector<std::string> get_rows() {
  std::vector<std::string> paths;
  const Json all = Json::parse(cvemu::operations_json());
  for (const Json& service : all["services"])
    if (service["name"] == "control")
      for (const Json& row : service["operations"])
        if (row["method"] == "GET") paths.push_back(row["path"]);
  return paths;
}

}  // namespace

TEST_CASE("Access: control routes answer to hosts that are ours, in every way they can be asked for") {
  const cvemu::Emulator emulator({.control_hosts = {"emulator.example.com", "*.team.example"}});
  const auto status = [&](const std::string& method, const std::string& path, const std::string& host) {
    return ask(emulator, method, path, {{"Host", host}}).status;
  };
  for (const char* host :
       {"127.0.0.1", "localhost:1", "[::1]:9", "cvemu", "host.docker.internal", "x.localhost",
        "cvemu.ns.svc.cluster.local", "emulator.example.com:80", "a.team.example"})
    CHECK(status("GET", "/_emulator/health", host) == 200);
  for (const char* host :
       {"attacker.example", "attacker.example:10003", "localhost.attacker.example", "team.example"})
    for (const char* path : {"/_emulator/health", "/_EMULATOR/health", "/_emulator/none", "/_emulator/",
                             "/_emulator/reset", "/_emulator//health", "/_emulator/../_emulator/health"})
      for (const char* method : {"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"}) {
        CAPTURE(std::string(method) + ' ' + path + ' ' + host);
        CHECK(status(method, path, host) == 421);
      }
  const Answer refused = ask(emulator, "GET", "/_emulator/connection", {{"Host", "attacker.example:10003"}});
  CHECK(code_of(refused) == "421 HostNotAllowed");
  CHECK(refused.json()["message"].get<std::string>().find("--control-host attacker.example") !=
        std::string::npos);
  // Not control routes, whatever the host: nothing but /_emulator/ reaches them.
  for (const char* path : {"//_emulator/health", "/%5femulator/health", "/_emulator%2fhealth", "/_emulator",
                           "/x/../_emulator/health"})
    for (const char* host : {"127.0.0.1", "attacker.example"}) CHECK(status("GET", path, host) == 404);
}

TEST_CASE("Access: pages of other origins are refused, and change nothing") {
  Story story;
  const std::string before = everything(story.control);
  const std::string own = story.emulator.training_endpoint();
  const Fields pages[] = {{{"Sec-Fetch-Site", "cross-site"}},
                          {{"Sec-Fetch-Site", "same-site"}},
                          {{"Origin", "http://attacker.example"}},
                          {{"Origin", "null"}},
                          {{"Origin", "http://127.0.0.1:3000"}, {"Sec-Fetch-Site", "same-origin"}},
                          {{"Origin", own}, {"Sec-Fetch-Site", "same-site"}}};
  for (const Fields& headers : pages)
    for (const char* path :
         {"/_emulator/reset", "/_emulator/shutdown", "/_emulator/clock/advance", "/_emulator/state"}) {
      CHECK(code_of(ask(story.emulator, "POST", path, headers, R"({"by": "1h"})")) == "403 CrossSiteRequest");
      CHECK(code_of(ask(story.emulator, "GET", path, headers)) == "403 CrossSiteRequest");
    }
  CHECK(everything(story.control) == before);
  CHECK(ask(story.emulator, "GET", "/_emulator/health", {{"Origin", own}, {"Sec-Fetch-Site", "same-origin"}})
            .status == 200);
  CHECK(ask(story.emulator, "GET", "/_emulator/health", {{"Sec-Fetch-Site", "none"}}).status == 200);
}

TEST_CASE(
    "Access: no GET and no HEAD changes anything, and each answer forbids what a browser might do with it") {
  for (const bool automatic : {false, true}) {
    Story story;
    const std::string iteration = story.trained();
    story.exported(iteration);
    story.control.snapshot("clean");
    call_control(story.emulator, "POST", "/faults", R"({"id": "busy", "match": {"operation": "GetTags"},
                                                 "action": {"type": "status", "status": 503}})");
    story.control.set_outcomes(cvemu::OperationKind::Training, {{.fails = true}});
    story.train();
    if (automatic) story.control.automatic();
    const std::string before = everything(story.control);
    int walked = 0;
    for (const std::string& row : get_rows())
      for (const char* method : {"GET", "HEAD", "GET"}) {
        const std::string path = filled(story, row, iteration);
        CAPTURE(std::string(method) + ' ' + path);
        const Answer answer = ask(story.emulator, method, path, {});
        CHECK(answer.status == 200);
        CHECK(answer.header("cross-origin-resource-policy") == "same-origin");
        CHECK(answer.header("content-security-policy") ==
              "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox");
        CHECK(answer.header("x-content-type-options") == "nosniff");
        CHECK(answer.header("referrer-policy") == "no-referrer");
        CHECK(answer.header("strict-transport-security").empty());
        ++walked;
      }
    CHECK(walked >= 3 * 25);
    CHECK(everything(story.control) == before);
  }
}

TEST_CASE("Access: refusals carry the same headers") {
  const cvemu::Emulator emulator({.control_token = "secret"});
  for (const Answer& answer :
       {ask(emulator, "GET", "/_emulator/health", {{"Host", "attacker.example"}}),
        ask(emulator, "GET", "/_emulator/health", {{"Origin", "null"}}),
        ask(emulator, "GET", "/_emulator/none", {}), ask(emulator, "OPTIONS", "/_emulator/state", {})}) {
    CHECK(answer.status >= 400);
    CHECK(answer.header("cross-origin-resource-policy") == "same-origin");
    CHECK(answer.header("content-security-policy").ends_with("sandbox"));
    CHECK(answer.header("access-control-allow-origin").empty());
  }
}

TEST_CASE("Access: the token is asked for on every control route, and shown on none") {
  std::mutex mutex;
  std::string log;
  const std::string token = "a-secret-of-ours";
  cvemu::Emulator emulator({.control_token = token,
                            .log =
                                [&](int, std::string_view text) {
                                  const std::lock_guard lock(mutex);
                                  log.append(text).append("\n");
                                },
                            .log_level = 0});
  const Fields right = {{"Authorization", "Bearer " + token}};
  for (const std::string& row : get_rows()) {
    CAPTURE(row);
    const Answer answer = ask(emulator, "GET", row, {});
    CHECK(code_of(answer) == "401 TokenRequired");
    CHECK(answer.header("www-authenticate") == "Bearer");
  }
  CHECK(ask(emulator, "POST", "/_emulator/reset", {{"Authorization", "Bearer wrong"}}).status == 401);
  CHECK(ask(emulator, "POST", "/_emulator/reset", right).status == 200);
  CHECK(Training(emulator).get("/projects").status == 200);  // the service itself asks for its own keys
  CHECK(emulator.control().call("GET", "/_emulator/health").find("ready") != std::string::npos);

  CHECK(cvemu::connect(emulator.training_endpoint(), token).clock() == cvemu::ClockMode::Real);
  CHECK_THROWS_WITH_AS(cvemu::connect(emulator.training_endpoint(), "wrong").clock(),
                       doctest::Contains("--control-token"), cvemu::ControlError);
  ::setenv("CVEMU_CONTROL_TOKEN", token.c_str(), 1);
  CHECK(cvemu::connect(emulator.training_endpoint()).clock() == cvemu::ClockMode::Real);
  ::unsetenv("CVEMU_CONTROL_TOKEN");

  for (const std::string& row : get_rows()) {
    const Answer answer = ask(emulator, "GET", row, right);
    CAPTURE(row);
    CHECK(answer.body.find(token) == std::string::npos);
  }
  CHECK(ask(emulator, "GET", "/_emulator/info", right).json()["options"]["control-token"] == "***");
  const std::lock_guard lock(mutex);
  CHECK(log.find(token) == std::string::npos);
}

TEST_CASE("Access: options that cannot be are refused before anything begins") {
  const auto refusal = [](cvemu::Options options) -> std::string {
    try {
      const cvemu::Emulator emulator(std::move(options));
      return "it started";
    } catch (const cvemu::StartError& error) {
      CHECK(error.kind == cvemu::StartError::Kind::Usage);
      return error.what();
    }
  };
  CHECK(refusal({.require_token = true}).find("--require-token") == 0);
  CHECK(refusal({.control_token = "two words"}).find("--control-token") == 0);
  CHECK(refusal({.control_token = "a\r\nb"}).find("--control-token") == 0);
  for (const char* host : {"*", "http://a", "a:80", "", "a b"})
    CHECK(refusal({.control_hosts = {host}}).find("--control-host") == 0);
  for (const char* folder : {"/none", "/etc/passwd", ""})
    CHECK(refusal({.allow_folders = {folder}}).find("--allow-folder") == 0);
  const cvemu::Emulator fine({.control_token = "x", .require_token = true});
}

TEST_CASE("Access: who listens on other addresses says so once, with what is reached and what helps") {
  const auto warnings = [](cvemu::Options options) {
    std::mutex mutex;
    std::vector<std::string> lines;
    options.log = [&](int level, std::string_view text) {
      const std::lock_guard lock(mutex);
      if (level == 2) lines.emplace_back(text);
    };
    {
      const cvemu::Emulator emulator(std::move(options));
    }
    return lines;
  };
  CHECK(warnings({}).empty());
  CHECK(warnings({.host = "127.0.0.2"}).empty());
  const auto all = warnings({.host = "0.0.0.0"});
  REQUIRE(all.size() == 1);
  for (const char* words :
       {"control routes at 0.0.0.0:", "blobs at 0.0.0.0:", "queues at 0.0.0.0:", "--host", "--control-token"})
    CHECK(all[0].find(words) != std::string::npos);
  const auto blobs = warnings({.blob_host = "0.0.0.0"});
  REQUIRE(blobs.size() == 1);
  CHECK(blobs[0].find("blobs at 0.0.0.0:") != std::string::npos);
  CHECK(blobs[0].find("--blob-host") != std::string::npos);
  CHECK(blobs[0].find("control") == std::string::npos);
  const auto guarded = warnings({.host = "0.0.0.0", .control_token = "secret"});
  REQUIRE(guarded.size() == 1);
  CHECK(guarded[0].find("--control-token") == std::string::npos);
  CHECK(guarded[0].find("secret") == std::string::npos);
}

TEST_CASE("Access: links in answers carry the name of the request only if it is ours") {
  const Story story;
  const auto thumbnail = [&](const std::string& host) -> std::string {
    return ask(story.emulator, "GET",
               "/customvision/v3.3/training/projects/" + story.project + "/images/tagged",
               {{"Host", host}, {"Training-Key", "k"}})
        .json()
        .at(0)["thumbnailUri"];
  };
  CHECK(thumbnail("cvemu:10003").starts_with("http://cvemu:"));
  CHECK(thumbnail("vision.test").starts_with("http://vision.test:"));
  CHECK(thumbnail("attacker.example:10003").starts_with("http://127.0.0.1:"));
}

TEST_CASE("Access: a blob's bytes come as an attachment that runs nothing") {
  const cvemu::Emulator emulator({.create_containers = {"pages"}});
  const std::string page =
      "<script>fetch('/_emulator/reset', {method: 'POST'})</script>" + std::string(200'000, ' ');
  Storage(emulator).signed_request("PUT", emulator.blob_endpoint() + "/pages/a%20folder/my%20%22page%22.html",
                                   page, {{"x-ms-blob-type", "BlockBlob"}, {"Content-Type", "text/html"}});
  const Answer answer = call_control(
      emulator, "GET", "/storage/devstoreaccount1/containers/pages/blobs/a%20folder/my%20%22page%22.html");
  CHECK(answer.body == page);
  CHECK(answer.header("content-disposition").starts_with("attachment; filename*=UTF-8''my"));
  CHECK(answer.header("x-content-type-options") == "nosniff");
  CHECK(answer.header("content-security-policy").ends_with("; sandbox"));
}

TEST_CASE("Access: the emulator does not ask its own control routes for those who name a URL") {
  const cvemu::Emulator emulator({.create_containers = {"loot"}});
  for (const std::string host : {"127.0.0.1", "localhost"}) {
    const std::string url =
        "http://" + host + ':' + std::to_string(emulator.port()) + "/_emulator/connection";
    const Answer copied =
        Storage(emulator).signed_request("PUT", emulator.blob_endpoint() + "/loot/keys", "",
                                         {{"x-ms-blob-type", "BlockBlob"}, {"x-ms-copy-source", url}});
    CHECK(copied.status >= 400);
  }
  CHECK(Storage(emulator).blob_names("loot").empty());
}
