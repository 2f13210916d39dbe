-- Finding the long contents, at every start and snapshot, must not read all the short ones.
CREATE INDEX contents_long ON contents (place) WHERE place IS NOT NULL;
