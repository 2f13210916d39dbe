-- What was learned: from the pictures, by trainings, and for suggestions.

-- What a model sees of an image, as learning/model_bytes.h writes it. Can be computed again from the file.
CREATE TABLE features (
  image TEXT NOT NULL REFERENCES images (id) ON DELETE CASCADE,
  kind TEXT NOT NULL,                    -- which kind of model looked (customvision/image_features.h)
  data BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX features_by_image ON features (image, kind);

CREATE TABLE models (
  iteration TEXT NOT NULL REFERENCES iterations (id) ON DELETE CASCADE,
  folds INTEGER NOT NULL,                -- of the cross-validation
  data BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX models_by_iteration ON models (iteration);

-- What was predicted for each training image by a model that had not seen it.
CREATE TABLE held_out (
  iteration TEXT NOT NULL REFERENCES iterations (id) ON DELETE CASCADE,
  image TEXT NOT NULL REFERENCES images (id) ON DELETE CASCADE,
  fold INTEGER NOT NULL,
  data BLOB NOT NULL,
  PRIMARY KEY (iteration, image)
) STRICT, WITHOUT ROWID;
CREATE INDEX held_out_by_image ON held_out (image);

-- What an iteration suggested for images that were asked about.
CREATE TABLE suggestions (
  iteration TEXT NOT NULL REFERENCES iterations (id) ON DELETE CASCADE,
  image TEXT NOT NULL REFERENCES images (id) ON DELETE CASCADE,
  created INTEGER NOT NULL,
  predictions TEXT NOT NULL,             -- JSON array, as it was answered by the newest version
  uncertainty REAL NOT NULL,
  PRIMARY KEY (iteration, image)
) STRICT, WITHOUT ROWID;
CREATE INDEX suggestions_by_image ON suggestions (image);

-- Answers set by a test instead of a model's.
CREATE TABLE prediction_rules (
  id INTEGER PRIMARY KEY,
  project TEXT,                          -- NULL: any
  digest TEXT,                           -- SHA-256 of the image's file, hex; NULL: any
  predictions TEXT NOT NULL              -- JSON array of {tagName, probability, boundingBox}
) STRICT;
