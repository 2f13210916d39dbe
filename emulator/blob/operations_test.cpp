#include <doctest/doctest.h>

#include <set>

#include "base/embedded.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "blob/testing.h"

namespace cvemu::fixtures {
extern const std::vector<EmbeddedFile> kBlobOperations;  // fixtures/operations/blob.json
}

namespace cvemu::blob_operations_test {

using namespace cvemu::blob;

namespace {

std::string line_of(const Route& route) {
  JsonWriter json;
  json.begin_object().field("name", route.name).field("method", method_name(route.method));
  json.field("path", route.path);
  if (!route.when.empty()) json.field("when", route.when);
  return json.end_object().take();
}

struct Published {
  std::multiset<std::string> lines;             // without their reasons
  std::set<std::string, std::less<>> left_out;  // names
};

// The published list has one operation on each line.
Published read_published() {
  constexpr std::string_view kReason = ",\"reason\":";
  Published published;
  for (std::string_view line : split(fixtures::kBlobOperations.at(0).text, '\n')) {
    if (!line.starts_with("{\"name\"")) continue;
    if (line.ends_with(',')) line.remove_suffix(1);
    const std::size_t reason = line.find(kReason);
    if (reason != std::string_view::npos) published.left_out.emplace(split(line, '"')[3]);
    published.lines.insert(std::string(line.substr(0, reason)) +
                           (reason == std::string_view::npos ? "" : "}"));
  }
  return published;
}

}  // namespace

TEST_CASE("blob operations: the rows are the published list, no more and no less") {
  std::multiset<std::string> rows;
  for (const auto* operation : BlobService::operations()) rows.insert(line_of(operation->route));
  CHECK(rows.size() > 60);
  CHECK(rows == read_published().lines);
}

TEST_CASE("blob operations: those left out answer 501 in the service's shape, and no others") {
  TestService blob;
  blob.create_container("abc");
  const auto left_out = read_published().left_out;
  CHECK(left_out.size() == 5);
  for (const auto* operation : BlobService::operations()) {
    const Route& route = operation->route;
    CAPTURE(route.name);
    if (route.method == Method::Options) continue;
    std::string target(route.path);
    for (const auto& [from, to] : {std::pair{"{container}", "abc"}, {"{blob...}", "x"}})
      if (const std::size_t at = target.find(from); at != std::string::npos)
        target.replace(at, std::string_view(from).size(), to);
    const std::size_t colon = std::min(route.when.find(':'), route.when.size());
    const std::string_view header = route.when.substr(0, std::min(colon, route.when.find(',')));
    const std::string_view value = colon == route.when.size() ? "" : trim(route.when.substr(colon + 1));
    const Response got =
        header.empty() ? blob.send(route.method, target) : blob.send(route.method, target, {{header, value}});
    CHECK((got.status == 501) == left_out.contains(route.name));
    if (got.status == 501) CHECK(got.headers.get("x-ms-error-code") == "APINotImplemented");
    CHECK(got.status != 500);
    CHECK(got.headers.has("x-ms-request-id"));
  }
}

TEST_CASE("blob operations: what a signature must allow is said in its letters") {
  const auto consists_of = [](std::string_view text, std::string_view letters) {
    return text == "any" || text.find_first_not_of(letters) == std::string_view::npos;
  };
  for (const auto* operation : BlobService::operations()) {
    CAPTURE(operation->route.name);
    const Access& access = operation->route.access;
    CHECK(consists_of(access.resource, "sco"));
    CHECK(consists_of(access.account, "rwdxylacuptfi"));
    CHECK(consists_of(access.service, "racwdxyltfmeopi"));
  }
}

TEST_CASE("blob operations: what the data lake's clients ask for is named as left out") {
  TestService blob;
  blob.create_container("abc");
  for (const auto& row : {std::pair{Method::Put, "/abc?resource=filesystem"},
                          {Method::Get, "/abc?resource=filesystem&recursive=true"},
                          {Method::Put, "/abc/x?resource=file"},
                          {Method::Patch, "/abc/x?action=append&position=0"},
                          {Method::Head, "/abc/x?action=getAccessControl"}}) {
    const Response got = blob.send(row.first, row.second);
    CAPTURE(row.second);
    CHECK(got.status == 501);
    CHECK(got.headers.get("x-ms-error-code") == "APINotImplemented");
  }
}

}  // namespace cvemu::blob_operations_test
