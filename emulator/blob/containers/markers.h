// Markers: where the next page of a listing begins. Opaque to clients, stable while rows come and go: they
// name the first entry that may be answered.
#pragma once
#include <cstdint>
#include <string>

#include "base/url.h"
#include "storage/xml.h"
#include "store/string_map.h"

namespace cvemu::blob {

struct Position {
  std::string name;
  std::int64_t snapshot = 0;  // or the id of a container
};
std::string write_marker(const Position&);
// ?marker=; the very beginning if it is absent or empty. Throws ApiError for one that we did not write.
Position read_marker(const Query&);

struct TagMarker {
  std::string container, name;
};
std::string write_tag_marker(const TagMarker&);
TagMarker read_tag_marker(const Query&);

// <Tags><TagSet>...: in listings of both kinds.
void write_tag_set(XmlWriter&, const Pairs&);

}  // namespace cvemu::blob
