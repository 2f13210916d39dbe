// The state is emptied while an upload is under way: what began before must not write after.
#include <thread>

#include "base/url.h"
#include "http/test_client.h"
#include "story.h"

using namespace testing;

namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;

// The head goes, and "100 Continue" says that the service has begun to read; then the state is replaced, and
// then the body goes. Answers what the client gets.
std::string upload_around(const std::string& method, const std::string& url_text, Headers headers,
                          const std::string& body, const std::function<void()>& meanwhile) {
  const auto url = *cvemu::Url::parse(url_text);
  headers.insert(headers.end(), {{"Host", url.host}, {"Expect", "100-continue"}});
  std::string head = method + ' ' + url.target() + " HTTP/1.1\r\n";
  for (const auto& [name, value] : headers) head += name + ": " + value + "\r\n";
  cvemu::TestClient client(url.port);
  REQUIRE(client.ask(head + "\r\n").starts_with("HTTP/1.1 100 "));
  meanwhile();
  return client.ask(body);
}

void upload_blob(const Story& story, const std::function<void()>& replace_state) {
  const std::string url = story.container + "/late";
  std::string empty;
  const std::string answer = upload_around(
      "PUT", url, story.storage.signed_headers("PUT", url, 4, {{"x-ms-blob-type", "BlockBlob"}}), "late",
      [&] {
        replace_state();
        empty = story.control.state();
      });
  CHECK_MESSAGE(answer.starts_with("HTTP/1.1 503 "), answer);
  CHECK_MESSAGE(answer.find("<Code>ServerBusy</Code>") != std::string::npos, answer);
  CHECK(story.control.state() == empty);
}

void upload_images(const Story& story, const std::function<void()>& replace_state) {
  const Json batch = {{"images", {{{"name", "late"}, {"contents", cvemu::base64_encode(png(64, 64, 77))}}}}};
  const std::string body = batch.dump();
  const std::string url = story.emulator.training_endpoint() + "/customvision/v3.3/training/projects/" +
                          story.project + "/images/files";
  std::string empty;
  const std::string answer = upload_around("POST", url,
                                           {{"Training-Key", "k"},
                                            {"Content-Type", "application/json"},
                                            {"Content-Length", std::to_string(body.size())}},
                                           body, [&] {
                                             replace_state();
                                             empty = story.control.state();
                                           });
  CHECK_MESSAGE(answer.starts_with("HTTP/1.1 503 "), answer);
  CHECK_MESSAGE(answer.find(R"("code":"ErrorUnknown")") != std::string::npos, answer);
  CHECK(story.control.state() == empty);
}

}  // namespace

TEST_CASE("Reset: a blob that was on its way is not written, even if its container is there again") {
  Story story;
  upload_blob(story, [&] {
    story.control.reset();
    story.storage.create_container("models");
  });
  CHECK(story.storage.blob_names("models").empty());
  CHECK(
      story.storage.signed_request("PUT", story.container + "/new", "new", {{"x-ms-blob-type", "BlockBlob"}})
          .status == 201);
}

TEST_CASE("Reset: a blob that was on its way is not written into what another scope left") {
  Story story;
  upload_blob(story, [&] { story.control.reset({"queues"}); });
}

TEST_CASE("Reset: images that were on their way are not written") {
  Story story;
  upload_images(story, [&] { story.control.reset(); });
  CHECK(story.training.get("/projects").json().empty());
}

TEST_CASE("Restore: images that were on their way are not written into the restored state") {
  Story story;
  story.control.snapshot("before");
  upload_images(story, [&] { story.control.restore("before"); });
  CHECK(story.training.get("/projects/" + story.project + "/images/count").body == "10");
}

TEST_CASE("Resets and restores that overlap wait for each other, and none is refused") {
  const Story story;
  story.control.snapshot("before");
  std::vector<std::thread> threads;
  std::vector<std::string> failures(8);
  for (std::size_t i = 0; i < failures.size(); ++i)
    threads.emplace_back([&, i] {
      try {
        cvemu::Control control = cvemu::connect(story.emulator.training_endpoint());
        for (int round = 0; round < 10; ++round) i % 2 == 0 ? control.reset() : control.restore("before");
      } catch (const std::exception& error) {
        failures[i] = error.what();
      }
    });
  for (std::thread& thread : threads) thread.join();
  for (const std::string& failure : failures) CHECK(failure == "");
}
