// Folders that scenarios name: what may be read of the machine, and by whom.
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "base/ids.h"
#include "base/text.h"
#include "story.h"

using namespace testing;
namespace fs = std::filesystem;

namespace {

// pictures/{circle.png, notes.txt, square.png, pipe}, empty/, texts/notes.txt, leak/{a.png, out.png ->
// ../../outside/...} below `allowed`; `outside` with one image beside it.
struct Machine {
  const fs::path top =
      fs::canonical(fs::temp_directory_path()) / ("cvemu-scenario-" + cvemu::IdSource().uuid().compact());
  const fs::path allowed = top / "allowed", outside = top / "outside";

  Machine() {
    for (const char* folder :
         {"allowed/pictures", "allowed/empty", "allowed/texts", "allowed/leak", "outside"})
      fs::create_directories(top / folder);
    write("allowed/pictures/circle.png", png(64, 64, 1));
    write("allowed/pictures/square.png", png(64, 64, 2));
    write("allowed/pictures/notes.txt", "not an image");
    write("allowed/texts/notes.txt", "not an image");
    write("allowed/leak/a.png", png(64, 64, 3));
    write("outside/secret.png", png(64, 64, 4));
    ::mkfifo((allowed / "pictures" / "pipe").c_str(), 0600);
    fs::create_symlink("../../outside/secret.png", allowed / "leak" / "out.png");
    fs::create_symlink("../outside", allowed / "away");
  }
  ~Machine() { fs::remove_all(top); }
  void write(const char* name, const std::string& bytes) const {
    std::ofstream(top / name, std::ios::binary) << bytes;
  }
};

std::string scenario(const std::string& folder) {
  return Json{
      {"projects", {{{"name", "x"}, {"tags", {"t"}}, {"images", {{{"tag", "t"}, {"folder", folder}}}}}}}}
      .dump();
}

std::size_t image_count(cvemu::Emulator& emulator) {
  const Json projects = Json::parse(emulator.control().state())["projects"];
  return projects.empty() ? 0 : projects[0]["images"].size();
}

Answer load(const cvemu::Emulator& emulator, const std::string& folder, const std::string& query = "") {
  return call_control(emulator, "POST", "/scenarios" + query, scenario(folder));
}

// "403 FolderNotAllowed /projects/0/images/0/folder"; "204" for what is loaded.
std::string outcome(const Answer& answer) {
  if (answer.status < 300) return std::to_string(answer.status);
  const Json error = answer.json();
  return std::to_string(answer.status) + ' ' + error["code"].get<std::string>() + ' ' +
         error.value("path", "");
}

std::string refusal(const cvemu::Emulator& emulator, const std::string& folder,
                    const std::string& query = "") {
  const std::string checked =
      outcome(call_control(emulator, "POST", "/scenarios/check" + query, scenario(folder)));
  CHECK(outcome(load(emulator, folder, query)) == checked);
  return checked;
}

constexpr const char* kPlace = " /projects/0/images/0/folder";

}  // namespace

TEST_CASE("Scenario folders: over HTTP none without --allow-folder, and nobody learns what is there") {
  const Machine machine;
  cvemu::Emulator emulator;
  std::vector<std::string> bodies;
  for (const std::string& folder :
       {machine.outside.string(), std::string("/etc"), std::string("/proc"), std::string(".."),
        std::string("/none"), std::string("pictures"), std::string(5000, 'x')}) {
    CHECK(refusal(emulator, folder) == std::string("403 FolderNotAllowed") + kPlace);
    bodies.push_back(load(emulator, folder).body);
  }
  for (const std::string& body : bodies) {
    CHECK(body == bodies[0]);
    CHECK(body.find("--allow-folder") != std::string::npos);
  }
  CHECK(image_count(emulator) == 0);
}

TEST_CASE("Scenario folders: over HTTP below those that are allowed, whatever the name says") {
  const Machine machine;
  cvemu::Emulator emulator({.allow_folders = {machine.allowed}});
  const std::string inside = machine.allowed.string();
  const std::string forbidden = std::string("403 FolderNotAllowed") + kPlace;
  for (const std::string& folder :
       {machine.outside.string(), inside + "/../outside", inside + "/away", inside + "/away/none",
        std::string("away"), std::string("../outside"), std::string("../none"), std::string("/etc"),
        std::string("/none"), inside + "2", machine.top.string(),
        std::string("/proc/self/root") + machine.outside.string()}) {
    CAPTURE(folder);
    CHECK(refusal(emulator, folder) == forbidden);
    CHECK(load(emulator, folder).body == load(emulator, "/etc").body);
  }
  CHECK(refusal(emulator, "leak") == forbidden);  // one of its files leads out
  CHECK(refusal(emulator, "none") == std::string("400 NoSuchFolder") + kPlace);
  CHECK(refusal(emulator, inside + "/pictures/notes.txt") == std::string("400 NoSuchFolder") + kPlace);
  CHECK(refusal(emulator, "empty") == std::string("400 NoPictures") + kPlace);
  CHECK(refusal(emulator, "texts") == std::string("400 NoPictures") + kPlace);
  CHECK(refusal(emulator, std::string("pictures\0/../../outside", 23)) ==
        std::string("400 InvalidField") + kPlace);
  CHECK(image_count(emulator) == 0);

  for (const std::string& folder :
       {std::string("pictures"), inside + "/pictures", inside + "/empty/../pictures/"}) {
    emulator.control().reset();
    CHECK(outcome(load(emulator, folder)) == "201");
    CHECK(image_count(emulator) == 2);
  }
}

TEST_CASE("Scenario folders: the folder of the scenario's file widens nothing") {
  const Machine machine;
  cvemu::Emulator emulator({.allow_folders = {machine.allowed}});
  const auto base = [](const fs::path& folder) { return "?base=" + cvemu::percent_encode(folder.string()); };
  CHECK(refusal(emulator, "outside", base(machine.top)) == std::string("403 FolderNotAllowed") + kPlace);
  CHECK(refusal(emulator, ".", base(machine.outside)) == std::string("403 FolderNotAllowed") + kPlace);
  CHECK(call_control(emulator, "POST", "/scenarios?base=pictures", scenario("x")).status == 400);
  CHECK(outcome(load(emulator, "allowed/pictures", base(machine.top))) == "201");
  CHECK(image_count(emulator) == 2);
}

TEST_CASE("Scenario folders: files and the program itself read where they are") {
  const Machine machine;
  machine.write("allowed/one.json", scenario("pictures"));
  machine.write("allowed/two.json", scenario("../outside"));
  machine.write("allowed/none.json", scenario("empty"));
  cvemu::Emulator one({.scenarios = {machine.allowed / "one.json"}});
  CHECK(image_count(one) == 2);
  cvemu::Emulator two({.scenarios = {machine.allowed / "two.json"}});
  CHECK(image_count(two) == 1);
  CHECK_THROWS_WITH_AS(cvemu::Emulator({.scenarios = {machine.allowed / "none.json"}}),
                       doctest::Contains("no JPEG"), cvemu::StartError);
  cvemu::Emulator embedded;
  embedded.control().load(scenario(machine.outside.string()));
  CHECK(image_count(embedded) == 1);
  const fs::path before = fs::current_path();
  fs::current_path(machine.allowed);
  embedded.control().reset();
  embedded.control().load(scenario("pictures"));
  fs::current_path(before);
  CHECK(image_count(embedded) == 2);
}

TEST_CASE("Scenario folders: an image that the service refuses leaves everything as it was") {
  const Machine machine;
  machine.write("allowed/pictures/broken.png", png(64, 64, 5).substr(0, 40));
  cvemu::Emulator emulator({.allow_folders = {machine.allowed}});
  const Answer answer = load(emulator, "pictures");
  CHECK(outcome(answer) == "400 ScenarioRefused /projects/0");
  CHECK(answer.json()["message"].get<std::string>().find("broken.png") != std::string::npos);
  CHECK(Json::parse(emulator.control().state())["projects"].empty());
}
