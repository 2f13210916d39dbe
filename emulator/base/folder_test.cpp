#include "base/folder.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <fstream>

#include "base/ids.h"

namespace cvemu::base_folder_test {

namespace fs = std::filesystem;

namespace {

// allowed/{a.txt, b.txt, pipe, below/c.txt, out -> ../secret.txt, in -> a.txt, away -> ../elsewhere},
// secret.txt, elsewhere/d.txt
struct Tree {
  const fs::path top =
      fs::canonical(fs::temp_directory_path()) / ("cvemu-folder-" + IdSource().uuid().compact());
  const Folder::Roots roots{top / "allowed"};

  Tree() {
    fs::create_directories(top / "allowed" / "below");
    fs::create_directories(top / "elsewhere");
    write("secret.txt");
    for (const char* name : {"allowed/b.txt", "allowed/a.txt", "allowed/below/c.txt", "elsewhere/d.txt"})
      write(name);
    ::mkfifo((top / "allowed" / "pipe").c_str(), 0600);
    fs::create_symlink("../secret.txt", top / "allowed" / "out");
    fs::create_symlink("a.txt", top / "allowed" / "in");
    fs::create_symlink("../elsewhere", top / "allowed" / "away");
  }
  ~Tree() { fs::remove_all(top); }
  void write(const char* name) const { std::ofstream(top / name) << name; }
};

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("Folder: its files in order, links to files too; nothing else") {
  const Tree tree;
  const auto folder = Folder::open(tree.top / "allowed", nullptr);
  REQUIRE(folder);
  CHECK(folder->names() == Names{"a.txt", "b.txt", "in", "out"});
  CHECK(folder->read("a.txt", 100) == "allowed/a.txt");
  CHECK(folder->read("a.txt", 7) == "allowed");
  CHECK(folder->read("out", 100) == "secret.txt");
  CHECK_FALSE(folder->read("pipe", 100));  // and does not wait for a writer
  CHECK_FALSE(folder->read("below", 100));
  CHECK_FALSE(folder->read("none", 100));
  CHECK_FALSE(Folder::open(tree.top / "allowed" / "a.txt", nullptr));
  CHECK_FALSE(Folder::open(tree.top / "none", nullptr));
}

TEST_CASE("Folder: confined, no name and no link leads out") {
  const Tree tree;
  const fs::path inside = tree.top / "allowed";
  const auto folder = Folder::open(inside, &tree.roots);
  REQUIRE(folder);
  CHECK(folder->read("a.txt", 100) == "allowed/a.txt");
  CHECK(folder->read("in", 100) == "allowed/a.txt");
  CHECK_THROWS_AS(folder->read("out", 100), Folder::Outside);
  CHECK_THROWS_AS(folder->read("../secret.txt", 100), Folder::Outside);
  CHECK(Folder::open(inside / "below" / ".." / "below", &tree.roots)->names() == Names{"c.txt"});
  // The same answer whether there is something or not.
  for (const fs::path& path :
       {inside / "away", inside / "..", inside / ".." / "elsewhere", inside / ".." / "none", fs::path("/etc"),
        fs::path("/proc/self"), fs::path("/none"), tree.top, fs::path(inside.string() + "-2"),
        inside / "away" / "none"}) {
    CAPTURE(path.string());
    CHECK_THROWS_AS(Folder::open(path, &tree.roots), Folder::Outside);
  }
  CHECK_FALSE(Folder::open(inside / "none", &tree.roots));
}

TEST_CASE("Folder: what is replaced by a link after it was opened stays what it was") {
  const Tree tree;
  const auto folder = Folder::open(tree.top / "allowed" / "below", &tree.roots);
  REQUIRE(folder);
  fs::rename(tree.top / "allowed" / "below", tree.top / "allowed" / "moved");
  fs::create_directory_symlink("../elsewhere", tree.top / "allowed" / "below");
  CHECK(folder->names() == Names{"c.txt"});
  fs::remove(tree.top / "allowed" / "a.txt");
  fs::create_symlink("../secret.txt", tree.top / "allowed" / "a.txt");
  CHECK_THROWS_AS(Folder::open(tree.top / "allowed", &tree.roots)->read("a.txt", 100), Folder::Outside);
}

}  // namespace cvemu::base_folder_test
