#include "blob/containers/markers.h"

#include "base/text.h"
#include "storage/errors.h"

namespace cvemu::blob {

namespace {

// Azure: theirs look alike.
constexpr std::string_view kVersion = "2!";

// The two halves of a marker, divided by a blank: neither a number nor a container's name has one.
std::string join(std::string_view first, std::string_view second) {
  return std::string(kVersion) + base64_encode(std::string(first) + ' ' + std::string(second));
}

std::pair<std::string, std::string> halves(std::string_view marker) {
  const std::string text =
      marker.starts_with(kVersion) ? base64_decode(marker.substr(kVersion.size())).value_or("") : "";
  const std::size_t blank = text.find(' ');
  if (blank == std::string::npos) throw storage_errors::invalid_marker(marker);
  return {text.substr(0, blank), text.substr(blank + 1)};
}

}  // namespace

std::string write_marker(const Position& position) {
  return join(std::to_string(position.snapshot), position.name);
}

Position read_marker(const Query& query) {
  const auto marker = query.find_nonempty("marker");
  if (!marker) return {};
  auto [number, name] = halves(*marker);
  const auto snapshot = parse_int(number);
  if (!snapshot) throw storage_errors::invalid_marker(*marker);
  return {std::move(name), *snapshot};
}

std::string write_tag_marker(const TagMarker& marker) {
  return join(marker.container, marker.name);
}

TagMarker read_tag_marker(const Query& query) {
  const auto marker = query.find_nonempty("marker");
  if (!marker) return {};
  auto [container, name] = halves(*marker);
  return {std::move(container), std::move(name)};
}

void write_tag_set(XmlWriter& xml, const Pairs& tags) {
  xml.open("Tags").open("TagSet");
  for (const auto& [key, value] : tags)
    xml.open("Tag").element("Key", key).element("Value", value).close("Tag");
  xml.close("TagSet").close("Tags");
}

}  // namespace cvemu::blob
