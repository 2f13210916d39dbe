#include "storage/storage_service.h"

#include <doctest/doctest.h>

#include <functional>
#include <span>
#include <thread>

#include "storage/testing.h"

namespace cvemu::storage_storage_service_test {

using namespace cvemu::testing;

namespace {

// What the operation of the row does, and what reading the properties does.
struct TinyState {
  std::function<Response()> act = [] { return Response{201, {}, {}}; };
  std::function<ServiceProperties()> load = [] { return ServiceProperties{}; };
};

Response act(TinyState& state, RequestContext&) {
  return state.act();
}

constexpr Operation<TinyState> kRows[] = {
    {{"GetThing", Method::Get, "/{container}", "", {.resource = "o", .account = "r", .service = "r"}}, act},
    {{"PutThing", Method::Put, "/{container}", "", {.resource = "o", .account = "w", .service = "w"}}, act},
    {{"Preflight", Method::Options, "/{path...}", "", {.open = Access::Open::Anyone}}, act},
};

class TinyService : public StorageService {
 public:
  TinyService(Database& database, const Accounts& accounts)
      : StorageService(database, operations().router(), {accounts, {}, {}, {}}, {{}, {}, false, "tiny/1"}) {}
  std::string_view name() const override { return "tiny"; }
  static const OperationTable<TinyState>& operations() {
    static const OperationTable<TinyState> table({std::span(kRows)}, {"comp"});
    return table;
  }

  TinyState state;

 private:
  Response run_operation(const Match& match, RequestContext& context) override {
    return operations().run(state, match, context);
  }
  ApiError no_such_operation(Router::Outcome, const Exchange&, std::string_view path) const override {
    return ApiError(400, "NoRow", std::string(path));
  }
  void check_method(const Route& route, Method method) const override {
    if (route.method != method) throw ApiError(405, "NoHead", "");
  }
  Resource resource_of(const Match& match) const override {
    return {StorageKind::Blob, match.params.get("container"), {}};
  }
  ServiceProperties load_properties(Transaction&, std::string_view account) const override {
    CHECK(account == kDevelopmentAccount);
    return state.load();
  }
};

struct Tiny {
  std::string match_of(std::string_view line) {
    const Sent sent(line, {"Host: 127.0.0.1"});
    std::string name;
    const std::string refusal = code_of([&] {
      const Match match = service.match(sent.exchange);
      name = std::string(match.route->name) + ' ' + std::string(match.params.get("account"));
    });
    return refusal.empty() ? name : refusal;
  }
  std::string outcome_of_run() {
    const Sent sent("PUT /devstoreaccount1/c", {"Host: 127.0.0.1"});
    const Match match = service.match(sent.exchange);
    StringBody body("");
    const Principal caller{Principal::Kind::Key, {}, {}};
    RequestContext context{sent.exchange, body, match.params, caller};
    return code_of([&] { service.run(match, context); });
  }
  Response finished(std::initializer_list<std::string_view> headers) {
    const Sent sent("PUT /devstoreaccount1/c", headers);
    Response response{201, {}, "done"};
    service.finish(response, sent.exchange);
    return response;
  }

  Database database;
  Accounts accounts = Accounts::development();
  TinyService service{database, accounts};
};

const std::initializer_list<std::string_view> kFromPage = {"Host: 127.0.0.1", "Origin: http://a.example"};

ServiceProperties one_rule() {
  ServiceProperties properties;
  properties.cors.push_back({"*", "PUT", "*", "", 0});
  return properties;
}

}  // namespace

TEST_CASE_FIXTURE(Tiny, "StorageService: the row, and the account beside the path's parameters") {
  CHECK(match_of("GET /devstoreaccount1/c") == "GetThing devstoreaccount1");
  CHECK(match_of("OPTIONS /devstoreaccount1/c?comp=x") == "Preflight devstoreaccount1");
  CHECK(match_of("GET /stranger/c") == "404 ResourceNotFound");
  CHECK(match_of("GET /devstoreaccount1/c?comp=x") == "400 NoRow");
  CHECK(match_of("HEAD /devstoreaccount1/c") == "405 NoHead");
}

TEST_CASE_FIXTURE(Tiny, "StorageService: the secondary endpoint reads") {
  CHECK(match_of("GET /devstoreaccount1-secondary/c") == "GetThing devstoreaccount1");
  CHECK(match_of("PUT /devstoreaccount1-secondary/c") == "403 InsufficientAccountPermissions");
}

TEST_CASE_FIXTURE(Tiny, "StorageService: a full disk has a name, another failure of the database has none") {
  CHECK(outcome_of_run().empty());
  service.state.act = []() -> Response { throw DbError("database or disk is full", true); };
  CHECK(outcome_of_run() == "503 ServerBusy");
  service.state.act = []() -> Response { throw DbError("malformed", false); };
  CHECK_THROWS_AS(outcome_of_run(), DbError);
}

TEST_CASE_FIXTURE(Tiny,
                  "StorageService: answers carry the service's headers, and those for pages if asked for") {
  service.state.load = one_rule;
  CHECK(finished({"Host: 127.0.0.1"}).headers.get("Server") == "tiny/1");
  CHECK_FALSE(finished({"Host: 127.0.0.1"}).headers.has("Access-Control-Allow-Origin"));
  CHECK(finished(kFromPage).headers.get("Access-Control-Allow-Origin") == "*");
}

TEST_CASE_FIXTURE(Tiny, "StorageService: an answer is not lost because the rules for pages cannot be read") {
  const auto check_answered = [&] {
    const Response response = finished(kFromPage);
    CHECK(response.status == 201);
    CHECK(response.headers.has("x-ms-request-id"));
    CHECK_FALSE(response.headers.has("Access-Control-Allow-Origin"));
  };
  SUBCASE("the disk fails") {
    service.state.load = []() -> ServiceProperties { throw DbError("disk I/O error", true); };
    check_answered();
  }
  SUBCASE("the state was replaced since the request came") {
    service.state.load = one_rule;
    const GenerationGuard guard(database);
    std::thread([&] { database.reset(); }).join();
    check_answered();
  }
}

}  // namespace cvemu::storage_storage_service_test
