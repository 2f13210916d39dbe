#include "runtime/snapshots.h"

#include "base/text.h"
#include "runtime/clock_state.h"
#include "runtime/housekeeping.h"
#include "runtime/scheduler.h"
#include "store/key_values.h"

namespace cvemu {

namespace {

constexpr std::string_view kIdsMade = "ids_made";
// Belongs to this emulator and not to its state: links it has given out stay valid.
constexpr std::string_view kServiceKey = "service_account_key";

std::optional<std::string> setting(Database& database, std::string_view name) {
  Transaction tx(database);
  return key_values::find(tx, name);
}

}  // namespace

archive::Snapshot Snapshots::state() {
  {
    Transaction tx(environment_.database);
    clock_state::keep(tx, environment_.clock);
    key_values::set(tx, kIdsMade, std::to_string(environment_.ids.made()));
    tx.commit();
  }
  return archive::take(environment_.database);
}

std::string Snapshots::archive() {
  return archive::pack(environment_.database, state());
}

void Snapshots::replace(std::string_view archive) {
  replace_by([archive](Database& database) { archive::unpack(database, archive); });
}

void Snapshots::restore(const archive::Snapshot& state) {
  replace_by([&state](Database& database) { archive::restore(database, state); });
}

void Snapshots::replace_by(const std::function<void(Database&)>& restore) {
  const auto key = setting(environment_.database, kServiceKey);
  restore(environment_.database);
  std::optional<Clock::State> clock;
  {
    Transaction tx(environment_.database);
    if (key) key_values::set(tx, kServiceKey, *key);
    clock = clock_state::find(tx);
    if (seeded_)
      environment_.ids.go_on_at(
          static_cast<std::uint64_t>(parse_int(key_values::find(tx, kIdsMade).value_or("0")).value_or(0)));
    tx.commit();
  }
  if (clock) environment_.clock.continue_at(*clock);
  environment_.scheduler.clock_changed();
  environment_.housekeeping.wake();
}

Snapshots::Info Snapshots::take(std::string_view name) {
  const Kept kept{std::shared_ptr<const archive::Snapshot>(new archive::Snapshot(state())),
                  environment_.clock.now()};
  kept_.with([&](auto& all) { all.insert_or_assign(std::string(name), kept); });
  return info_of(std::string(name), kept);
}

bool Snapshots::restore(std::string_view name) {
  const auto state = kept_.with([&](auto& all) {
    const auto found = all.find(name);
    return found == all.end() ? nullptr : found->second.state;
  });
  if (state) restore(*state);
  return state != nullptr;
}

bool Snapshots::remove(std::string_view name) {
  return kept_.with([&](auto& all) {
    const auto found = all.find(name);
    if (found == all.end()) return false;
    all.erase(found);
    return true;
  });
}

std::optional<Snapshots::Info> Snapshots::find(std::string_view name) const {
  return kept_.with([&](const auto& all) -> std::optional<Info> {
    const auto found = all.find(name);
    if (found == all.end()) return std::nullopt;
    return info_of(found->first, found->second);
  });
}

std::vector<Snapshots::Info> Snapshots::list() const {
  return kept_.with([](const auto& all) {
    std::vector<Info> infos;
    for (const auto& [name, kept] : all) infos.push_back(info_of(name, kept));
    return infos;
  });
}

}  // namespace cvemu
