#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <set>

#include "base/guarded.h"
#include "base/text.h"
#include "db/byte_store.h"
#include "db/database.h"

namespace cvemu {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kReadAtOnce = 256 * 1024;

[[noreturn]] void fail(const std::string& what) {
  throw DbError(what + ": " + std::strerror(errno), errno == ENOSPC || errno == EDQUOT || errno == EIO);
}

class Descriptor {
 public:
  Descriptor(const fs::path& file, int flags) : number_(::open(file.c_str(), flags | O_CLOEXEC, 0644)) {
    if (number_ < 0) fail("cannot open " + file.string());
  }
  ~Descriptor() { ::close(number_); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

class FileBytes : public StoredBytes {
 public:
  explicit FileBytes(const fs::path& file) : file_(file, O_RDONLY) {}

  std::string_view read(std::uint64_t offset, std::uint64_t limit, std::string& room) const override {
    room.resize(std::min<std::uint64_t>(limit, kReadAtOnce));
    ssize_t count;
    do {
      count = ::pread(file_.number(), room.data(), room.size(), static_cast<off_t>(offset));
    } while (count < 0 && errno == EINTR);
    if (count < 0) fail("cannot read stored bytes");
    if (count == 0) throw DbError("stored bytes are shorter than they were", false);
    return std::string_view(room).substr(0, static_cast<std::size_t>(count));
  }

 private:
  Descriptor file_;
};

// A file being written, removed unless it is kept.
class NewFile : public IncomingBytes {
 public:
  NewFile(fs::path file, ByteStore::Place place)
      : file_(std::move(file)), place_(place), to_(file_, O_WRONLY | O_CREAT | O_TRUNC) {}
  ~NewFile() override {
    std::error_code ignored;
    if (!kept_) fs::remove(file_, ignored);
  }

  void append(std::string_view piece) override {
    while (!piece.empty()) {
      const ssize_t count = ::write(to_.number(), piece.data(), piece.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) fail("cannot write stored bytes");
      piece.remove_prefix(static_cast<std::size_t>(count));
    }
  }

  ByteStore::Place keep() {
    kept_ = true;
    return place_;
  }

 private:
  const fs::path file_;
  const ByteStore::Place place_;
  bool kept_ = false;
  Descriptor to_;
};

// Files named by their places. What is on its way has a number above all that are kept when it begins.
class Folder : public ByteStore {
 public:
  explicit Folder(fs::path folder) : folder_(std::move(folder)) {
    std::set<Place> kept;
    std::error_code missing;
    for (const auto& entry : fs::directory_iterator(folder_, missing))
      if (const auto place = parse_int(entry.path().filename().string())) kept.insert(*place);
    if (!kept.empty()) last_.with([&](Place& last) { last = *kept.rbegin(); });
    kept_.with([&](auto& all) { all = std::move(kept); });
  }

  std::unique_ptr<IncomingBytes> begin() override {
    const Place place = last_.with([](Place& last) { return ++last; });
    std::error_code failed;
    fs::create_directories(folder_, failed);
    return std::make_unique<NewFile>(file_of(place), place);
  }

  Place keep(std::unique_ptr<IncomingBytes> bytes) override {
    const Place place = static_cast<NewFile&>(*bytes).keep();
    kept_.with([&](auto& all) { all.insert(place); });
    return place;
  }

  std::shared_ptr<const StoredBytes> find(Place place) const override {
    return std::make_shared<FileBytes>(file_of(place));
  }

  std::vector<Place> places() const override {
    return kept_.with([](const auto& all) { return std::vector<Place>(all.begin(), all.end()); });
  }

 private:
  void erase(Place place) override {
    kept_.with([&](auto& all) { return all.erase(place); });
    std::error_code ignored;
    fs::remove(file_of(place), ignored);
  }

  fs::path file_of(Place place) const { return folder_ / std::to_string(place); }

  const fs::path folder_;
  Guarded<Place> last_{0};
  Guarded<std::set<Place>> kept_;
};

}  // namespace

std::unique_ptr<ByteStore> open_folder(const fs::path& folder) {
  return std::make_unique<Folder>(folder);
}

}  // namespace cvemu
