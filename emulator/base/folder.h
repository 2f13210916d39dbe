// A folder that somebody else named. Its files are read without ever leaving the folders that are allowed:
// what counts is where an opened file really lies and not how its name reads, so no symbolic link leads out,
// whenever it is made. Devices, pipes and sockets are never opened. Needs /proc to be there if anything is
// confined.
#pragma once
#include <cstddef>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace cvemu {

class Folder {
 public:
  // Real paths: absolute, without symbolic links.
  using Roots = std::vector<std::filesystem::path>;

  // What was named lies outside, or would if it were there.
  struct Outside : std::runtime_error {
    Outside() : std::runtime_error("outside the folders that are allowed") {}
  };

  // `roots` null: everything may be read; else it outlives the folder. nullopt if there is no folder that can
  // be opened; Outside says nothing about whether there is one.
  static std::optional<Folder> open(const std::filesystem::path& path, const Roots* roots);
  ~Folder();
  Folder(Folder&& other) noexcept;
  Folder& operator=(Folder&&) = delete;

  // Of its files, behind symbolic links too, in order; not of what lies in folders below. nullopt if it
  // cannot be read.
  std::optional<std::vector<std::string>> names() const;
  // The first `limit` bytes of a file; nullopt if it is no file (any more) or cannot be read. Throws Outside.
  std::optional<std::string> read(const std::string& name, std::size_t limit) const;

 private:
  Folder(int descriptor, const Roots* roots) : descriptor_(descriptor), roots_(roots) {}
  int descriptor_;
  const Roots* roots_;
};

}  // namespace cvemu
