-- Settings that belong to a whole account, one row per service ("blob", "queue"); XML as the service answers it.
CREATE TABLE service_properties (
  account TEXT NOT NULL,
  service TEXT NOT NULL,
  properties TEXT NOT NULL,
  PRIMARY KEY (account, service)
) STRICT, WITHOUT ROWID;

-- Where messages lie. A queue has one bucket at a time; Clear Messages and Delete Queue leave theirs behind, and
-- what lies in an abandoned bucket is swept away later.
CREATE TABLE buckets (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  abandoned INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX abandoned_buckets ON buckets (id) WHERE abandoned = 1;

CREATE TABLE queues (
  id INTEGER PRIMARY KEY,
  account TEXT NOT NULL,
  name TEXT NOT NULL,
  metadata TEXT NOT NULL,               -- lines of "name:value", names with their case
  acl TEXT NOT NULL DEFAULT '',         -- SignedIdentifiers XML; '' if there are none
  bucket INTEGER NOT NULL UNIQUE REFERENCES buckets (id),
  message_count INTEGER NOT NULL DEFAULT 0,
  next_expiry INTEGER NOT NULL,         -- no message of the bucket expires before this time
  UNIQUE (account, name)
) STRICT;

CREATE TABLE messages (
  seq INTEGER PRIMARY KEY,               -- order of arrival
  bucket INTEGER NOT NULL,
  salt INTEGER NOT NULL,                 -- random; the public id is made of it and seq
  visible_at INTEGER NOT NULL,
  inserted_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  dequeue_count INTEGER NOT NULL DEFAULT 0,
  receipt INTEGER NOT NULL,              -- the only valid pop receipt
  text BLOB NOT NULL                     -- UTF-8, byte for byte
) STRICT;
-- Both go on by seq of their own accord.
CREATE INDEX messages_by_turn ON messages (bucket, visible_at);
CREATE INDEX messages_by_expiry ON messages (bucket, expires_at);
