-- One counter for everything that must never repeat: content ids, container ids, etags.
CREATE TABLE numbers (last INTEGER NOT NULL) STRICT;
INSERT INTO numbers VALUES (0);

-- Immutable bytes, shared by everything that refers to them (store/contents.h). Garbage: no refs.
CREATE TABLE contents (
  id INTEGER PRIMARY KEY,
  refs INTEGER NOT NULL,                -- rows that point here
  length INTEGER NOT NULL,
  data BLOB,                            -- short ones
  place INTEGER                         -- long ones: beside the database (db/byte_store.h)
) STRICT;                               -- neither: a list, its bytes are those of its parts
CREATE INDEX contents_garbage ON contents (id) WHERE refs = 0;

-- The long ones in an image, which carries all bytes with it (store/archive.h); empty in a database in use.
CREATE TABLE chunks (
  content INTEGER NOT NULL,
  n INTEGER NOT NULL,                   -- in order
  data BLOB NOT NULL,
  PRIMARY KEY (content, n)
) STRICT, WITHOUT ROWID;

-- What a list is made of, in the order of `start`; what no part covers is zeros. A part is never a list itself.
CREATE TABLE parts (
  content INTEGER NOT NULL,
  start INTEGER NOT NULL,
  length INTEGER NOT NULL,
  part INTEGER NOT NULL,
  skip INTEGER NOT NULL,                -- bytes of the part before the first one used
  block TEXT NOT NULL DEFAULT '',       -- the block id, in a block blob
  PRIMARY KEY (content, start)
) STRICT, WITHOUT ROWID;

CREATE TABLE containers (
  id INTEGER PRIMARY KEY,
  account TEXT NOT NULL,
  name TEXT NOT NULL,
  etag INTEGER NOT NULL,
  modified INTEGER NOT NULL,
  metadata TEXT NOT NULL,               -- lines of name TAB value
  public_access TEXT NOT NULL,          -- '', 'blob' or 'container'
  acl TEXT NOT NULL,                    -- SignedIdentifiers XML
  lease TEXT NOT NULL,                  -- store/leases.h
  deleted INTEGER,
  ends INTEGER                          -- when a deleted one is gone for good
) STRICT;
CREATE UNIQUE INDEX containers_by_name ON containers (account, name) WHERE deleted IS NULL;
CREATE INDEX containers_deleted ON containers (account, name, id) WHERE deleted IS NOT NULL;
CREATE INDEX containers_ending ON containers (ends) WHERE ends IS NOT NULL;

CREATE TABLE blobs (
  container INTEGER NOT NULL,
  name TEXT NOT NULL,
  snapshot INTEGER NOT NULL,            -- ticks of 100 ns since 1970; the greatest integer for the blob itself
  state INTEGER NOT NULL,               -- BlobState
  kind INTEGER NOT NULL,                -- BlobKind
  etag INTEGER NOT NULL,
  created INTEGER NOT NULL,
  modified INTEGER NOT NULL,
  length INTEGER NOT NULL,
  content INTEGER NOT NULL,             -- 0: none, all zeros
  content_type TEXT NOT NULL,
  content_md5 TEXT NOT NULL,            -- base64, or ''
  metadata TEXT NOT NULL,               -- lines of name TAB value
  tags TEXT NOT NULL,                   -- likewise
  lease TEXT NOT NULL,                  -- store/leases.h
  properties TEXT NOT NULL,             -- what few blobs have: store/blobs.h, BlobProperties
  ends INTEGER,                         -- when it is gone for good: its expiry, or the end of its retention
  PRIMARY KEY (container, name, snapshot)
) STRICT, WITHOUT ROWID;
CREATE INDEX blobs_tagged ON blobs (container, name) WHERE tags <> '' AND state = 0;
CREATE INDEX blobs_ending ON blobs (ends) WHERE ends IS NOT NULL;

-- Blocks that were put and not yet committed.
CREATE TABLE blocks (
  container INTEGER NOT NULL,
  name TEXT NOT NULL,
  id TEXT NOT NULL,                     -- as sent, after percent-decoding
  length INTEGER NOT NULL,
  content INTEGER NOT NULL,
  PRIMARY KEY (container, name, id)
) STRICT, WITHOUT ROWID;
