#include "http/router.h"

#include <doctest/doctest.h>

#include <stdexcept>

namespace cvemu::http_router_test {

namespace {

constexpr Route kRoutes[] = {
    {"ListContainers", Method::Get, "/{account}?comp=list"},
    {"CreateContainer", Method::Put, "/{account}/{container}?restype=container"},
    {"ListBlobs", Method::Get, "/{account}/{container}?restype=container&comp=list"},
    {"GetProperties", Method::Get, "/{account}/{container}?restype=container"},
    {"PutBlob", Method::Put, "/{account}/{container}/{blob...}"},
    {"CopyBlob", Method::Put, "/{account}/{container}/{blob...}", "x-ms-copy-source"},
    {"CopyFromUrl", Method::Put, "/{account}/{container}/{blob...}",
     "x-ms-copy-source, x-ms-requires-sync: true"},
    {"PutBlock", Method::Put, "/{account}/{container}/{blob...}?comp=block&blockid"},
    {"GetBlob", Method::Get, "/{account}/{container}/{blob...}"},
    {"Project", Method::Get, "/training/projects/{id}"},
    {"AllProjects", Method::Get, "/training/projects/all"},
};

Router make_router() {
  std::vector<const Route*> rows;
  for (const Route& route : kRoutes) rows.push_back(&route);
  return Router(rows, {"comp", "restype"});
}

Router::Result match(Method method, std::string_view target, Headers headers = {}) {
  static const Router router = make_router();
  const auto question = target.find('?');
  const auto query = question == std::string_view::npos ? "" : target.substr(question + 1);
  return router.match(method, target.substr(0, question), Query::parse(query), headers);
}

std::string_view name_of(const Router::Result& result) {
  return result.outcome == Router::Outcome::Found ? kRoutes[result.index].name : "";
}

}  // namespace

TEST_CASE("Router: literals in any case, query pairs in any order") {
  CHECK(name_of(match(Method::Get, "/acc?comp=list")) == "ListContainers");
  CHECK(name_of(match(Method::Get, "/acc/c?comp=LIST&restype=Container")) == "ListBlobs");
  CHECK(name_of(match(Method::Get, "/acc/c?restype=container")) == "GetProperties");
  CHECK(name_of(match(Method::Get, "/Training/PROJECTS/1")) == "Project");
}

TEST_CASE("Router: more literals win over parameters") {
  CHECK(name_of(match(Method::Get, "/training/projects/all")) == "AllProjects");
  CHECK(name_of(match(Method::Get, "/training/projects/al")) == "Project");
}

TEST_CASE("Router: headers choose between rows of one path") {
  Headers copy;
  copy.add("X-Ms-Copy-Source", "http://h/c/b");
  CHECK(name_of(match(Method::Put, "/a/c/b")) == "PutBlob");
  CHECK(name_of(match(Method::Put, "/a/c/b", copy)) == "CopyBlob");
  copy.add("x-ms-requires-sync", "True");
  CHECK(name_of(match(Method::Put, "/a/c/b", copy)) == "CopyFromUrl");
}

TEST_CASE("Router: a discriminator that no row names matches none; empty ones do not count") {
  CHECK(match(Method::Put, "/a/c/b?comp=unknown").outcome == Router::Outcome::Unknown);
  CHECK(name_of(match(Method::Put, "/a/c/b?comp=")) == "PutBlob");
  CHECK(name_of(match(Method::Put, "/a/c/b?comp=block&blockid=x")) == "PutBlock");
  CHECK(name_of(match(Method::Put, "/a/c/b?timeout=3")) == "PutBlob");
  CHECK_FALSE(name_of(match(Method::Put, "/a/c/b?comp=block")) == "PutBlock");
}

TEST_CASE("Router: parameters are decoded once, and the rest keeps its slashes") {
  const auto result = match(Method::Get, "/acc/c/x%2Fy/z%2525//%C3%A9+");
  REQUIRE(name_of(result) == "GetBlob");
  CHECK(result.params.get("account") == "acc");
  CHECK(result.params.get("container") == "c");
  CHECK(result.params.get("blob") == "x/y/z%25//\xc3\xa9+");
  CHECK(result.params.get("other") == "");
  CHECK(match(Method::Get, "/a/c/100%").params.get("blob") == "100%");
}

TEST_CASE("Router: HEAD is served by GET rows") {
  CHECK(name_of(match(Method::Head, "/a/c/b")) == "GetBlob");
}

TEST_CASE("Router: a known path with another method is told from an unknown path") {
  CHECK(match(Method::Delete, "/training/projects/1").outcome == Router::Outcome::OtherMethod);
  CHECK(match(Method::Get, "/").outcome == Router::Outcome::Unknown);
  CHECK(match(Method::Get, "/acc/c").outcome == Router::Outcome::Unknown);
}

TEST_CASE("Router: two rows with equal claims are an error at start-up") {
  const Route one{"One", Method::Get, "/a/{x}"};
  const Route two{"Two", Method::Get, "/a/{x}"};
  CHECK_THROWS_WITH_AS(Router({&one, &two}), "two rows claim the same requests: One and Two",
                       std::logic_error);
  const Route other{"Other", Method::Put, "/a/{x}"};
  CHECK_NOTHROW(Router({&one, &other}));
}

TEST_CASE("Router: of equal literals, fixed segments go before a rest, in whatever order the rows stand") {
  const Route rest{"Rest", Method::Get, "/c/{x...}"}, fixed{"Fixed", Method::Get, "/c/{x}"};
  for (const auto& rows : {std::vector{&rest, &fixed}, std::vector{&fixed, &rest}}) {
    const Router router(rows);
    const auto name = [&](std::string_view path) {
      const auto found = router.match(Method::Get, path, Query(), Headers());
      return found.route ? found.route->name : "none";
    };
    CHECK(name("/c/b") == "Fixed");
    CHECK(name("/c/b/d") == "Rest");
  }
}

}  // namespace cvemu::http_router_test
