// Conditional headers, as pure functions. Azure: "Specifying conditional headers for Blob service
// operations"; the tables of the tests in conditions_test.cpp.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "http/message.h"

namespace cvemu {

struct Conditions {
  std::optional<std::string> if_match, if_none_match;  // as sent
  std::optional<Instant> if_modified_since, if_unmodified_since;
  std::string if_tags;  // the expression of x-ms-if-tags, empty if absent

  bool empty() const;
  // Containers: only the dates count.
  Conditions dates_only() const;
};

// If-Match and so on; with "x-ms-source-" the conditions on the source of a copy ("x-ms-source-if-match",
// ...), with "x-ms-blob-" those of tags on their blob. Throws InvalidHeaderValue for a date that is not RFC
// 1123.
Conditions read_conditions(const Headers&, std::string_view prefix = {});

// What the conditions are held against. Not there: a null pointer. An uncommitted blob is not there.
struct Conditional {
  std::string_view etag;   // with or without quotes
  Instant last_modified;   // compared in whole seconds
  bool tags_match = true;  // what the expression of if_tags came to
};

// Reads: If-Match and If-Unmodified-Since must hold (412), and one of If-None-Match and If-Modified-Since
// (304 with ETag and Last-Modified). If-None-Match: * is 400 UnsatisfiableCondition. Does nothing more for a
// missing blob: the caller answers 404.
void check_read(const Conditions&, const Conditional* existing);

enum class WriteKind {
  Create,  // Put Blob, Put Block List, copies: If-None-Match: * on an existing blob is 409 BlobAlreadyExists
  Change,  // every other write: 412
};
// Writes: as reads, but always 412; 400 MultipleConditionHeadersNotSupported for lists of ETags and for pairs
// other than If-None-Match + If-Modified-Since and If-Match + If-Unmodified-Since.
void check_write(const Conditions&, const Conditional* existing, WriteKind);

// The source of a copy: 412 SourceConditionNotMet. Azure: documentation of Copy Blob. (Azurite answers 304.)
void check_source(const Conditions&, const Conditional& source);

}  // namespace cvemu
