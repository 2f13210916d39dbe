#include "faults/notification_text.h"

#include <doctest/doctest.h>

#include "base/text.h"

namespace cvemu::faults_notification_text_test {

namespace {

const std::string kJson =
    R"({"version":"1.0","type":"Training","Content":{"projectId":"p","iterationId":"i&<"}})";

std::string xml(const std::string& text) {
  return "<QueueMessage><MessageText>" + text + "</MessageText></QueueMessage>";
}

}  // namespace

TEST_CASE("a notification is read from its request, plain or in base64") {
  CHECK(notification_text::read(xml(R"({"a":"&amp;&lt;"})")) == R"({"a":"&<"})");
  CHECK(notification_text::read(xml(base64_encode(kJson))) == kJson);
  CHECK(notification_text::read(xml("hello")) == "");
  CHECK(notification_text::read("no xml") == "");
  CHECK(notification_text::member(kJson, "iterationId") == "i&<");
  CHECK(notification_text::member(kJson, "modelUri") == "");
}

TEST_CASE("a replaced notification keeps its encoding") {
  CHECK(notification_text::replace(xml("{}"), "<x>") == xml("&lt;x&gt;"));
  CHECK(notification_text::replace(xml(base64_encode("{}")), "<x>") == xml(base64_encode("<x>")));
}

TEST_CASE("what is not base64 cannot be decoded, whatever the encoding was") {
  const std::string text = notification_text::malform(xml(base64_encode("{}")), "notBase64");
  CHECK(text == xml("%%% {}"));
}

}  // namespace cvemu::faults_notification_text_test
