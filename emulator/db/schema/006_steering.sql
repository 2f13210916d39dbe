-- What tests said about operations to come (store/outcomes.h). An outcome is one line of text, Outcome::pack().
CREATE TABLE outcome_scripts (
  kind TEXT NOT NULL,                    -- training, export, import
  project TEXT NOT NULL,                 -- '': every project without a script of its own
  outcomes TEXT NOT NULL,                -- one a line
  after_last TEXT NOT NULL,              -- repeatLast, cycle, default
  used INTEGER NOT NULL DEFAULT 0,       -- outcomes given so far
  PRIMARY KEY (kind, project)
) STRICT, WITHOUT ROWID;

-- For the next operation alone, before any script.
CREATE TABLE outcome_overrides (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  project TEXT NOT NULL,                 -- '': any
  outcome TEXT NOT NULL
) STRICT;
