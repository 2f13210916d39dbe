-- Everything that happens later (runtime/scheduler.h). Times are microseconds since 1970.
CREATE TABLE jobs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  due INTEGER NOT NULL,
  kind TEXT NOT NULL,
  payload TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  last_error TEXT NOT NULL DEFAULT '',
  held INTEGER NOT NULL DEFAULT 0,       -- 1: does not run, whatever the time
  outcome TEXT NOT NULL DEFAULT ''       -- how it is to end, if someone said so: Outcome::pack()
) STRICT;
CREATE INDEX jobs_by_due ON jobs (due, id) WHERE held = 0;

-- What must be the same after a restart: clock offset, secrets, counters.
CREATE TABLE settings (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
