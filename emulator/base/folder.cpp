#include "base/folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <utility>

namespace cvemu {

namespace {

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  explicit operator bool() const { return number_ >= 0; }
  int get() const { return number_; }
  int release() { return std::exchange(number_, -1); }

 private:
  int number_;
};

std::string link_of(const Descriptor& file) {
  return "/proc/self/fd/" + std::to_string(file.get());
}

bool is_inside(const std::filesystem::path& real, const Folder::Roots& roots) {
  return std::any_of(roots.begin(), roots.end(), [&](const std::filesystem::path& root) {
    return std::mismatch(root.begin(), root.end(), real.begin(), real.end()).first == root.end();
  });
}

void check_inside(const Descriptor& file, const Folder::Roots& roots) {
  std::error_code error;
  const auto real = std::filesystem::read_symlink(link_of(file), error);
  if (error || !is_inside(real, roots)) throw Folder::Outside();
}

std::optional<std::string> read_some(const Descriptor& file, std::size_t limit) {
  constexpr std::size_t kAtOnce = 64 * 1024;
  std::string bytes;
  while (bytes.size() < limit) {
    const std::size_t before = bytes.size();
    bytes.resize(std::min(limit, before + kAtOnce));
    const ssize_t count = ::read(file.get(), bytes.data() + before, bytes.size() - before);
    if (count < 0 && errno != EINTR) return std::nullopt;
    bytes.resize(before + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    if (count == 0) break;
  }
  return bytes;
}

}  // namespace

std::optional<Folder> Folder::open(const std::filesystem::path& path, const Roots* roots) {
  // O_PATH: nothing is opened yet but the name's meaning.
  Descriptor folder(::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (folder) {
    if (roots) check_inside(folder, *roots);
    return Folder(folder.release(), roots);
  }
  std::error_code error;
  if (roots && (!is_inside(std::filesystem::weakly_canonical(path, error), *roots) || error)) throw Outside();
  return std::nullopt;
}

Folder::~Folder() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Folder::Folder(Folder&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), roots_(other.roots_) {}

std::optional<std::vector<std::string>> Folder::names() const {
  Descriptor readable(::openat(descriptor_, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  const std::unique_ptr<DIR, int (*)(DIR*)> stream(readable ? ::fdopendir(readable.get()) : nullptr,
                                                   &::closedir);
  if (!stream) return std::nullopt;
  readable.release();
  std::vector<std::string> names;
  struct stat status{};
  while (const dirent* entry = ::readdir(stream.get()))
    if (::fstatat(descriptor_, entry->d_name, &status, 0) == 0 && S_ISREG(status.st_mode))
      names.emplace_back(entry->d_name);
  std::sort(names.begin(), names.end());
  return names;
}

std::optional<std::string> Folder::read(const std::string& name, std::size_t limit) const {
  const Descriptor file(::openat(descriptor_, name.c_str(), O_PATH | O_CLOEXEC));
  struct stat status{};
  if (!file || ::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  if (roots_) check_inside(file, *roots_);
  // The very file that was looked at; only without /proc the name is asked again.
  Descriptor readable(::open(link_of(file).c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!readable && !roots_) {
    const Descriptor again(::openat(descriptor_, name.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    return again ? read_some(again, limit) : std::nullopt;
  }
  return readable ? read_some(readable, limit) : std::nullopt;
}

}  // namespace cvemu
