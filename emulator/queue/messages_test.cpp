#include <doctest/doctest.h>

#include <set>
#include <thread>

#include "base/text.h"
#include "queue/testing.h"
#include "store/queue/messages.h"

namespace cvemu::queue_messages_test {

using namespace cvemu::queue;
using namespace std::chrono_literals;

namespace {

// A endpoint with the queue "jobs".
struct Jobs : QueueBench {
  Jobs() { REQUIRE(put("/jobs").status == 201); }

  XmlElement add(std::string_view text, std::string_view query = "") {
    const Answer answer = post("/jobs/messages" + std::string(query), message_body(text));
    REQUIRE(answer.outcome() == "201 ");
    return messages_of(answer).at(0);
  }
  std::string texts(std::string_view query) {
    std::string joined;
    for (const auto& message : messages_of(get("/jobs/messages" + std::string(query))))
      joined += message.text_of("MessageText");
    return joined;
  }
  static std::string path(const XmlElement& message, std::string_view receipt_of) {
    return "/jobs/messages/" + std::string(message.text_of("MessageId")) +
           "?popreceipt=" + percent_encode(receipt_of);
  }
  static std::string path(const XmlElement& message) { return path(message, message.text_of("PopReceipt")); }
  std::string count() {
    return std::string(get("/jobs?comp=metadata").header("x-ms-approximate-messages-count"));
  }
};

std::vector<std::string> child_names(const XmlElement& element) {
  std::vector<std::string> names;
  for (const auto& child : element.children) names.push_back(child.name);
  return names;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE_FIXTURE(Jobs, "PutMessage: the answer says everything but the text") {
  const XmlElement message = add("hello");
  CHECK(child_names(message) ==
        Names{"MessageId", "InsertionTime", "ExpirationTime", "PopReceipt", "TimeNextVisible"});
  CHECK(Uuid::parse(message.text_of("MessageId")));
  CHECK(message.text_of("MessageId") == to_lower(message.text_of("MessageId")));
  CHECK(message.text_of("InsertionTime") == times::rfc1123(kStart));
  CHECK(message.text_of("ExpirationTime") == times::rfc1123(kStart + 7 * 24h));
  CHECK(message.text_of("TimeNextVisible") == times::rfc1123(kStart));
  CHECK(base64_decode(message.text_of("PopReceipt")).value().size() >= 12);
}

TEST_CASE_FIXTURE(Jobs, "GetMessages: hands out, hides for 30 seconds, counts") {
  const XmlElement put = add("hello");
  const Answer answer = get("/jobs/messages");
  CHECK(answer.status == 200);
  CHECK(answer.header("Content-Type") == "application/xml");
  const XmlElement message = messages_of(answer).at(0);
  CHECK(child_names(message) == Names{"MessageId", "InsertionTime", "ExpirationTime", "PopReceipt",
                                      "TimeNextVisible", "DequeueCount", "MessageText"});
  CHECK(message.text_of("MessageId") == put.text_of("MessageId"));
  CHECK(message.text_of("PopReceipt") != put.text_of("PopReceipt"));
  CHECK(message.text_of("TimeNextVisible") == times::rfc1123(kStart + 30s));
  CHECK(message.text_of("DequeueCount") == "1");
  CHECK(message.text_of("MessageText") == "hello");
  CHECK(get("/jobs/messages").body.ends_with("<QueueMessagesList />"));
  clock.advance(30s);
  CHECK(messages_of(get("/jobs/messages")).at(0).text_of("DequeueCount") == "2");
}

TEST_CASE_FIXTURE(Jobs, "PeekMessages: shows what is visible, without a receipt, and changes nothing") {
  add("a");
  add("b", "?visibilitytimeout=5");
  const auto seen = messages_of(get("/jobs/messages?peekonly=true&numofmessages=32"));
  REQUIRE(seen.size() == 1);
  CHECK(child_names(seen[0]) ==
        Names{"MessageId", "InsertionTime", "ExpirationTime", "DequeueCount", "MessageText"});
  CHECK(seen[0].text_of("DequeueCount") == "0");
  CHECK(texts("?peekonly=true&numofmessages=32") == "a");
  clock.advance(5s);
  CHECK(texts("?peekonly=true&numofmessages=32") == "ab");
}

TEST_CASE_FIXTURE(Jobs, "messages: first come first served; who comes back queues behind who waited") {
  for (const char* text : {"0", "1", "2", "3", "4", "5", "6"}) add(text);
  CHECK(texts("?numofmessages=3&visibilitytimeout=10") == "012");
  clock.advance(5s);
  add("n");
  clock.advance(5s);
  CHECK(texts("?numofmessages=32") == "3456n012");
}

TEST_CASE_FIXTURE(Jobs, "messages: each one of a call has its own receipt") {
  add("a");
  add("b");
  const auto both = messages_of(get("/jobs/messages?numofmessages=2"));
  CHECK(both.at(0).text_of("PopReceipt") != both.at(1).text_of("PopReceipt"));
}

TEST_CASE_FIXTURE(Jobs, "UpdateMessage: new receipt and time in the headers, the old receipt is void") {
  const XmlElement message = add("first");
  const Answer answer = put(path(message) + "&visibilitytimeout=7", message_body("second"));
  CHECK(answer.outcome() == "204 ");
  CHECK(answer.header("x-ms-time-next-visible") == times::rfc1123(kStart + 7s));
  const std::string receipt(answer.header("x-ms-popreceipt"));
  CHECK(put(path(message) + "&visibilitytimeout=0").outcome() == "400 PopReceiptMismatch");
  CHECK(erase(path(message)).outcome() == "400 PopReceiptMismatch");
  CHECK(texts("?peekonly=true").empty());
  clock.advance(7s);
  CHECK(texts("?peekonly=true") == "second");
  CHECK(erase(path(message, receipt)).outcome() == "204 ");
}

TEST_CASE_FIXTURE(Jobs, "UpdateMessage: without a body the text stays, with an empty one it becomes empty") {
  const XmlElement message = add("kept");
  const Answer kept = put(path(message) + "&visibilitytimeout=0");
  CHECK(texts("?peekonly=true") == "kept");
  CHECK(
      put(path(message, kept.header("x-ms-popreceipt")) + "&visibilitytimeout=0", message_body("")).status ==
      204);
  CHECK(texts("?peekonly=true").empty());
  CHECK(messages_of(get("/jobs/messages?peekonly=true")).size() == 1);
}

TEST_CASE_FIXTURE(Jobs, "UpdateMessage: count and expiry stay, visibility may go beyond the expiry") {
  add("a", "?messagettl=60");
  const XmlElement taken = messages_of(get("/jobs/messages")).at(0);
  CHECK(put(path(taken) + "&visibilitytimeout=604800").status == 204);
  CHECK(count() == "1");
  clock.advance(60s);
  CHECK(count() == "0");
}

TEST_CASE_FIXTURE(Jobs,
                  "DeleteMessage: with the receipt of the put, of a get, also when visible again; once") {
  XmlElement message = add("a");
  CHECK(erase(path(message)).outcome() == "204 ");
  CHECK(erase(path(message)).outcome() == "404 MessageNotFound");
  add("b");
  message = messages_of(get("/jobs/messages?visibilitytimeout=1")).at(0);
  clock.advance(10s);
  CHECK(erase(path(message)).outcome() == "204 ");
  CHECK(count() == "0");
}

TEST_CASE_FIXTURE(Jobs, "messages: the ways not to find one") {
  const XmlElement message = add("a");
  const std::string receipt = "?popreceipt=" + percent_encode(message.text_of("PopReceipt"));
  CHECK(erase("/jobs/messages/5d6a0b6f-1b0e-4c0e-9d0e-000000000000" + receipt).outcome() ==
        "404 MessageNotFound");
  CHECK(erase("/jobs/messages/no-guid" + receipt).outcome() == "404 MessageNotFound");
  CHECK(erase("/jobs/messages/" + receipt).outcome() == "404 MessageNotFound");
  REQUIRE(put("/other").status == 201);
  CHECK(erase("/other" + path(message).substr(5)).outcome() == "404 MessageNotFound");
  CHECK(count() == "1");
}

TEST_CASE_FIXTURE(Jobs, "messages: a receipt of another message is a mismatch, noise is a bad parameter") {
  const XmlElement a = add("a"), b = add("b");
  CHECK(erase(path(a, b.text_of("PopReceipt"))).outcome() == "400 PopReceiptMismatch");
  const Answer noise = erase(path(a, "noise"));
  CHECK(noise.outcome() == "400 InvalidQueryParameterValue");
  CHECK(noise.detail("QueryParameterName") == "popreceipt");
  CHECK(erase(path(a, "AAAAAAAAAAAAAAAAAAAAAA==")).outcome() == "400 InvalidQueryParameterValue");
}

TEST_CASE_FIXTURE(Jobs, "messages: required parameters") {
  const XmlElement message = add("a");
  const std::string bare = "/jobs/messages/" + std::string(message.text_of("MessageId"));
  CHECK(erase(bare).outcome() == "400 MissingRequiredQueryParameter");
  CHECK(put(bare + "?visibilitytimeout=0").outcome() == "400 MissingRequiredQueryParameter");
  CHECK(put(path(message)).outcome() == "400 MissingRequiredQueryParameter");
  CHECK(put(path(message)).detail("QueryParameterName") == "visibilitytimeout");
}

TEST_CASE_FIXTURE(Jobs, "messages: every range, and the code outside of it") {
  struct Row {
    const char *query, *outcome;
  };
  const Row gets[] = {{"numofmessages=1", "200 "},
                      {"numofmessages=32", "200 "},
                      {"numofmessages=33", "400 OutOfRangeQueryParameterValue"},
                      {"numofmessages=0", "400 OutOfRangeQueryParameterValue"},
                      {"numofmessages=-1", "400 OutOfRangeQueryParameterValue"},
                      {"numofmessages=abc", "400 InvalidQueryParameterValue"},
                      {"numofmessages=", "400 InvalidQueryParameterValue"},
                      {"visibilitytimeout=1", "200 "},
                      {"visibilitytimeout=604800", "200 "},
                      {"visibilitytimeout=0", "400 OutOfRangeQueryParameterValue"},
                      {"visibilitytimeout=-1", "400 OutOfRangeQueryParameterValue"},
                      {"visibilitytimeout=604801", "400 OutOfRangeQueryParameterValue"},
                      {"visibilitytimeout=abc", "400 InvalidQueryParameterValue"},
                      {"timeout=30", "200 "},
                      {"timeout=abc", "400 InvalidQueryParameterValue"},
                      {"timeout=-1", "400 InvalidQueryParameterValue"},
                      {"peekonly=true&numofmessages=33", "400 OutOfRangeQueryParameterValue"}};
  for (const Row& row : gets) {
    CAPTURE(row.query);
    CHECK(get("/jobs/messages?" + std::string(row.query)).outcome() == row.outcome);
  }
  const Row puts[] = {{"visibilitytimeout=0", "201 "},
                      {"visibilitytimeout=604799", "201 "},
                      {"visibilitytimeout=604800&messagettl=604801", "201 "},
                      {"visibilitytimeout=604800&messagettl=-1", "201 "},
                      {"visibilitytimeout=604801&messagettl=-1", "400 OutOfRangeQueryParameterValue"},
                      {"visibilitytimeout=-1", "400 OutOfRangeQueryParameterValue"},
                      {"visibilitytimeout=604800", "400 InvalidQueryParameterValue"},
                      {"visibilitytimeout=5&messagettl=5", "400 InvalidQueryParameterValue"},
                      {"visibilitytimeout=4&messagettl=5", "201 "},
                      {"messagettl=1", "201 "},
                      {"messagettl=-1", "201 "},
                      {"messagettl=2147483647", "201 "},
                      {"messagettl=2147483648", "400 InvalidQueryParameterValue"},
                      {"messagettl=0", "400 InvalidQueryParameterValue"},
                      {"messagettl=-2", "400 InvalidQueryParameterValue"},
                      {"messagettl=", "400 InvalidQueryParameterValue"}};
  for (const Row& row : puts) {
    CAPTURE(row.query);
    CHECK(post("/jobs/messages?" + std::string(row.query), message_body("x")).outcome() == row.outcome);
  }
  const Row updates[] = {{"604800", "204 "},
                         {"604801", "400 OutOfRangeQueryParameterValue"},
                         {"-1", "400 OutOfRangeQueryParameterValue"},
                         {"abc", "400 InvalidQueryParameterValue"}};
  for (const Row& row : updates) {
    CAPTURE(row.query);
    CHECK(put(path(add("x")) + "&visibilitytimeout=" + row.query).outcome() == row.outcome);
  }
}

TEST_CASE_FIXTURE(Jobs, "messages: a range error names the parameter, its value and both bounds") {
  const Answer answer = get("/jobs/messages?numofmessages=33");
  CHECK(answer.detail("QueryParameterName") == "numofmessages");
  CHECK(answer.detail("QueryParameterValue") == "33");
  CHECK(answer.detail("MinimumAllowed") == "1");
  CHECK(answer.detail("MaximumAllowed") == "32");
  const Answer too_long = post("/jobs/messages?visibilitytimeout=5&messagettl=5", message_body("x"));
  CHECK(too_long.detail("QueryParameterName") == "visibilitytimeout");
  CHECK_FALSE(too_long.detail("Reason").empty());
}

TEST_CASE_FIXTURE(Jobs, "messages: they vanish when their time is over, and the count with them") {
  add("short", "?messagettl=1");
  CHECK(add("forever", "?messagettl=-1").text_of("ExpirationTime") == "Fri, 31 Dec 9999 23:59:59 GMT");
  const XmlElement gone = messages_of(get("/jobs/messages?visibilitytimeout=60")).at(0);
  CHECK(count() == "2");
  clock.advance(1s);
  CHECK(count() == "1");
  CHECK(texts("?peekonly=true&numofmessages=32") == "forever");
  CHECK(erase(path(gone)).outcome() == "404 MessageNotFound");
  CHECK(put(path(gone) + "&visibilitytimeout=0").outcome() == "404 MessageNotFound");
}

TEST_CASE_FIXTURE(Jobs, "messages: text of any kind comes back byte for byte") {
  struct Row {
    const char *sent, *stored;
  };
  const Row rows[] = {{"  ", "  "},
                      {"", ""},
                      {" a \r\nb\rc\n\t", " a \r\nb\rc\n\t"},
                      {"a&#xD;b", "a\rb"},
                      {"&lt;&amp;&gt;&quot;&apos;\"'", "<&>\"'\"'"},
                      {"\xf0\x9f\x98\x80 &#x1F600;", "\xf0\x9f\x98\x80 \xf0\x9f\x98\x80"},
                      {"a<!-- c -->b<![CDATA[x<y]]>", "abx<y"},
                      {"aGk=", "aGk="}};
  for (const Row& row : rows) {
    CAPTURE(row.sent);
    const XmlElement message = add(row.sent);
    CHECK(texts("?peekonly=true") == row.stored);
    CHECK(erase(path(message)).status == 204);
  }
}

TEST_CASE_FIXTURE(Jobs, "messages: a carriage return survives the reader of the answer") {
  add("a\r\nb");
  CHECK(get("/jobs/messages").body.find("<MessageText>a&#xD;\nb</MessageText>") != std::string::npos);
}

TEST_CASE_FIXTURE(Jobs, "messages: the documents of the SDKs are read") {
  const std::string body = message_body("x");
  for (const std::string& document :
       {"<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>" + body,
        "<?xml version='1.0' encoding='utf-8'?>\n" + body, "<?xml version=\"1.0\"?>\n" + body + "\n",
        "\xef\xbb\xbf" + body, std::string("<QueueMessage><MessageText /></QueueMessage>")}) {
    CAPTURE(document);
    CHECK(post("/jobs/messages", document).outcome() == "201 ");
  }
}

TEST_CASE_FIXTURE(Jobs, "messages: what is no message is InvalidXmlDocument, and stores nothing") {
  for (const char* body : {"", "text", "<QueueMessage></QueueMessage>", "<QueueMessage><MessageText>",
                           "<QueueMessage><MessageText>&foo;</MessageText></QueueMessage>",
                           "<QueueMessage><MessageText>\x01</MessageText></QueueMessage>",
                           "<QueueMessage><MessageText>\xff</MessageText></QueueMessage>",
                           "<Message><MessageText>x</MessageText></Message>"}) {
    CAPTURE(body);
    CHECK(post("/jobs/messages", body).outcome() == "400 InvalidXmlDocument");
  }
  CHECK(count() == "0");
  CHECK(put(path(add("x")) + "&visibilitytimeout=0", "text").outcome() == "400 InvalidXmlDocument");
}

TEST_CASE_FIXTURE(Jobs, "messages: 64 KiB are counted in bytes of UTF-8 after decoding") {
  const auto repeated = [](std::string_view piece, std::size_t times) {
    std::string text;
    for (std::size_t i = 0; i < times; ++i) text += piece;
    return text;
  };
  const auto outcome = [&](const std::string& text) {
    return post("/jobs/messages", message_body(text)).outcome();
  };
  CHECK(outcome(repeated("x", 65536)) == "201 ");
  CHECK(outcome(repeated("\xc3\xa9", 32768)) == "201 ");
  CHECK(outcome(repeated("&lt;", 65536)) == "201 ");
  CHECK(outcome(repeated("&#x1F600;", 16384)) == "201 ");
  CHECK(outcome(repeated("x", 65537)) == "413 RequestBodyTooLarge");
  CHECK(outcome(repeated("\xc3\xa9", 32769)) == "413 RequestBodyTooLarge");
  CHECK(outcome(repeated("&lt;", 65537)) == "413 RequestBodyTooLarge");
  CHECK(post("/jobs/messages", message_body(repeated("x", 65537))).detail("MaxLimit") == "65536");
  CHECK(outcome(repeated("x", 2'000'000)) == "413 RequestBodyTooLarge");
  CHECK(put(path(add("x")) + "&visibilitytimeout=0", message_body(repeated("x", 65537))).outcome() ==
        "413 RequestBodyTooLarge");
  CHECK(count() == "5");
}

TEST_CASE_FIXTURE(Jobs, "ClearMessages: visible and invisible are gone, the next ones are there") {
  CHECK(erase("/jobs/messages").outcome() == "204 ");
  CHECK(collections_requested == 0);
  add("a");
  add("b");
  const XmlElement taken = messages_of(get("/jobs/messages")).at(0);
  CHECK(erase("/jobs/messages").outcome() == "204 ");
  CHECK(collections_requested == 1);
  CHECK(count() == "0");
  CHECK(erase(path(taken)).outcome() == "404 MessageNotFound");
  add("c");
  CHECK(texts("?numofmessages=32") == "c");
}

TEST_CASE_FIXTURE(Jobs, "messages: on a queue that is not there, and on a bad name") {
  const std::string message =
      "/messages/5d6a0b6f-1b0e-4c0e-9d0e-000000000000?visibilitytimeout=0&popreceipt=" +
      percent_encode(add("x").text_of("PopReceipt"));
  const std::pair<std::string, const char*> rows[] = {{"/none", "404 QueueNotFound"},
                                                      {"/No", "400 OutOfRangeInput"},
                                                      {"/no--name", "400 InvalidResourceName"}};
  for (const auto& row : rows) {
    const auto& queue = row.first;
    const auto& outcome = row.second;
    CAPTURE(queue);
    CHECK(post(queue + "/messages", message_body("x")).outcome() == outcome);
    CHECK(get(queue + "/messages").outcome() == outcome);
    CHECK(get(queue + "/messages?peekonly=true").outcome() == outcome);
    CHECK(erase(queue + "/messages").outcome() == outcome);
    CHECK(put(queue + message).outcome() == outcome);
    CHECK(erase(queue + message).outcome() == outcome);
  }
}

TEST_CASE_FIXTURE(Jobs, "messages: many receivers at once never get the same one") {
  constexpr int kMessages = 400, kReceivers = 8;
  for (int i = 0; i < kMessages; ++i) add(std::to_string(i));
  std::vector<std::vector<std::string>> received(kReceivers);
  std::vector<std::thread> receivers;
  for (auto& mine : received)
    receivers.emplace_back([this, &mine] {
      for (;;) {
        const auto batch = messages_of(get("/jobs/messages?numofmessages=3"));
        if (batch.empty()) return;
        for (const auto& message : batch) mine.emplace_back(message.text_of("MessageText"));
      }
    });
  for (auto& receiver : receivers) receiver.join();
  std::multiset<std::string> all;
  for (const auto& mine : received) all.insert(mine.begin(), mine.end());
  CHECK(all.size() == kMessages);
  CHECK(std::set<std::string>(all.begin(), all.end()).size() == kMessages);
}

TEST_CASE_FIXTURE(Jobs, "messages: clearing while others put loses only what came before") {
  constexpr int kMessages = 200;
  std::thread putter([this] {
    for (int i = 0; i < kMessages; ++i) post("/jobs/messages", message_body(std::to_string(i)));
  });
  std::thread clearer([this] {
    for (int i = 0; i < 20; ++i) erase("/jobs/messages");
  });
  putter.join();
  clearer.join();
  Transaction tx(database);
  const Queue queue = *queues::find(tx, kDevelopmentAccount, "jobs");
  CHECK(messages::peek(tx, queue, 1000, kStart).size() == static_cast<std::size_t>(queue.message_count));
  while (messages::collect_garbage(tx)) {
  }
  CHECK(messages::peek(tx, queue, 1000, kStart).size() == static_cast<std::size_t>(queue.message_count));
}

}  // namespace cvemu::queue_messages_test
