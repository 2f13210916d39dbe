// Points in time to come back to: everything in the database, pending work, the clock, and which id comes
// next. They live as long as the emulator; archives (store/archive.h) live longer.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/guarded.h"
#include "runtime/environment.h"
#include "store/archive.h"

namespace cvemu {

// Any thread, with no Transaction open. Images may throw DbError.
class Snapshots {
 public:
  struct Info {
    std::string name;
    std::size_t bytes = 0;
    Instant taken;  // the emulator's time
  };

  explicit Snapshots(Environment environment, bool seeded) : environment_(environment), seeded_(seeded) {}

  Info take(std::string_view name);     // replaces one of the same name
  bool restore(std::string_view name);  // false if there is none
  bool remove(std::string_view name);
  std::optional<Info> find(std::string_view name) const;
  std::vector<Info> list() const;  // by name

  // The state without a name, and back.
  archive::Snapshot state();
  void restore(const archive::Snapshot& state);
  // The state as one text of bytes, and back. What replace() refuses (DbError) changes nothing.
  std::string archive();
  void replace(std::string_view archive);

 private:
  struct Kept {
    std::shared_ptr<const archive::Snapshot> state;
    Instant taken;
  };
  static Info info_of(const std::string& name, const Kept& kept) {
    return {name, kept.state->bytes, kept.taken};
  }
  void replace_by(const std::function<void(Database&)>& restore);

  Environment environment_;
  const bool seeded_;  // ids go on as they did, not as they come
  Guarded<std::map<std::string, Kept, std::less<>>> kept_;
};

}  // namespace cvemu
