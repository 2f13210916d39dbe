#include "pipeline/pipeline.h"

#include <doctest/doctest.h>

#include <functional>
#include <optional>

namespace cvemu::pipeline_pipeline_test {

using namespace std::chrono_literals;

namespace {

constexpr Route kThing{"GetThing", Method::Get, "/thing"};
constexpr Route kTrain{"TrainProject", Method::Post, "/train"};

// Writes down what is asked of it, in order, and does what the test says.
class TestService : public Service {
 public:
  std::string_view name() const override { return recorded ? "customvision" : "control"; }
  Match match(const Exchange& exchange) const override {
    steps.push_back("match");
    if (exchange.request.raw_path() == "/nothing") throw ApiError(404, "Unknown", "no row");
    return {exchange.request.method == Method::Post ? &kTrain : &kThing, 0, {}};
  }
  Principal authenticate(const Exchange&, const Match&) override {
    steps.push_back("authenticate");
    return {Principal::Kind::Key, "", ""};
  }
  Response run(const Match&, RequestContext& context) override {
    steps.push_back("run");
    context.body.all(1000);
    if (does) does(context);
    if (stream) return {200, {}, *stream};
    return {200, {}, "done"};
  }
  Response render(const ApiError& error, const Exchange&) const override {
    return {error.status, {}, error.code};
  }
  void finish(Response& response, const Exchange&) const override {
    steps.push_back("finish");
    response.headers.set("x-finished", "1");
  }
  ApiError unexpected() const override { return ApiError(500, "Unexpected", "failed"); }
  ApiError unavailable() const override { return ApiError(503, "Overtaken", "replaced"); }
  bool is_recorded() const override { return recorded; }

  std::function<void(RequestContext&)> does;
  std::optional<Stream> stream;  // what it answers
  bool recorded = true;
  mutable std::vector<std::string> steps;
};

struct PipelineBench {
  Clock clock;
  IdSource ids{1};
  Database database;
  std::vector<std::string> lines;  // of the log
  Log log{[this](LogLevel, std::string_view text) { lines.emplace_back(text); }, LogLevel::Info};
  RequestJournal journal{{}};
  Faults faults{1};
  ChangeSignal changes;
  Activity activity;
  HostPolicy hosts;
  TestService service;
  Pipeline pipeline{{clock, ids, database, log, journal, faults, changes, activity, &hosts}};
  Peer peer;

  Response serve(Method method, const std::string& target, Headers headers = {}) {
    headers.add("Host", "127.0.0.1");
    const Request request{method, target, std::move(headers)};
    StringBody body("");
    return pipeline.serve(service, request, body, peer);
  }
  Response get(const std::string& target = "/thing", Headers headers = {}) {
    return serve(Method::Get, target, std::move(headers));
  }
};

std::string text_of(const Response& response) {
  return std::to_string(response.status) + ' ' + std::get<std::string>(response.body);
}

Headers with(std::string_view name, std::string_view value) {
  Headers headers;
  headers.add(name, value);
  return headers;
}

void replace_state(Database& database) {
  Transaction tx(database);
  tx.begin_generation();
  tx.commit();
}

}  // namespace

TEST_CASE("Pipeline: match, authenticate, run, finish, and an entry in the journal") {
  PipelineBench bench;
  const std::uint64_t seen = bench.changes.version();
  CHECK(text_of(bench.get()) == "200 done");
  CHECK(bench.service.steps == std::vector<std::string>{"match", "authenticate", "run", "finish"});
  REQUIRE(bench.journal.entries().size() == 1);
  const auto entry = bench.journal.entries().front();
  CHECK(entry->operation == "GetThing");
  CHECK(entry->status == 200);
  CHECK(entry->response_header("x-finished") == "1");
  CHECK(bench.changes.version() != seen);
}

TEST_CASE("Pipeline: what a service throws is answered in its own shape, finished and recorded") {
  PipelineBench bench;
  CHECK(text_of(bench.get("/nothing")) == "404 Unknown");
  CHECK(bench.journal.entries().back()->operation == "");
  bench.service.does = [](RequestContext&) { throw ApiError(409, "Conflict", "no"); };
  CHECK(text_of(bench.get()) == "409 Conflict");
  bench.service.does = [](RequestContext&) { throw std::runtime_error("secret inside"); };
  const Response failed = bench.get();
  CHECK(text_of(failed) == "500 Unexpected");
  CHECK(failed.headers.get("x-finished") == "1");
  CHECK(bench.journal.entries().back()->status == 500);
}

TEST_CASE("Pipeline: an answer that is cut leaves a line in the log that says why") {
  PipelineBench bench;
  bench.service.stream = Stream{4, [](const auto&) { throw std::runtime_error("its bytes are gone"); }};
  Response cut = bench.get();
  CHECK(bench.lines.empty());
  CHECK_THROWS(take_body(cut));
  REQUIRE(bench.lines.size() == 1);
  CHECK(bench.lines[0] == "customvision GetThing: the answer was cut: its bytes are gone");
}

TEST_CASE("Pipeline: what a reset overtakes is answered 503 by the service, and may write no more") {
  PipelineBench bench;
  bench.service.does = [&](RequestContext&) {
    std::thread([&] { replace_state(bench.database); }).join();
    Transaction tx(bench.database);
    FAIL("a write of an earlier generation");
  };
  CHECK(text_of(bench.get()) == "503 Overtaken");
  CHECK(bench.journal.entries().back()->status == 503);
  bench.service.does = nullptr;
  CHECK(text_of(bench.get()) == "200 done");
}

TEST_CASE("Pipeline: the emulator's own requests belong to the work that sends them") {
  PipelineBench bench;
  bench.peer.internal = true;
  const GenerationGuard work(bench.database);
  std::thread([&] { replace_state(bench.database); }).join();
  bench.service.does = [&](RequestContext&) { Transaction tx(bench.database); };
  CHECK(text_of(bench.get()) == "503 Overtaken");
}

TEST_CASE("Pipeline: a client that went away is in the journal with status 0, and who waits looks again") {
  PipelineBench bench;
  bench.service.does = [](RequestContext&) { throw ClientGone(); };
  const std::uint64_t seen = bench.changes.version();
  CHECK_THROWS_AS(bench.get(), ClientGone);
  REQUIRE(bench.journal.entries().size() == 1);
  CHECK(bench.journal.entries().front()->status == 0);
  CHECK(bench.changes.version() != seen);
}

TEST_CASE("Pipeline: a fault that a request asks for itself stands in for the service") {
  PipelineBench bench;
  CHECK(text_of(bench.get("/thing", with("x-emulator-fault", "status=503;code=Mine"))) == "503 Mine");
  CHECK(bench.service.steps == std::vector<std::string>{"match", "finish"});
  CHECK(bench.journal.entries().back()->fault == "header");
  bench.service.steps.clear();
  CHECK(text_of(bench.get("/thing", with("x-emulator-fault", "status=500;phase=afterEffect"))) ==
        "500 Unexpected");
  CHECK(bench.service.steps == std::vector<std::string>{"match", "authenticate", "run", "finish"});
  CHECK(text_of(bench.get("/thing", with("x-emulator-fault", "trainingFailed"))) == "400 InvalidFaultHeader");
}

TEST_CASE("Pipeline: what the emulator delivers is in the journal under its project and iteration") {
  PipelineBench bench;
  bench.peer.internal = true;
  const Request request{Method::Get, "/thing", {}, {Delivery::Kind::Notification, "p", "i"}};
  StringBody body("");
  bench.pipeline.serve(bench.service, request, body, bench.peer);
  const auto entry = bench.journal.entries().front();
  CHECK(entry->internal);
  CHECK(entry->param("projectId") == "p");
  CHECK(entry->param("iterationId") == "i");
}

TEST_CASE("Pipeline: a page under a stranger's name is refused before the service is asked") {
  PipelineBench bench;
  Headers headers = with("Sec-Fetch-Site", "cross-site");
  const Request request{Method::Get, "/thing", [&] {
                          headers.add("Host", "evil.example");
                          return headers;
                        }()};
  StringBody body("");
  CHECK(bench.pipeline.serve(bench.service, request, body, bench.peer).status == 421);
  CHECK(bench.service.steps == std::vector<std::string>{"finish"});
}

TEST_CASE(
    "Pipeline: control requests are not recorded, meet no fault, and wake only if they change something") {
  PipelineBench bench;
  bench.service.recorded = false;
  const std::uint64_t seen = bench.changes.version();
  CHECK(text_of(bench.get("/thing", with("x-emulator-fault", "status=503"))) == "200 done");
  CHECK(bench.journal.entries().empty());
  CHECK(bench.changes.version() == seen);
  bench.serve(Method::Post, "/train");
  CHECK(bench.changes.version() != seen);
}

}  // namespace cvemu::pipeline_pipeline_test
