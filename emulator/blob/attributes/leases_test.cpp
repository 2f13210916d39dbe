#include "blob/testing.h"

namespace cvemu::attributes_leases_test {

using namespace cvemu::blob;

namespace {

constexpr std::string_view kA = "11111111-1111-1111-1111-111111111111";
constexpr std::string_view kB = "22222222-2222-2222-2222-222222222222";

// One blob and one container, leased in the same way: `target` says which.
struct Leased : TestService {
  std::string target;
  explicit Leased(std::string_view what) : target(what) {
    create_container("abc");
    put_block_blob("/abc/x", "hello");
  }
  Response act(std::string_view action, Fields fields = {}) {
    const std::string comp = target == "/abc" ? "?restype=container&comp=lease" : "?comp=lease";
    Request request = unsigned_request(Method::Put, target + comp, fields, 0);
    request.headers.add("x-ms-lease-action", action);
    shared_key::sign(request, *accounts.find(kDevelopmentAccount), clock.now());
    return serve(request, "");
  }
  Response acquire(std::string_view id, std::string_view seconds = "15") {
    return act("acquire", {{"x-ms-lease-duration", seconds}, {"x-ms-proposed-lease-id", id}});
  }
  Response with_id(std::string_view action, std::string_view id) {
    return act(action, {{"x-ms-lease-id", id}});
  }
  Response change(std::string_view id, std::string_view to) {
    return act("change", {{"x-ms-lease-id", id}, {"x-ms-proposed-lease-id", to}});
  }
  std::string break_after(std::string_view period) {
    const Response got = act("break", {{"x-ms-lease-break-period", period}});
    return code_of(got) + std::string(got.headers.get("x-ms-lease-time"));
  }
  std::string shown() {
    const Response got = target == "/abc" ? get("/abc?restype=container") : head(target);
    return std::string(got.headers.get("x-ms-lease-status")) + ' ' +
           std::string(got.headers.get("x-ms-lease-state")) + ' ' +
           std::string(got.headers.get("x-ms-lease-duration"));
  }
};

void for_both(void (*check)(Leased&)) {
  for (const char* target : {"/abc/x", "/abc"}) {
    CAPTURE(target);
    Leased blob(target);
    check(blob);
  }
}

}  // namespace

TEST_CASE("leases: headers are checked") {
  for_both([](Leased& blob) {
    CHECK(code_of(blob.act("acquire")) == "400 MissingRequiredHeader");
    CHECK(code_of(blob.acquire(kA, "14")) == "400 InvalidHeaderValue");
    CHECK(code_of(blob.acquire(kA, "61")) == "400 InvalidHeaderValue");
    CHECK(code_of(blob.acquire("no guid")) == "400 InvalidHeaderValue");
    CHECK(code_of(blob.act("renew")) == "400 MissingRequiredHeader");
    CHECK(code_of(blob.act("borrow")) == "400 InvalidHeaderValue");
    CHECK(code_of(blob.act("break", {{"x-ms-lease-break-period", "61"}})) == "400 InvalidHeaderValue");
  });
}

TEST_CASE("leases: available") {
  for_both([](Leased& blob) {
    CHECK(blob.shown() == "unlocked available ");
    CHECK(code_of(blob.with_id("renew", kA)) == "409 LeaseIdMismatchWithLeaseOperation");
    CHECK(code_of(blob.change(kA, kB)) == "409 LeaseNotPresentWithLeaseOperation");
    CHECK(code_of(blob.with_id("release", kA)) == "409 LeaseIdMismatchWithLeaseOperation");
    CHECK(code_of(blob.act("break")) == "409 LeaseNotPresentWithLeaseOperation");
    const Response got = blob.acquire(kA, "-1");
    CHECK(got.status == 201);
    CHECK(got.headers.get("x-ms-lease-id") == kA);
    CHECK(got.headers.has("ETag"));
    CHECK(got.headers.has("Last-Modified"));
    CHECK(blob.shown() == "locked leased infinite");
  });
}

TEST_CASE("leases: leased") {
  for_both([](Leased& blob) {
    blob.acquire(kA);
    CHECK(blob.shown() == "locked leased fixed");
    CHECK(blob.acquire(kA, "30").status == 201);
    CHECK(code_of(blob.acquire(kB)) == "409 LeaseAlreadyPresent");
    CHECK(code_of(blob.act("acquire", {{"x-ms-lease-duration", "15"}})) == "409 LeaseAlreadyPresent");
    CHECK(blob.with_id("renew", kA).headers.get("x-ms-lease-id") == kA);
    CHECK(code_of(blob.with_id("renew", kB)) == "409 LeaseIdMismatchWithLeaseOperation");
    CHECK(code_of(blob.change(kB, "33333333-3333-3333-3333-333333333333")) ==
          "409 LeaseIdMismatchWithLeaseOperation");
    CHECK(blob.change(kA, kB).headers.get("x-ms-lease-id") == kB);
    CHECK(blob.change(kA, kB).status == 200);
    CHECK(code_of(blob.with_id("release", kA)) == "409 LeaseIdMismatchWithLeaseOperation");
    CHECK(blob.with_id("release", kB).status == 200);
    CHECK(blob.shown() == "unlocked available ");
  });
}

TEST_CASE("leases: ids are GUIDs, whatever their letters' case and their dress") {
  for_both([](Leased& blob) {
    blob.acquire("abcdefab-0000-0000-0000-000000000000");
    CHECK(blob.with_id("renew", "ABCDEFAB-0000-0000-0000-000000000000").status == 200);
    for (const char* id : {"abcdefab000000000000000000000000", "{abcdefab-0000-0000-0000-000000000000}",
                           "(abcdefab-0000-0000-0000-000000000000)"}) {
      CAPTURE(id);
      CHECK(blob.with_id("renew", id).headers.get("x-ms-lease-id") == "abcdefab-0000-0000-0000-000000000000");
    }
    for (const char* id : {"{abcdefab-0000-0000-0000-000000000000)", "{abcdefab000000000000000000000000}",
                           "abcdefab00000000000000000000000g"}) {
      CAPTURE(id);
      CHECK(code_of(blob.with_id("renew", id)) == "400 InvalidHeaderValue");
    }
  });
}

TEST_CASE("leases: breaking, and broken when the time is over") {
  for_both([](Leased& blob) {
    blob.acquire(kA, "60");
    CHECK(blob.break_after("20") == "202 20");
    CHECK(blob.shown() == "locked breaking ");
    CHECK(blob.break_after("30") == "202 20");
    CHECK(blob.break_after("10") == "202 10");
    CHECK(code_of(blob.acquire(kA)) == "409 LeaseIsBreakingAndCannotBeAcquired");
    CHECK(code_of(blob.acquire(kB)) == "409 LeaseAlreadyPresent");
    CHECK(code_of(blob.with_id("renew", kA)) == "409 LeaseIsBrokenAndCannotBeRenewed");
    CHECK(code_of(blob.change(kA, kB)) == "409 LeaseIsBreakingAndCannotBeChanged");
    blob.clock.advance(std::chrono::seconds(10));
    CHECK(blob.shown() == "unlocked broken ");
    CHECK(code_of(blob.with_id("renew", kA)) == "409 LeaseIsBrokenAndCannotBeRenewed");
    CHECK(code_of(blob.change(kA, kB)) == "409 LeaseNotPresentWithLeaseOperation");
    CHECK(blob.break_after("") == "202 0");
    CHECK(blob.with_id("release", kA).status == 200);
  });
}

TEST_CASE("leases: an infinite one breaks at once, or after the period given") {
  for_both([](Leased& blob) {
    blob.acquire(kA, "-1");
    CHECK(blob.break_after("") == "202 0");
    CHECK(blob.shown() == "unlocked broken ");
    CHECK(blob.acquire(kB, "-1").status == 201);
    CHECK(blob.break_after("5") == "202 5");
    CHECK(blob.shown() == "locked breaking ");
    CHECK(blob.with_id("release", kB).status == 200);
  });
}

TEST_CASE("leases: a fixed one breaks at its own end without a period") {
  for_both([](Leased& blob) {
    blob.acquire(kA, "15");
    blob.clock.advance(std::chrono::milliseconds(4500));
    CHECK(blob.break_after("") == "202 11");
  });
}

TEST_CASE("leases: expired") {
  for_both([](Leased& blob) {
    blob.acquire(kA);
    blob.clock.advance(std::chrono::seconds(15));
    CHECK(blob.shown() == "unlocked expired ");
    CHECK(code_of(blob.with_id("renew", kB)) == "409 LeaseIdMismatchWithLeaseOperation");
    CHECK(code_of(blob.change(kA, kB)) == "409 LeaseNotPresentWithLeaseOperation");
    CHECK(blob.with_id("renew", kA).status == 200);
    blob.clock.advance(std::chrono::seconds(15));
    CHECK(blob.acquire(kB).status == 201);
  });
}

TEST_CASE("LeaseBlob: who may write and read under a lease") {
  Leased blob("/abc/x");
  blob.acquire(kA);
  const auto write = [&](TestService::Fields fields) {
    return code_of(blob.put("/abc/x?comp=metadata", fields));
  };
  const auto read = [&](TestService::Fields fields) { return code_of(blob.get("/abc/x", fields)); };
  CHECK(write({}) == "412 LeaseIdMissing");
  CHECK(write({{"x-ms-lease-id", kB}}) == "412 LeaseIdMismatchWithBlobOperation");
  CHECK(write({{"x-ms-lease-id", kA}}) == "200 ");
  CHECK(read({}) == "200 ");
  CHECK(read({{"x-ms-lease-id", kA}}) == "200 ");
  CHECK(read({{"x-ms-lease-id", kB}}) == "412 LeaseIdMismatchWithBlobOperation");
  CHECK(code_of(blob.put("/abc/x?comp=block&blockid=YQ%3D%3D", {}, "x")) == "412 LeaseIdMissing");
  CHECK(code_of(blob.put_block_blob("/abc/x", "")) == "412 LeaseIdMissing");
  CHECK(code_of(blob.remove("/abc/x")) == "412 LeaseIdMissing");
  CHECK(blob.put_block_blob("/abc/x", "", {{"x-ms-lease-id", kA}}).status == 201);
  CHECK(blob.shown() == "locked leased fixed");
  blob.clock.advance(std::chrono::seconds(15));
  CHECK(write({{"x-ms-lease-id", kA}}) == "412 LeaseLost");
  CHECK(write({}) == "200 ");
  CHECK(blob.shown() == "unlocked available ");
  CHECK(code_of(blob.with_id("renew", kA)) == "409 LeaseIdMismatchWithLeaseOperation");
  CHECK(write({{"x-ms-lease-id", kA}}) == "412 LeaseNotPresentWithBlobOperation");
  CHECK(read({{"x-ms-lease-id", kA}}) == "412 LeaseNotPresentWithBlobOperation");
}

TEST_CASE("LeaseBlob: the ETag does not move, conditions are held") {
  Leased blob("/abc/x");
  const std::string etag(blob.head("/abc/x").headers.get("ETag"));
  blob.acquire(kA);
  CHECK(blob.head("/abc/x").headers.get("ETag") == etag);
  CHECK(code_of(blob.act("release", {{"x-ms-lease-id", kA}, {"If-Match", "\"other\""}})) ==
        "412 ConditionNotMet");
  CHECK(code_of(blob.put("/abc/none?comp=lease", {{"x-ms-lease-action", "break"}})) == "404 BlobNotFound");
}

TEST_CASE("LeaseContainer: guards the deletion, not the blobs") {
  Leased blob("/abc");
  blob.acquire(kA);
  CHECK(blob.put_block_blob("/abc/y", "").status == 201);
  CHECK(blob.put("/abc?restype=container&comp=metadata").status == 200);
  CHECK(code_of(blob.put("/abc?restype=container&comp=metadata", {{"x-ms-lease-id", kB}})) ==
        "412 LeaseIdMismatchWithContainerOperation");
  CHECK(code_of(blob.remove("/abc?restype=container")) == "412 LeaseIdMissing");
  CHECK(code_of(blob.remove("/abc?restype=container", {{"x-ms-lease-id", kB}})) ==
        "412 LeaseIdMismatchWithContainerOperation");
  CHECK(blob.remove("/abc?restype=container", {{"x-ms-lease-id", kA}}).status == 202);
  blob.create_container("abc");
  CHECK(code_of(blob.remove("/abc?restype=container", {{"x-ms-lease-id", kA}})) ==
        "412 LeaseNotPresentWithContainerOperation");
}

}  // namespace cvemu::attributes_leases_test
