#include "store/outcomes.h"

#include "base/enum_text.h"
#include "base/text.h"
#include "base/url.h"

namespace cvemu {

namespace {

void append(std::string& packed, std::string_view name, std::string_view value) {
  if (!packed.empty()) packed += '&';
  packed.append(name).append(1, '=').append(percent_encode(value));
}

std::string owner(const std::optional<Uuid>& project) {
  return project ? project->text() : std::string();
}

}  // namespace

std::string Outcome::pack() const {
  std::string packed;
  if (fails) append(packed, "fails", "1");
  if (details) append(packed, "details", *details);
  if (takes) append(packed, "takes", std::to_string(takes->count()));
  if (hold) append(packed, "hold", "1");
  if (notifies_early) append(packed, "early", "1");
  if (notification_gap.count() != 0) append(packed, "gap", std::to_string(notification_gap.count()));
  return packed;
}

Outcome Outcome::unpack(std::string_view packed) {
  const Query fields = Query::parse(packed);
  const auto micros = [&](std::string_view name) {
    return Duration(parse_int(fields.find(name).value_or("0")).value_or(0));
  };
  Outcome outcome;
  outcome.fails = fields.has("fails");
  outcome.details = fields.find("details");
  if (fields.has("takes")) outcome.takes = micros("takes");
  outcome.hold = fields.has("hold");
  outcome.notifies_early = fields.has("early");
  outcome.notification_gap = micros("gap");
  return outcome;
}

namespace outcomes {

namespace {

std::string pack_all(const std::vector<Outcome>& sequence) {
  std::vector<std::string> lines;
  for (const Outcome& outcome : sequence) lines.push_back(outcome.pack());
  return join(lines, "\n");
}

std::vector<Outcome> unpack_all(std::string_view packed) {
  std::vector<Outcome> sequence;
  for (const std::string_view line : split(packed, '\n')) sequence.push_back(Outcome::unpack(line));
  return sequence;
}

Script read(const Statement& row) {
  return {stored<OperationKind>(row.view(0)), Uuid::parse(row.view(1)), unpack_all(row.view(2)),
          stored<AfterLast>(row.view(3)), row.integer(4)};
}

std::optional<Outcome> take_override(Transaction& tx, OperationKind kind, const Uuid& project) {
  std::int64_t id = 0;
  Outcome outcome;
  {
    Statement find = tx.prepare(
        "SELECT id, outcome FROM outcome_overrides WHERE kind = ? AND project IN (?, '') ORDER BY id LIMIT "
        "1");
    find.bind(to_text(kind), project);
    if (!find.step()) return std::nullopt;
    id = find.integer(0);
    outcome = Outcome::unpack(find.view(1));
  }
  withdraw(tx, id);
  return outcome;
}

Outcome outcome_at(const Script& script, std::int64_t use) {
  const auto count = static_cast<std::int64_t>(script.sequence.size());
  if (use < count) return script.sequence[static_cast<std::size_t>(use)];
  if (script.after == AfterLast::RepeatLast) return script.sequence.back();
  if (script.after == AfterLast::Cycle) return script.sequence[static_cast<std::size_t>(use % count)];
  return {};
}

}  // namespace

void set_script(Transaction& tx, const Script& script) {
  tx.run(
      "INSERT OR REPLACE INTO outcome_scripts (kind, project, outcomes, after_last, used) VALUES (?, ?, ?, "
      "?, ?)",
      to_text(script.kind), owner(script.project), pack_all(script.sequence), to_text(script.after),
      script.used);
}

std::optional<Script> find_script(Transaction& tx, OperationKind kind, const std::optional<Uuid>& project) {
  Statement find = tx.prepare(
      "SELECT kind, project, outcomes, after_last, used FROM outcome_scripts WHERE kind = ? AND project = ?");
  const std::string text = owner(project);
  find.bind(to_text(kind), text);
  if (!find.step()) return std::nullopt;
  return read(find);
}

std::vector<Script> scripts(Transaction& tx) {
  Statement find = tx.prepare(
      "SELECT kind, project, outcomes, after_last, used FROM outcome_scripts ORDER BY kind, project");
  std::vector<Script> all;
  while (find.step()) all.push_back(read(find));
  return all;
}

bool remove_script(Transaction& tx, OperationKind kind, const std::optional<Uuid>& project) {
  return tx.run("DELETE FROM outcome_scripts WHERE kind = ? AND project = ?", to_text(kind), owner(project)) >
         0;
}

std::int64_t override_next(Transaction& tx, OperationKind kind, const std::optional<Uuid>& project,
                           const Outcome& outcome) {
  tx.run("INSERT INTO outcome_overrides (kind, project, outcome) VALUES (?, ?, ?)", to_text(kind),
         owner(project), outcome.pack());
  return tx.last_row_id();
}

bool withdraw(Transaction& tx, std::int64_t token) {
  return tx.run("DELETE FROM outcome_overrides WHERE id = ?", token) > 0;
}

Outcome next(Transaction& tx, OperationKind kind, const Uuid& project) {
  if (auto outcome = take_override(tx, kind, project)) return *std::move(outcome);
  auto script = find_script(tx, kind, project);
  if (!script) script = find_script(tx, kind, std::nullopt);
  if (!script || script->sequence.empty()) return {};
  Outcome outcome = outcome_at(*script, script->used);
  ++script->used;
  set_script(tx, *script);
  return outcome;
}

void clear(Transaction& tx) {
  tx.run("DELETE FROM outcome_scripts");
  tx.run("DELETE FROM outcome_overrides");
}

}  // namespace outcomes
}  // namespace cvemu
