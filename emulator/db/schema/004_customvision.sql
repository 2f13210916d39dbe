-- Custom Vision. Ids are text with dashes; nested JSON shapes that are Azure's own are one JSON column.
CREATE TABLE projects (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  domain TEXT NOT NULL,
  classification_type TEXT,              -- Multiclass, Multilabel; NULL for object detection
  export_platforms TEXT NOT NULL,        -- joined by commas
  detection_parameters TEXT,
  augmentation TEXT NOT NULL,            -- JSON object of booleans, as it is sent
  export_container_uri TEXT,
  notification_queue_uri TEXT,
  created INTEGER NOT NULL,
  modified INTEGER NOT NULL,
  status TEXT NOT NULL,                  -- Succeeded, Importing, Failed; Deleted: only what it held is still there
  iteration_counter INTEGER NOT NULL,    -- the number of the iteration in the making
  workspace_opened INTEGER NOT NULL,     -- becomes `created` of the next iteration
  changed INTEGER NOT NULL,              -- 1: something to learn since the last training
  thumbnail TEXT                         -- the image whose thumbnail stands for the project
) STRICT, WITHOUT ROWID;
CREATE INDEX projects_by_created ON projects (created);

-- Images with their tags and regions: one workspace is the project's own and bears its id, the others are what
-- the iterations were trained on and bear theirs. The three counts follow every change.
CREATE TABLE workspaces (
  id TEXT PRIMARY KEY,
  project TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  image_count INTEGER NOT NULL DEFAULT 0,
  tagged_count INTEGER NOT NULL DEFAULT 0,
  region_count INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX workspaces_by_project ON workspaces (project);

CREATE TABLE tags (
  workspace TEXT NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  description TEXT,
  type TEXT NOT NULL,                    -- Regular, Negative, GeneralProduct
  image_count INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (workspace, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX tags_by_name ON tags (workspace, name);

-- What an image is by itself. It lives as long as a workspace holds it.
CREATE TABLE images (
  id TEXT PRIMARY KEY,
  project TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  created INTEGER NOT NULL,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  digest TEXT NOT NULL,                  -- SHA-256 of the file, hex: finds the same image again
  metadata TEXT NOT NULL                 -- JSON object, or empty
) STRICT, WITHOUT ROWID;
CREATE INDEX images_by_digest ON images (project, digest);

CREATE TABLE workspace_images (
  workspace TEXT NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  image TEXT NOT NULL REFERENCES images (id) ON DELETE CASCADE,
  created INTEGER NOT NULL,              -- the image's
  sort_key TEXT NOT NULL,                -- the image's id in the order of uniqueidentifiers
  tag_count INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (workspace, image)
) STRICT, WITHOUT ROWID;
CREATE INDEX workspace_images_by_image ON workspace_images (image);
CREATE INDEX workspace_images_by_created ON workspace_images (workspace, created DESC, sort_key);
CREATE INDEX workspace_images_by_tagged ON workspace_images (workspace, (tag_count > 0), created DESC, sort_key);

CREATE TABLE image_tags (
  workspace TEXT NOT NULL,
  image TEXT NOT NULL,
  tag TEXT NOT NULL,
  created INTEGER NOT NULL,
  PRIMARY KEY (workspace, image, tag),
  FOREIGN KEY (workspace, image) REFERENCES workspace_images (workspace, image) ON DELETE CASCADE,
  FOREIGN KEY (workspace, tag) REFERENCES tags (workspace, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX image_tags_by_tag ON image_tags (workspace, tag, image);

CREATE TABLE regions (
  workspace TEXT NOT NULL,
  id TEXT NOT NULL,
  image TEXT NOT NULL,
  tag TEXT NOT NULL,
  created INTEGER NOT NULL,
  box_left REAL NOT NULL,
  box_top REAL NOT NULL,
  box_width REAL NOT NULL,
  box_height REAL NOT NULL,
  PRIMARY KEY (workspace, image, id),    -- an image's regions lie together
  FOREIGN KEY (workspace, image) REFERENCES workspace_images (workspace, image) ON DELETE CASCADE,
  FOREIGN KEY (workspace, tag) REFERENCES tags (workspace, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX regions_by_id ON regions (workspace, id);
CREATE INDEX regions_by_tag ON regions (workspace, tag, image);

CREATE TABLE iterations (
  id TEXT PRIMARY KEY,
  project TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  status TEXT NOT NULL,                  -- Training, Completed, Failed
  created INTEGER NOT NULL,
  modified INTEGER NOT NULL,
  started INTEGER NOT NULL,
  trained INTEGER,
  domain TEXT NOT NULL,
  classification_type TEXT,
  training_type TEXT NOT NULL,
  reserved_budget_hours INTEGER NOT NULL,
  training_minutes INTEGER NOT NULL,
  publish_name TEXT,
  publish_resource TEXT,
  base_model TEXT NOT NULL,              -- JSON {projectId, iterationId}, or empty
  error_details TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX iterations_by_created ON iterations (project, started);

CREATE TABLE exports (
  iteration TEXT NOT NULL REFERENCES iterations (id) ON DELETE CASCADE,
  platform TEXT NOT NULL,
  flavor TEXT NOT NULL,                  -- '' if none was asked for
  status TEXT NOT NULL,                  -- Exporting, Done, Failed
  requested INTEGER NOT NULL,
  PRIMARY KEY (iteration, platform, flavor)
) STRICT, WITHOUT ROWID;

-- What the service was asked to predict and to keep. The pictures are blobs beside it.
CREATE TABLE predictions (
  id TEXT PRIMARY KEY,
  project TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  iteration TEXT NOT NULL,
  created INTEGER NOT NULL,
  application TEXT NOT NULL,             -- as the caller named itself, or empty
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  predictions TEXT NOT NULL,             -- JSON array, as it was answered by the newest version
  uncertainty REAL NOT NULL              -- 0 certain, 1 no idea
) STRICT, WITHOUT ROWID;
CREATE INDEX predictions_by_created ON predictions (project, created, id);
CREATE INDEX predictions_by_uncertainty ON predictions (project, uncertainty, id);
