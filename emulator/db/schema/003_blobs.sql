-- Immutable bytes, shared by everything that refers to them. Small ones lie in the row, the rest in chunks.
CREATE TABLE contents (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  refs INTEGER NOT NULL,
  length INTEGER NOT NULL,
  data BLOB NOT NULL                    -- the first chunk
) STRICT;

CREATE TABLE chunks (
  content INTEGER NOT NULL,
  n INTEGER NOT NULL,                   -- from 1
  data BLOB NOT NULL,
  PRIMARY KEY (content, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE containers (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account TEXT NOT NULL,
  name TEXT NOT NULL,
  etag INTEGER NOT NULL,
  modified INTEGER NOT NULL,
  metadata TEXT NOT NULL,
  public_access TEXT NOT NULL DEFAULT '', -- '', 'blob' or 'container'
  acl TEXT NOT NULL DEFAULT '',
  UNIQUE (account, name)
) STRICT;

CREATE TABLE blobs (
  container INTEGER NOT NULL REFERENCES containers (id),
  name TEXT NOT NULL,
  snapshot TEXT NOT NULL DEFAULT '',
  kind TEXT NOT NULL,                   -- BlockBlob, AppendBlob, PageBlob
  etag INTEGER NOT NULL,
  created INTEGER NOT NULL,
  modified INTEGER NOT NULL,
  length INTEGER NOT NULL,
  content INTEGER,
  content_type TEXT NOT NULL,
  properties TEXT NOT NULL,             -- JSON: the rarer headers, tier, copy state
  metadata TEXT NOT NULL,
  content_md5 TEXT NOT NULL DEFAULT '', -- base64
  PRIMARY KEY (container, name, snapshot)
) STRICT, WITHOUT ROWID;
