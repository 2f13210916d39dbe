-- Settings that belong to a whole account, one row per service ("blob", "queue"); XML as the client sent it.
CREATE TABLE service_properties (
  account TEXT NOT NULL,
  service TEXT NOT NULL,
  properties TEXT NOT NULL,
  PRIMARY KEY (account, service)
) STRICT, WITHOUT ROWID;

CREATE TABLE queues (
  id INTEGER PRIMARY KEY,
  account TEXT NOT NULL,
  name TEXT NOT NULL,
  metadata TEXT NOT NULL,               -- JSON object, names with their case
  acl TEXT NOT NULL DEFAULT '',         -- SignedIdentifiers XML
  bucket INTEGER NOT NULL,              -- where its messages lie; Clear Messages takes a new one
  message_count INTEGER NOT NULL DEFAULT 0,
  next_expiry INTEGER NOT NULL,         -- no message expires before this time
  UNIQUE (account, name)
) STRICT;

CREATE TABLE messages (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, -- order of arrival; the public id is made of it
  bucket INTEGER NOT NULL,
  visible_at INTEGER NOT NULL,
  inserted_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  dequeue_count INTEGER NOT NULL DEFAULT 0,
  receipt INTEGER NOT NULL,              -- the only valid pop receipt
  text BLOB NOT NULL                     -- UTF-8, byte for byte
) STRICT;
CREATE INDEX messages_by_turn ON messages (bucket, visible_at, seq);
