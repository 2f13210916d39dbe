// What a good colleague would say about the requests in the journal: each remark once, and the same work done
// well without it.
#include "control/journal/remarks.h"
#include "base/text.h"

#include <cvemu/resources.h>

#include <functional>

#include "http/test_client.h"
#include "story.h"

using namespace testing;
using namespace std::chrono_literals;
using cvemu::Action;

namespace {

struct Habit {
  std::string_view remark;
  std::function<void(Story&)> bad, good;
};

std::string uri_parameter(const std::string& uri) {
  return "/projects?name=x&notificationQueueUri=" + uri;
}

// As a loop without a pause does. Real time counts here, and a busy machine may need more than one burst.
void poll_without_pause(const Story& story) {
  const std::string id = story.train();
  for (int burst = 0; burst < 100 && story.control.journal().count({.remark = "polling"}) == 0; ++burst)
    for (int poll = 0; poll < 6; ++poll) story.status(id);
}

void poll_now_and_then(const Story& story) {
  const std::string id = story.train();
  for (int i = 0; i < 5; ++i) story.status(id);
}

void publish(const Story& story, const std::string& id) {
  story.training.post(
      "/projects/" + story.project + "/iterations/" + id + "/publish?publishName=x&predictionId=" +
      cvemu::percent_encode(
          "/subscriptions/1/resourceGroups/g/providers/Microsoft.CognitiveServices/accounts/a"));
}

// An image that is not one makes its batch unsuccessful; the rest is kept.
void upload(const Story& story, const std::string& bytes) {
  const Json image = {{"name", "new"}, {"contents", cvemu::base64_encode(bytes)}};
  story.training.post("/projects/" + story.project + "/images/files", Json{{"images", {image}}}.dump());
}

// Receives the one message so often, each time after the one before let go of it.
void receive(const Story& story, int times) {
  for (int i = 0; i < times; ++i) {
    story.storage.signed_request("GET", story.queue + "/messages");
    story.control.advance(31s);
  }
}

std::string between(const std::string& text, const std::string& open, const std::string& close) {
  const std::size_t begin = text.find(open) + open.size();
  return text.substr(begin, text.find(close, begin) - begin);
}

// Receives a message, works for so long, deletes it.
void work_on_message(const Story& story, std::chrono::seconds time) {
  story.control.queue("notifications").put("work");
  const std::string body = story.storage.signed_request("GET", story.queue + "/messages").body;
  story.control.advance(time);
  story.storage.signed_request("GET", story.queue + "/messages");  // another worker looks, too
  story.storage.signed_request(
      "DELETE", story.queue + "/messages/" + between(body, "<MessageId>", "</MessageId>") +
                    "?popreceipt=" + cvemu::percent_encode(between(body, "<PopReceipt>", "</PopReceipt>")));
}

void train_throttled(const Story& story, int seconds) {
  const auto fault =
      story.control.inject({.operation = "TrainProject"}, {.first = 1}, Action::throttle(seconds));
  story.try_to_train();
  story.try_to_train();
}

// httplib sends a length with every POST; this one does not.
void post_domains(const Story& story, const std::string& length) {
  cvemu::TestClient client(story.emulator.port());
  client.ask("POST /customvision/v3.3/training/projects?name=y HTTP/1.1\r\nHost: h\r\nTraining-Key: k\r\n" +
             length + "\r\n");
}

const std::vector<Habit>& habits() {
  static const std::vector<Habit> all = {
      {"polling", poll_without_pause, poll_now_and_then},
      {"publish-too-early", [](Story& story) { publish(story, story.train()); },
       [](Story& story) { publish(story, story.trained()); }},
      {"second-export",
       [](Story& story) {
         const std::string id = story.trained();
         story.exported(id);
         story.exported(id);
       },
       [](Story& story) {
         story.exported(story.trained());
         story.exported(story.trained());
       }},
      {"same-bytes",
       [](Story& story) {
         upload(story, png(64, 64, 7));
         upload(story, png(64, 64, 7));
       },
       [](Story& story) {
         upload(story, png(64, 64, 7));
         upload(story, png(64, 64, 8));
       }},
      {"batch-not-whole",
       [](Story& story) {
         upload(story, "no image");
         story.train();
       },
       [](Story& story) {
         upload(story, "no image");
         upload(story, png(64, 64, 7));
         story.train();
       }},
      {"never-deleted",
       [](Story& story) {
         story.trained();
         receive(story, 3);
       },
       [](Story& story) {
         story.trained();
         receive(story, 1);
         story.messages();
       }},
      {"visibility-too-short", [](Story& story) { work_on_message(story, 31s); },
       [](Story& story) { work_on_message(story, 29s); }},
      {"retry-too-soon", [](Story& story) { train_throttled(story, 60); },
       [](Story& story) { train_throttled(story, 0); }},
      {"unescaped-query",
       [](Story& story) { story.training.post(uri_parameter(story.queue + "?sv=1&sig=2")); },
       [](Story& story) {
         story.training.post(uri_parameter(cvemu::percent_encode(story.queue + "?sv=1&sig=2")));
       }},
      {"no-content-length", [](Story& story) { post_domains(story, ""); },
       [](Story& story) { post_domains(story, "Content-Length: 0\r\n"); }},
  };
  return all;
}

// The requests with that remark, once the story went that way.
std::size_t remarks_after(const std::function<void(Story&)>& way, std::string_view remark) {
  Story story;
  way(story);
  return story.control.journal().count({.remark = std::string(remark)});
}

}  // namespace

TEST_CASE("remarks: none is without its case here") {
  std::vector<std::string_view> tested;
  for (const Habit& habit : habits()) tested.push_back(habit.remark);
  CHECK(tested == cvemu::control::remark_kinds());
}

TEST_CASE("remarks: each bad habit gets its remark, once") {
  for (const Habit& habit : habits()) {
    CAPTURE(habit.remark);
    CHECK(remarks_after(habit.bad, habit.remark) == 1);
  }
}

TEST_CASE("remarks: the same work done well gets none") {
  for (const Habit& habit : habits()) {
    CAPTURE(habit.remark);
    CHECK(remarks_after(habit.good, habit.remark) == 0);
  }
}

TEST_CASE("remarks: the text says what to do") {
  Story story;
  story.training.post(uri_parameter(story.queue + "?sv=1&sig=2"));
  const Json entry =
      call_control(story.emulator, "GET", "/journal?remark=unescaped-query").json()["entries"].at(0);
  CHECK(entry["remarks"][0]["text"].get<std::string>().find("percent-encoded") != std::string::npos);
}
