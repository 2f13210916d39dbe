// The same seed and the same calls give the same bytes.
#include <sstream>

#include "story.h"

using namespace testing;
using namespace std::chrono_literals;
using cvemu::Action;

namespace {

struct Outcome {
  std::string state, journal;
};

// The endpoints' ports differ from run to run.
std::string without_ports(std::string text, const cvemu::Emulator& emulator) {
  const std::pair<int, const char*> endpoints[] = {
      {emulator.port(), "VISION"}, {emulator.blob_port(), "BLOB"}, {emulator.queue_port(), "QUEUE"}};
  for (const auto& [port, name] : endpoints)
    for (const std::string before : {"127.0.0.1:", "127.0.0.1%3A"}) {
      const std::string endpoint = before + std::to_string(port);
      for (std::size_t at; (at = text.find(endpoint)) != std::string::npos;)
        text.replace(at, endpoint.size(), name);
    }
  return text;
}

// Something of everything: notifications, a retried call, a delivery that fails first, a failed training, an
// export.
Outcome play(std::uint64_t seed) {
  Story story({.seed = seed});
  const auto missing = story.control.inject({}, {.first = 1}, Action::storage_missing("delivery"));
  const auto busy = story.control.inject({.operation = "TrainProject"}, {.first = 1}, Action::throttle(1));
  const auto lucky =
      story.control.inject({.operation = "GetDomains"}, {.probability = 0.5}, Action::status(500));
  story.control.set_outcomes(cvemu::OperationKind::Training,
                             {{}, {.fails = true, .details = "Out of memory."}});
  story.try_to_train();
  const std::string id = story.trained();
  story.exported(id);
  story.trained();
  for (int i = 0; i < 10; ++i) story.training.get("/domains");
  story.control.advance(10min);
  story.messages();
  return {without_ports(story.control.state(), story.emulator),
          without_ports(story.control.journal().canonical(), story.emulator)};
}

// The first line that differs, to be read.
std::string difference(const std::string& one, const std::string& other) {
  std::istringstream left(one), right(other);
  for (std::string a, b;;) {
    const bool more_left = bool(std::getline(left, a)), more_right = bool(std::getline(right, b));
    if (!more_left && !more_right) return "";
    if (a != b || more_left != more_right) return a + "\n" + b;
  }
}

}  // namespace

TEST_CASE("Determinism: the same seed and the same calls give the same state and the same journal") {
  const Outcome first = play(7), second = play(7);
  CHECK(difference(first.state, second.state) == "");
  CHECK(difference(first.journal, second.journal) == "");
  CHECK(first.journal.find("QueueNotFound") != std::string::npos);
  CHECK(Json::parse(first.state)["projects"][0]["iterations"].size() == 2);
}

TEST_CASE("Determinism: another seed gives other ids") {
  CHECK(play(7).state != play(8).state);
}

TEST_CASE("Determinism: equal after a reset and the same calls again") {
  cvemu::Emulator emulator({.clock = cvemu::ClockMode::Frozen, .seed = 7});
  const auto play = [&] {
    trainable_project(Training(emulator));
    return emulator.control().state();
  };
  const std::string first = play();
  emulator.control().reset();
  CHECK(play() == first);
}
