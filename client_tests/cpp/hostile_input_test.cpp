// Broken input, generated from the description of the control routes and from the program's own list of
// operations: whatever is sent, the answer is below 500, a refusal says what and where, and the emulator goes
// on.
#include <doctest/doctest.h>

#include <functional>

#include "base/text.h"
#include "testing.h"

using testing::Answer;
using testing::Json;

namespace {

constexpr const char* kWorld = R"({
  "clock": {"mode": "frozen", "at": "2030-01-01T00:00:00Z"},
  "queues": ["notifications"], "containers": ["models"],
  "projects": [{"name": "Hemlock", "notificationQueue": "notifications", "exportContainer": "models",
                "tags": ["Hemlock", "Cherry"]}]
})";

std::string repeated(std::string_view text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

// As JSON texts, for some cannot be written by a library.
std::vector<std::string> hostile_values() {
  return {"null",
          "true",
          "false",
          "0",
          "-1",
          "1.5",
          "1e308",
          "-1e308",
          "1e999",
          "9223372036854775807",
          "-9223372036854775808",
          "18446744073709551615",
          "\"\"",
          "\"x\"",
          "\"BAD NAME\"",
          "\"a b\"",
          "\"a\\u0000b\"",
          "\"../../etc\"",
          "\"%00\"",
          "\"\\ud83d\\ude42\\u202e\"",
          "\"-\"",
          "\"0001-01-01T00:00:00Z\"",
          "\"9999-12-31T23:59:59Z\"",
          "\"36500d\"",
          "\"P1D\"",
          "\"99999999999999999999\"",
          "[]",
          "{}",
          "[null]",
          "[[]]",
          "[{}]",
          "{\"a\":1}",
          "[\"x\",1,{}]",
          '"' + repeated("x", 20'000) + '"',
          repeated("[", 60) + repeated("]", 60),
          repeated("[", 8000) + repeated("]", 8000)};
}

// Whole bodies that no route can use.
std::vector<std::string> hostile_bodies() {
  return {"{",
          "}",
          "nul",
          "[]",
          "\"text\"",
          "1",
          "{\"a\"",
          "{\"a\":}",
          "\xff\xfe",
          std::string("{\0}", 3),
          "{} {}",
          "{\"a\":\"\xff\"}",
          "{\"\":{}}",
          "{\"a\":" + repeated("[", 8000) + repeated("]", 8000) + ",\"b\":1}",
          repeated("{\"a\":", 8000) + "1" + repeated("}", 8000),
          repeated("[", 100'000),
          "<xml/>"};
}

std::vector<std::string> hostile_names() {
  return {"%00",
          "a%00b",
          "%2e%2e",
          "a%2Fb",
          "%ff",
          "%zz",
          "%",
          "'",
          "%22",
          "-1",
          "0",
          "99999999999999999999",
          "BAD%20NAME",
          "%F0%9F%99%82",
          repeated("x", 3000),
          "%5B%5D",
          "*"};
}

// Every place in a document.
void each_place(const Json& json, const Json::json_pointer& at,
                const std::function<void(const Json::json_pointer&)>& take) {
  take(at);
  if (json.is_object())
    for (const auto& [name, value] : json.items()) each_place(value, at / name, take);
  if (json.is_array())
    for (std::size_t i = 0; i < json.size(); ++i) each_place(json[i], at / i, take);
}

constexpr const char* kMark = "put the hostile value here";

// The example with the value in each of its places, and in each field that it does not show.
std::vector<std::string> spoiled(const Json& example, const Json& properties, const std::string& value) {
  std::vector<Json> marked;
  each_place(example, Json::json_pointer(), [&](const Json::json_pointer& at) {
    marked.push_back(example);
    marked.back()[at] = kMark;
  });
  for (const auto& property : properties.items()) {
    if (example.contains(property.key())) continue;
    marked.push_back(example);
    marked.back()[property.key()] = kMark;
  }
  std::vector<std::string> texts;
  for (const Json& document : marked) {
    std::string text = document.dump();
    const std::string mark = '"' + std::string(kMark) + '"';
    text.replace(text.find(mark), mark.size(), value);
    texts.push_back(std::move(text));
  }
  return texts;
}

struct Route {
  std::string method, path;
  Json operation;
  const Json* media() const {
    return operation.contains("requestBody") ? &operation["requestBody"]["content"]["application/json"]
                                             : nullptr;
  }
};

std::vector<Route> control_routes(const cvemu::Emulator& emulator) {
  std::vector<Route> all;
  const Json document = testing::call_control(emulator, "GET", "/openapi.json").json();
  for (const auto& [path, methods] : document["paths"].items())
    for (const auto& [method, operation] : methods.items()) {
      std::string verb = method;
      for (char& c : verb) c = static_cast<char>(std::toupper(c));
      all.push_back({verb, path, operation});
    }
  return all;
}

// What exists, for the names in a path.
std::string known(const std::string& name) {
  if (name == "account") return "devstoreaccount1";
  if (name == "queue") return "notifications";
  if (name == "container") return "models";
  return name == "kind" ? "training" : "1";
}

// The path with all names known; or each name in turn replaced by `hostile`.
std::string spoilt_path(std::string path, std::size_t spoilt = std::string::npos,
                        const std::string& hostile = "") {
  std::size_t number = 0;
  for (auto open = path.find('{'); open != std::string::npos; open = path.find('{', open)) {
    const auto close = path.find('}', open);
    const std::string value = number++ == spoilt ? hostile : known(path.substr(open + 1, close - open - 1));
    path.replace(open, close - open + 1, value);
    open += value.size();
  }
  return path;
}

std::size_t names_in(const std::string& path) {
  return static_cast<std::size_t>(std::count(path.begin(), path.end(), '{'));
}

class Hostile {
 public:
  int sent = 0, refused = 0;

  void send(const Route& route, const std::string& target, const std::string& body = "") {
    const Answer answer = testing::send(route.method, emulator_->training_endpoint() + target, body,
                                        {{"Content-Type", "application/json"}});
    ++sent;
    CAPTURE(route.method + ' ' + target.substr(0, 200));
    CAPTURE(body.substr(0, 300));
    CAPTURE(answer.body.substr(0, 300));
    CHECK(answer.status < 500);
    if (answer.status < 400 || answer.body.empty()) return;
    ++refused;
    CHECK(is_good_refusal(answer));
  }

  void renew() {
    emulator_ = std::make_unique<cvemu::Emulator>();
    emulator_->control().load(kWorld);
  }
  const cvemu::Emulator& emulator() const { return *emulator_; }

 private:
  // 400 names the place, or says in words what the body as a whole must be.
  static bool is_good_refusal(const Answer& answer) {
    const Json error = Json::parse(answer.body, nullptr, false);
    if (!error.is_object() || error.value("message", "").empty() || error.value("code", "").empty())
      return false;
    if (error.value("message", "").find("exception") != std::string::npos) return false;
    static const std::vector<std::string> whole = {"InvalidBody", "InvalidDuration", "InvalidArchive",
                                                   "CannotFail",  "InvalidQuery",    "NewerArchive"};
    return answer.status != 400 || error.contains("path") ||
           std::find(whole.begin(), whole.end(), error.value("code", "")) != whole.end();
  }

  std::unique_ptr<cvemu::Emulator> emulator_;
};

}  // namespace

TEST_CASE("Hostile input: no body, name or number brings a control route down") {
  Hostile hostile;
  hostile.renew();
  for (const Route& route : control_routes(hostile.emulator())) {
    hostile.renew();
    for (std::size_t i = 0; i < names_in(route.path); ++i)
      for (const std::string& name : hostile_names()) hostile.send(route, spoilt_path(route.path, i, name));
    for (const Json& parameter : route.operation.value("parameters", Json::array()))
      if (parameter["in"] == "query")
        for (const std::string& name : hostile_names())
          hostile.send(route,
                       spoilt_path(route.path) + '?' + parameter["name"].get<std::string>() + '=' + name);
    if (route.method == "GET") continue;
    for (const std::string& body : hostile_bodies()) hostile.send(route, spoilt_path(route.path), body);
    const Json* media = route.media();
    if (!media) continue;
    for (const std::string& value : hostile_values())
      for (const std::string& body :
           spoiled(media->value("example", Json::object()), (*media)["schema"]["properties"], value))
        hostile.send(route, spoilt_path(route.path), body);
  }
  MESSAGE(hostile.sent << " requests, " << hostile.refused << " refused");
  CHECK(hostile.refused > 1000);
  CHECK(testing::call_control(hostile.emulator(), "GET", "/health").status == 200);
}

TEST_CASE("Hostile input: names that no queue or container can have are refused before anything begins") {
  const cvemu::Emulator emulator;
  for (const char* list : {"queues", "containers"})
    for (const char* name : {"BAD NAME", "a b", "a\\u0000b", "ab", "-abc", "a--b", "UPPER", "a/b", "a?b",
                             "a#b", "%41bc", "@", "["}) {
      for (const char* route : {"/scenarios", "/scenarios/check"}) {
        const std::string body = std::string(R"({")") + list + R"(": ["good", ")" + name + R"("]})";
        CAPTURE(body);
        const Answer answer = testing::call_control(emulator, "POST", route, body);
        CHECK(answer.status == 400);
        CHECK(answer.json()["code"] == "InvalidName");
        CHECK(answer.json()["path"] == std::string("/") + list + "/1");
      }
    }
  CHECK(testing::call_control(emulator, "GET", "/storage/devstoreaccount1/queues").json()["queues"].empty());
}

TEST_CASE("Hostile input: a name that cannot be created is an error of the start, not its end") {
  for (const std::string name : {"BAD NAME", "a", "", "a\nb", "[", "http://"}) {
    CAPTURE(name);
    cvemu::Options queue, container;
    queue.create_queues = {name};
    container.create_containers = {name};
    CHECK_THROWS_AS(cvemu::Emulator{queue}, cvemu::StartError);
    CHECK_THROWS_AS(cvemu::Emulator{container}, cvemu::StartError);
  }
}

TEST_CASE("Hostile input: deep nesting is refused by every operation that reads JSON") {
  const cvemu::Emulator emulator;
  const std::string deep = repeated("[", 8000) + repeated("]", 8000);
  const std::vector<std::string> bodies = {"{\"a\":" + deep + ",\"b\":1}", deep,
                                           "{\"images\":" + deep + ",\"x\":0}",
                                           repeated("{\"settings\":", 8000) + "0" + repeated("}", 8000),
                                           "{\"x\":1,\"y\":[" + deep + ",1,2,3,4,5,6,7,8,9]}"};
  int sent = 0;
  const Json program = Json::parse(cvemu::operations_json());
  for (const Json& service : program["services"]) {
    if (service["name"] != "customvision" && service["name"] != "control") continue;
    for (const Json& row : service["operations"]) {
      const std::string method = row["method"];
      if (method != "POST" && method != "PUT" && method != "PATCH") continue;
      std::string path = row["path"];
      if (const auto version = path.find("{version}"); version != std::string::npos)
        path.replace(version, 9, path.find("rediction") != std::string::npos ? "v3.1" : "v3.3");
      for (auto open = path.find('{'); open != std::string::npos; open = path.find('{'))
        path.replace(open, path.find('}') - open + 1, "00000000-0000-0000-0000-000000000001");
      for (const std::string& body : bodies) {
        const Answer answer = testing::send(
            method, emulator.training_endpoint() + path, body,
            {{"Content-Type", "application/json"}, {"Training-Key", "k"}, {"Prediction-Key", "k"}});
        CAPTURE(method + ' ' + path);
        CHECK(answer.status >= 400);
        CHECK(answer.status < 500);
        ++sent;
      }
    }
  }
  MESSAGE(sent << " requests");
  CHECK(sent > 250);
  CHECK(testing::call_control(emulator, "GET", "/health").status == 200);
}
