#include "blob/testing.h"

namespace cvemu::attributes_snapshots_test {

using namespace cvemu::blob;

namespace {

struct Kept : TestService {
  Kept() {
    create_container("abc");
    put_block_blob("/abc/x", "one", {{"x-ms-meta-a", "1"}, {"x-ms-tags", "k=v"}});
  }
  std::string snapshot(std::string_view target = "/abc/x", Fields fields = {}) {
    return std::string(put(std::string(target) + "?comp=snapshot", fields).headers.get("x-ms-snapshot"));
  }
  void keep_deleted(std::string_view days) {
    const std::string xml = "<StorageServiceProperties><DeleteRetentionPolicy><Enabled>true</Enabled><Days>" +
                            std::string(days) + "</Days></DeleteRetentionPolicy></StorageServiceProperties>";
    REQUIRE(put("?restype=service&comp=properties", {}, xml).status == 202);
  }
  std::string list(std::string_view include) {
    return body_of(get("/abc?restype=container&comp=list&include=" + std::string(include)));
  }
};

}  // namespace

TEST_CASE("SnapshotBlob: 201 with what the C++ SDK reads; the base is as it was") {
  Kept blob;
  const std::string etag(blob.head("/abc/x").headers.get("ETag"));
  const Response made = blob.put("/abc/x?comp=snapshot");
  CHECK(made.status == 201);
  CHECK(made.headers.get("x-ms-request-server-encrypted") == "true");
  CHECK(made.headers.get("ETag") == etag);
  CHECK(made.headers.get("x-ms-snapshot").size() == 28);
  CHECK(blob.head("/abc/x").headers.get("ETag") == etag);
  CHECK(code_of(blob.put("/abc/none?comp=snapshot")) == "404 BlobNotFound");
}

TEST_CASE("SnapshotBlob: ids differ and grow although the clock stands") {
  Kept blob;
  const std::string first = blob.snapshot(), second = blob.snapshot();
  CHECK(first < second);
  CHECK(second.substr(0, 26) == first.substr(0, 26));
}

TEST_CASE("snapshots: keep content, metadata and tags of their time") {
  Kept blob;
  const std::string plain = blob.snapshot(), own = blob.snapshot("/abc/x", {{"x-ms-meta-b", "2"}});
  blob.put_block_blob("/abc/x", "two");
  CHECK(body_of(blob.get("/abc/x")) == "two");
  CHECK(body_of(blob.get("/abc/x?snapshot=" + plain)) == "one");
  const Response head = blob.head("/abc/x?snapshot=" + plain);
  CHECK(head.headers.get("x-ms-meta-a") == "1");
  CHECK(head.headers.get("x-ms-tag-count") == "1");
  const Response other = blob.head("/abc/x?snapshot=" + own);
  CHECK(other.headers.get("x-ms-meta-b") == "2");
  CHECK_FALSE(other.headers.has("x-ms-meta-a"));
  CHECK(code_of(blob.get("/abc/x?snapshot=2001-01-01T00:00:00.0000000Z")) == "404 BlobNotFound");
  CHECK(code_of(blob.get("/abc/x?snapshot=yesterday")) == "400 InvalidQueryParameterValue");
  CHECK(code_of(blob.put("/abc/x?comp=metadata&snapshot=" + plain)) == "400 InvalidQueryParameterValue");
}

TEST_CASE("ListBlobs: snapshots stand before their blob, oldest first, and none is lost between pages") {
  Kept blob;
  const std::string first = blob.snapshot(), second = blob.snapshot();
  blob.put_block_blob("/abc/y", "");
  CHECK(names_of(blob.list("")) == "x y");
  const std::string all = blob.list("snapshots");
  CHECK(names_of(all) == "x x x y");
  CHECK(names_of(all, "Snapshot") == first + " " + second);
  std::string seen, marker;
  do {
    const std::string xml =
        body_of(blob.get("/abc?restype=container&comp=list&include=snapshots&maxresults=1" +
                         (marker.empty() ? "" : "&marker=" + marker)));
    seen += names_of(xml) + names_of(xml, "Snapshot") + " ";
    marker = element_of(xml, "NextMarker");
    for (std::size_t at = marker.find('='); at != std::string::npos; at = marker.find('='))
      marker.replace(at, 1, "%3D");
  } while (!marker.empty());
  CHECK(seen == "x" + first + " x" + second + " x y ");
}

TEST_CASE("DeleteBlob: snapshots are kept, deleted along, or deleted alone") {
  Kept blob;
  const std::string first = blob.snapshot(), second = blob.snapshot();
  CHECK(code_of(blob.remove("/abc/x")) == "409 SnapshotsPresent");
  CHECK(code_of(blob.remove("/abc/x", {{"x-ms-delete-snapshots", "all"}})) == "400 InvalidHeaderValue");
  CHECK(code_of(blob.remove("/abc/x?snapshot=" + first, {{"x-ms-delete-snapshots", "include"}})) ==
        "400 InvalidOperation");
  CHECK(blob.remove("/abc/x?snapshot=" + first).status == 202);
  CHECK(names_of(blob.list("snapshots"), "Snapshot") == second);
  CHECK(blob.remove("/abc/x", {{"x-ms-delete-snapshots", "only"}}).status == 202);
  CHECK(names_of(blob.list("snapshots")) == "x");
  blob.snapshot();
  CHECK(blob.remove("/abc/x", {{"x-ms-delete-snapshots", "include"}}).status == 202);
  CHECK(names_of(blob.list("snapshots")) == "");
}

TEST_CASE("soft delete: off by default; undelete then finds nothing") {
  Kept blob;
  CHECK(blob.put("/abc/x?comp=undelete").status == 200);
  blob.remove("/abc/x");
  CHECK(code_of(blob.put("/abc/x?comp=undelete")) == "404 BlobNotFound");
}

TEST_CASE("soft delete: a deleted blob is listed as such and comes back with its snapshots") {
  Kept blob;
  blob.keep_deleted("7");
  blob.snapshot();
  const Response removed = blob.remove("/abc/x", {{"x-ms-delete-snapshots", "include"}});
  CHECK(removed.headers.get("x-ms-delete-type-permanent") == "false");
  CHECK(code_of(blob.get("/abc/x")) == "404 BlobNotFound");
  CHECK(names_of(blob.list("")) == "");
  const std::string listed = blob.list("deleted");
  CHECK(names_of(listed) == "x");
  CHECK(element_of(listed, "Deleted") == "true");
  CHECK(element_of(listed, "RemainingRetentionDays") == "7");
  CHECK(element_of(listed, "DeletedTime") != "-");
  CHECK(names_of(blob.list("deleted,snapshots")) == "x x");
  CHECK(blob.put("/abc/x?comp=undelete").status == 200);
  CHECK(body_of(blob.get("/abc/x")) == "one");
  CHECK(names_of(blob.list("snapshots")) == "x x");
}

TEST_CASE("soft delete: what was overwritten is a deleted snapshot") {
  Kept blob;
  blob.keep_deleted("1");
  blob.put_block_blob("/abc/x", "two");
  CHECK(names_of(blob.list("snapshots")) == "x");
  CHECK(names_of(blob.list("deleted,snapshots")) == "x x");
  blob.put("/abc/x?comp=undelete");
  const std::string back = names_of(blob.list("snapshots"), "Snapshot");
  CHECK(body_of(blob.get("/abc/x?snapshot=" + back)) == "one");
  CHECK(body_of(blob.get("/abc/x")) == "two");
}

TEST_CASE("soft delete: after the days of the policy nothing is left") {
  Kept blob;
  blob.keep_deleted("2");
  blob.remove("/abc/x");
  blob.clock.advance(std::chrono::days(2));
  CHECK(names_of(blob.list("deleted")) == "");
  CHECK(code_of(blob.put("/abc/x?comp=undelete")) == "404 BlobNotFound");
  blob.collect_garbage();
  Transaction tx(blob.database);
  Statement left = tx.prepare("SELECT (SELECT count(*) FROM blobs) + (SELECT count(*) FROM contents)");
  left.step();
  CHECK(left.integer(0) == 0);
}

TEST_CASE("soft delete: a blob put over a deleted one leaves that to be undeleted") {
  Kept blob;
  blob.keep_deleted("2");
  blob.remove("/abc/x");
  blob.put_block_blob("/abc/x", "new");
  CHECK(names_of(blob.list("deleted,snapshots")) == "x x");
  blob.put("/abc/x?comp=undelete");
  CHECK(body_of(blob.get("/abc/x?snapshot=" + names_of(blob.list("snapshots"), "Snapshot"))) == "one");
}

TEST_CASE("soft delete: a container comes back with its blobs, if its name is free") {
  Kept blob;
  blob.keep_deleted("3");
  CHECK(blob.remove("/abc?restype=container").status == 202);
  CHECK(names_of(body_of(blob.get("?comp=list"))) == "");
  const std::string listed = body_of(blob.get("?comp=list&include=deleted"));
  CHECK(element_of(listed, "Deleted") == "true");
  CHECK(element_of(listed, "RemainingRetentionDays") == "3");
  const std::string version = element_of(listed, "Version");
  const auto restore = [&](std::string_view id) {
    return code_of(
        blob.put("/abc?restype=container&comp=undelete",
                 {{"x-ms-deleted-container-name", "abc"}, {"x-ms-deleted-container-version", id}}));
  };
  CHECK(restore("nonsense") == "400 InvalidHeaderValue");
  CHECK(restore("08D0000000099999") == "404 ContainerNotFound");
  blob.create_container("abc");
  CHECK(restore(version) == "409 ContainerAlreadyExists");
  blob.put("/abc?restype=container&comp=undelete");
  blob.remove("/abc?restype=container");
  CHECK(restore(version) == "201 ");
  CHECK(body_of(blob.get("/abc/x")) == "one");
}

TEST_CASE("soft delete: lists of containers end, also where a later one was deleted than the live one") {
  Kept blob;
  blob.keep_deleted("3");
  blob.remove("/abc?restype=container");
  const std::string first = element_of(body_of(blob.get("?comp=list&include=deleted")), "Version");
  blob.create_container("abc");
  blob.remove("/abc?restype=container");
  blob.put("/abc?restype=container&comp=undelete",
           {{"x-ms-deleted-container-name", "abc"}, {"x-ms-deleted-container-version", first}});
  const std::string page = "?comp=list&include=deleted&maxresults=1";
  const std::string deleted = body_of(blob.get(page));
  CHECK(element_of(deleted, "Deleted") == "true");
  const std::string live = body_of(blob.get(page + "&marker=" + element_of(deleted, "NextMarker")));
  CHECK(names_of(live) == "abc");
  CHECK(element_of(live, "Deleted") == "-");
  CHECK(element_of(live, "NextMarker") == "");
}

TEST_CASE("soft delete: blocks put where a blob was deleted are listed, and do not hinder its return") {
  Kept blob;
  blob.keep_deleted("3");
  blob.remove("/abc/x");
  blob.put("/abc/x?comp=block&blockid=YQ%3D%3D", {}, "block");
  const std::string listed = body_of(blob.get("/abc/x?comp=blocklist&blocklisttype=all"));
  CHECK(element_of(listed, "CommittedBlocks") == "");
  CHECK(names_of(listed) == "YQ==");
  CHECK(code_of(blob.get("/abc/x")) == "404 BlobNotFound");
  blob.put("/abc/x?comp=undelete");
  CHECK(body_of(blob.get("/abc/x")) == "one");
}

}  // namespace cvemu::attributes_snapshots_test
