#include <doctest/doctest.h>

#include "queue/testing.h"
#include "storage/xml_bodies.h"

namespace cvemu::queue_queues_test {

using namespace cvemu::queue;

namespace {

std::string identifiers(int count, std::string_view permission = "raup") {
  std::string xml = "<SignedIdentifiers>";
  for (int i = 0; i < count; ++i)
    xml += "<SignedIdentifier><Id>p" + std::to_string(i) + "</Id><AccessPolicy><Start>2020-01-01</Start>" +
           "<Expiry>2099-01-01T00:00:00.4180000Z</Expiry><Permission>" + std::string(permission) +
           "</Permission></AccessPolicy></SignedIdentifier>";
  return xml + "</SignedIdentifiers>";
}

std::vector<std::string> names(const XmlElement& listing) {
  std::vector<std::string> found;
  for (const auto& queue : listing.find("Queues")->children) found.emplace_back(queue.text_of("Name"));
  return found;
}

using Names = std::vector<std::string>;

struct FiveQueues : QueueBench {
  FiveQueues() {
    for (const char* name : {"/ddd", "/bbb", "/eee", "/aaa", "/ccc"}) put(name);
  }
  XmlElement list(std::string_view query = "") {
    return get("?comp=list" + std::string(query)).xml("EnumerationResults");
  }
};

}  // namespace

TEST_CASE_FIXTURE(QueueBench, "CreateQueue: new, the same again, another one of the same name") {
  CHECK(put("/jobs").outcome() == "201 ");
  CHECK(put("/jobs").outcome() == "204 ");
  CHECK(put("/jobs", "", {{"x-ms-meta-a", "1"}}).outcome() == "409 QueueAlreadyExists");
  CHECK(put("/rich", "", {{"x-ms-meta-Ab", "1"}, {"x-ms-meta-cd", "2"}}).outcome() == "201 ");
  CHECK(put("/rich", "", {{"x-ms-meta-CD", "2"}, {"x-ms-meta-aB", "1"}}).outcome() == "204 ");
  CHECK(put("/rich", "", {{"x-ms-meta-ab", "1"}, {"x-ms-meta-cd", "x"}}).outcome() ==
        "409 QueueAlreadyExists");
  CHECK(put("/rich").outcome() == "409 QueueAlreadyExists");
  CHECK(put("/jobs/").outcome() == "204 ");
}

TEST_CASE_FIXTURE(QueueBench, "CreateQueue: name rules") {
  const std::string longest(63, 'a'), too_long(64, 'a');
  const std::pair<std::string, const char*> rows[] = {{"abc", "201 "},
                                                      {"a-1", "201 "},
                                                      {"123", "201 "},
                                                      {longest, "201 "},
                                                      {too_long, "400 OutOfRangeInput"},
                                                      {"ab", "400 OutOfRangeInput"},
                                                      {"Abc", "400 InvalidResourceName"},
                                                      {"a_c", "400 InvalidResourceName"},
                                                      {"a--c", "400 InvalidResourceName"},
                                                      {"-abc", "400 InvalidResourceName"},
                                                      {"abc-", "400 InvalidResourceName"},
                                                      {"a%7Cc", "400 InvalidResourceName"},
                                                      {"a%2Fc", "400 InvalidResourceName"},
                                                      {"a%20c", "400 InvalidResourceName"}};
  for (const auto& row : rows) {
    CAPTURE(row.first);
    CHECK(put("/" + row.first).outcome() == row.second);
  }
}

TEST_CASE_FIXTURE(QueueBench, "DeleteQueue: gone with its messages; the name is free at once") {
  put("/jobs");
  post("/jobs/messages", message_body("x"));
  CHECK(erase("/jobs").outcome() == "204 ");
  CHECK(collections_requested == 1);
  CHECK(erase("/jobs").outcome() == "404 QueueNotFound");
  CHECK(put("/jobs").outcome() == "201 ");
  CHECK(get("/jobs?comp=metadata").header("x-ms-approximate-messages-count") == "0");
}

TEST_CASE_FIXTURE(QueueBench, "GetQueueMetadata: names with their case, and the count; HEAD likewise") {
  put("/jobs", "", {{"x-ms-meta-Ab", "two words"}, {"x-ms-meta-empty", ""}, {"x-ms-meta", "{'Ab': 'x'}"}});
  post("/jobs/messages", message_body("x"));
  for (const Method method : {Method::Get, Method::Head}) {
    const Answer answer = send(method, "/jobs?comp=metadata");
    CHECK(answer.outcome() == "200 ");
    CHECK(answer.header("x-ms-approximate-messages-count") == "1");
    CHECK(answer.body.empty());
    Names metadata;
    for (const auto& field : answer.headers)
      if (field.name.starts_with("x-ms-meta")) metadata.push_back(field.name + '=' + field.value);
    CHECK(metadata == Names{"x-ms-meta-Ab=two words", "x-ms-meta-empty="});
  }
}

TEST_CASE_FIXTURE(QueueBench, "SetQueueMetadata: replaces all, none clears") {
  put("/jobs", "", {{"x-ms-meta-a", "1"}});
  CHECK(put("/jobs?comp=metadata", "", {{"x-ms-meta-b", "2"}}).outcome() == "204 ");
  Answer answer = get("/jobs?comp=metadata");
  CHECK_FALSE(answer.headers.has("x-ms-meta-a"));
  CHECK(answer.header("x-ms-meta-b") == "2");
  CHECK(put("/jobs?comp=metadata").outcome() == "204 ");
  CHECK_FALSE(get("/jobs?comp=metadata").headers.has("x-ms-meta-b"));
}

TEST_CASE_FIXTURE(QueueBench, "metadata: what cannot be stored") {
  put("/jobs");
  const std::string long_value(8 * 1024, 'x');
  CHECK(put("/jobs?comp=metadata", "", {{"x-ms-meta-1a", "x"}}).outcome() == "400 InvalidMetadata");
  CHECK(put("/jobs?comp=metadata", "", {{"x-ms-meta-a-b", "x"}}).outcome() == "400 InvalidMetadata");
  CHECK(put("/jobs?comp=metadata", "", {{"x-ms-meta-", "x"}}).outcome() == "400 EmptyMetadataKey");
  CHECK(put("/jobs?comp=metadata", "", {{"x-ms-meta-a", long_value}}).outcome() == "400 MetadataTooLarge");
  CHECK(put("/new", "", {{"x-ms-meta-a-b", "x"}}).outcome() == "400 InvalidMetadata");
  CHECK(get("/new?comp=metadata").outcome() == "404 QueueNotFound");
}

TEST_CASE_FIXTURE(QueueBench, "SetQueueACL: five policies, kept as sent; six are too many") {
  put("/jobs");
  CHECK(get("/jobs?comp=acl").xml("SignedIdentifiers").children.empty());
  CHECK(put("/jobs?comp=acl", identifiers(5, "pura")).outcome() == "204 ");
  const auto stored = read_signed_identifiers(get("/jobs?comp=acl").body, kQueuePermissions);
  REQUIRE(stored.size() == 5);
  CHECK(stored[4] == SignedIdentifier{"p4", "2020-01-01", "2099-01-01T00:00:00.4180000Z", "pura"});
  CHECK(put("/jobs?comp=acl", identifiers(6)).outcome() == "400 InvalidXmlDocument");
  CHECK(read_signed_identifiers(get("/jobs?comp=acl").body, kQueuePermissions).size() == 5);
  CHECK(send(Method::Head, "/jobs?comp=acl").outcome() == "200 ");
}

TEST_CASE_FIXTURE(QueueBench, "SetQueueACL: ways to clear, and a policy with nothing in it") {
  put("/jobs");
  for (const char* body : {"", "<SignedIdentifiers/>", "<SignedIdentifiers></SignedIdentifiers>"}) {
    CAPTURE(body);
    CHECK(put("/jobs?comp=acl", identifiers(2)).status == 204);
    CHECK(put("/jobs?comp=acl", body).outcome() == "204 ");
    CHECK(get("/jobs?comp=acl").xml("SignedIdentifiers").children.empty());
  }
  const char* empty_policy =
      "<SignedIdentifiers><SignedIdentifier><Id>x</Id><AccessPolicy "
      "/></SignedIdentifier></SignedIdentifiers>";
  CHECK(put("/jobs?comp=acl", empty_policy).outcome() == "204 ");
  CHECK(read_signed_identifiers(get("/jobs?comp=acl").body, kQueuePermissions) ==
        std::vector<SignedIdentifier>{{"x", "", "", ""}});
}

TEST_CASE_FIXTURE(QueueBench, "SetQueueACL: what is refused") {
  put("/jobs");
  const auto outcome = [&](const std::string& body) { return put("/jobs?comp=acl", body).outcome(); };
  CHECK(outcome(identifiers(1, "raupx")) == "400 InvalidXmlDocument");
  CHECK(outcome("<SignedIdentifiers>") == "400 InvalidXmlDocument");
  CHECK(outcome("<Other/>") == "400 InvalidXmlDocument");
  CHECK(put("/none?comp=acl", identifiers(1)).outcome() == "404 QueueNotFound");
  CHECK(get("/none?comp=acl").outcome() == "404 QueueNotFound");
}

TEST_CASE_FIXTURE(FiveQueues, "ListQueues: by name; the rest of the document") {
  const Answer answer = get("/?comp=list");
  CHECK(
      answer.body.find("<EnumerationResults ServiceEndpoint=\"http://127.0.0.1:10001/devstoreaccount1\">") !=
      std::string::npos);
  const XmlElement listing = list();
  CHECK(names(listing) == Names{"aaa", "bbb", "ccc", "ddd", "eee"});
  CHECK(listing.find("Prefix") != nullptr);
  CHECK(listing.find("Marker") == nullptr);
  CHECK(listing.find("MaxResults") == nullptr);
  CHECK(listing.text_of("NextMarker") == "");
  CHECK(listing.find("Queues")->children[0].find("Metadata") == nullptr);
}

TEST_CASE_FIXTURE(FiveQueues, "ListQueues: prefix and metadata") {
  put("/abc", "", {{"x-ms-meta-Key", "v&w"}});
  const XmlElement listing = list("&prefix=a&include=metadata");
  CHECK(names(listing) == Names{"aaa", "abc"});
  CHECK(listing.text_of("Prefix") == "a");
  CHECK(listing.find("Queues")->children[0].find("Metadata")->children.empty());
  CHECK(listing.find("Queues")->children[1].find("Metadata")->text_of("Key") == "v&w");
  CHECK(names(list("&prefix=zz")).empty());
}

TEST_CASE_FIXTURE(FiveQueues, "ListQueues: pages lose and repeat nothing, also while queues come and go") {
  XmlElement page = list("&maxresults=2");
  CHECK(names(page) == Names{"aaa", "bbb"});
  CHECK(page.text_of("MaxResults") == "2");
  erase("/bbb");
  put("/aab");
  page = list("&maxresults=2&prefix=&marker=" + std::string(page.text_of("NextMarker")));
  CHECK(names(page) == Names{"ccc", "ddd"});
  CHECK(page.find("Marker") != nullptr);
  page = list("&maxresults=2&marker=" + std::string(page.text_of("NextMarker")));
  CHECK(names(page) == Names{"eee"});
  CHECK(page.text_of("NextMarker") == "");
  CHECK(list("&maxresults=5").text_of("NextMarker") == "");
}

TEST_CASE_FIXTURE(FiveQueues, "ListQueues: parameters out of range") {
  CHECK(get("?comp=list&maxresults=0").outcome() == "400 OutOfRangeQueryParameterValue");
  CHECK(get("?comp=list&maxresults=-1").outcome() == "400 OutOfRangeQueryParameterValue");
  CHECK(get("?comp=list&maxresults=many").outcome() == "400 InvalidQueryParameterValue");
  CHECK(get("?comp=list&maxresults=9999").outcome() == "200 ");
  CHECK(get("?comp=list&include=messages").outcome() == "400 InvalidQueryParameterValue");
  CHECK(get("?comp=list&include=").outcome() == "200 ");
  CHECK(get("?comp=list&marker=%2F%2F").outcome() == "400 InvalidMarker");
}

}  // namespace cvemu::queue_queues_test
