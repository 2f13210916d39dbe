#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <map>
#include <optional>

#include "base/guarded.h"
#include "base/ids.h"
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
  FileBytes(const fs::path& file, std::uint64_t length) : file_(file, O_RDONLY) {
    struct stat status{};
    if (::fstat(file_.number(), &status) != 0) fail("cannot read " + file.string());
    if (static_cast<std::uint64_t>(status.st_size) != length)
      throw DbError(file.string() + " has " + std::to_string(status.st_size) + " bytes instead of " +
                        std::to_string(length),
                    false);
  }

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
      : file_(std::move(file)), place_(place), to_(file_, O_WRONLY | O_CREAT | O_EXCL) {}
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
      length_ += static_cast<std::uint64_t>(count);
    }
  }

  ByteStore::Kept keep() {
    kept_ = true;
    return {place_, length_};
  }

 private:
  const fs::path file_;
  const ByteStore::Place place_;
  std::uint64_t length_ = 0;
  bool kept_ = false;
  Descriptor to_;
};

// Names of files are places without leading zeros. Far above all that are ever given, so that the next fits.
constexpr ByteStore::Place kHighest = ByteStore::Place{1} << 62;

std::optional<ByteStore::Place> place_named(std::string_view name) {
  const auto place = parse_int(name);
  if (!place || *place <= 0 || *place > kHighest || std::to_string(*place) != name) return std::nullopt;
  return *place;
}

class Listing {
 public:
  // A folder that is not there is empty; one that cannot be read is an error: its files are not lost.
  explicit Listing(const fs::path& folder) : folder_(folder), listing_(::opendir(folder.c_str())) {
    if (!listing_ && errno != ENOENT) fail("cannot read " + folder_.string());
  }
  ~Listing() {
    if (listing_) ::closedir(listing_);
  }
  Listing(const Listing&) = delete;
  Listing& operator=(const Listing&) = delete;

  // The next file that is named as a place.
  std::optional<ByteStore::Kept> next() {
    while (const char* name = next_name()) {
      const auto place = place_named(name);
      if (!place) continue;
      if (const auto length = length_of(name)) return ByteStore::Kept{*place, *length};
    }
    return std::nullopt;
  }

 private:
  const char* next_name() {
    if (!listing_) return nullptr;
    errno = 0;
    const dirent* const entry = ::readdir(listing_);
    if (!entry && errno != 0) fail("cannot read " + folder_.string());
    return entry ? entry->d_name : nullptr;
  }

  std::optional<std::uint64_t> length_of(const char* name) const {
    struct stat status{};
    if (::fstatat(::dirfd(listing_), name, &status, 0) == 0)
      return S_ISREG(status.st_mode) ? std::optional(static_cast<std::uint64_t>(status.st_size))
                                     : std::nullopt;
    if (errno != ENOENT) fail("cannot read " + (folder_ / name).string());
    return std::nullopt;
  }

  const fs::path folder_;
  DIR* const listing_;
};

// Makes places that never come back. Each is above all that lie in the folder and above the real time in
// microseconds, by a step that is drawn at random. So a place that a lost row, a lost file or an older copy
// of the database knows is not given again, even if the files are gone and the clock of the machine was set
// back.
class Places {
 public:
  void begin_above(ByteStore::Place place) { last_ = std::max(last_, place); }

  ByteStore::Place next() {
    constexpr std::uint64_t kSteps = 1
                                     << 20;  // a second in microseconds: stays near the clock, lasts for ever
    const auto now = std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::system_clock::now().time_since_epoch());
    last_ = std::max<ByteStore::Place>(last_, now.count()) + 1 +
            static_cast<ByteStore::Place>(random_.number() % kSteps);
    return last_;
  }

 private:
  ByteStore::Place last_ = 0;
  IdSource random_;
};

class Folder : public ByteStore {
 public:
  explicit Folder(fs::path folder) : folder_(std::move(folder)) {
    Listing files(folder_);
    kept_.with([&](auto& all) {
      while (const auto file = files.next()) all.emplace(file->place, file->length);
      if (!all.empty()) places_.with([&](Places& places) { places.begin_above(all.rbegin()->first); });
    });
  }

  std::unique_ptr<IncomingBytes> begin() override {
    const Place place = places_.with([](Places& places) { return places.next(); });
    std::error_code failed;
    fs::create_directories(folder_, failed);
    return std::make_unique<NewFile>(file_of(place), place);
  }

  Place keep(std::unique_ptr<IncomingBytes> bytes) override {
    const Kept kept = static_cast<NewFile&>(*bytes).keep();
    kept_.with([&](auto& all) { all.emplace(kept.place, kept.length); });
    return kept.place;
  }

  std::shared_ptr<const StoredBytes> find(Place place, std::uint64_t length) const override {
    return std::make_shared<FileBytes>(file_of(place), length);
  }

  std::vector<Kept> kept() const override {
    return kept_.with([](const auto& all) {
      std::vector<Kept> found;
      found.reserve(all.size());
      for (const auto& [place, length] : all) found.push_back({place, length});
      return found;
    });
  }

 private:
  void erase(Place place) override {
    kept_.with([&](auto& all) { return all.erase(place); });
    std::error_code ignored;
    fs::remove(file_of(place), ignored);
  }

  fs::path file_of(Place place) const { return folder_ / std::to_string(place); }

  const fs::path folder_;
  Guarded<Places> places_;
  Guarded<std::map<Place, std::uint64_t>> kept_;
};

}  // namespace

std::unique_ptr<ByteStore> open_folder(const fs::path& folder) {
  return std::make_unique<Folder>(folder);
}

}  // namespace cvemu
