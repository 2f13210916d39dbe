-- What deleted projects hold is removed by a thread (runtime/housekeeping.h), which looks for them here.
CREATE INDEX deleted_projects ON projects (id) WHERE status = 'Deleted';
-- Before, jobs did that.
DELETE FROM jobs WHERE kind IN ('sweep_project', 'sweep_messages', 'tidy_blobs');
