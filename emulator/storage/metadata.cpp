#include <algorithm>

#include "base/text.h"
#include "storage/errors.h"
#include "storage/limits.h"
#include "storage/metadata.h"
#include "storage/names.h"

namespace cvemu {

namespace {

constexpr std::string_view kPrefix = "x-ms-meta-";

auto find_name(Metadata& metadata, std::string_view name) {
  return std::find_if(metadata.begin(), metadata.end(),
                      [&](const auto& pair) { return iequals(pair.first, name); });
}

void check_size(const Metadata& metadata) {
  std::size_t size = 0;
  for (const auto& [name, value] : metadata) size += name.size() + value.size();
  if (size > storage_limits::kMetadata) throw storage_errors::metadata_too_large();
}

}  // namespace

Metadata read_metadata(const Headers& headers) {
  Metadata metadata;
  for (const auto& field : headers) {
    if (!istarts_with(field.name, kPrefix)) continue;
    const auto name = std::string_view(field.name).substr(kPrefix.size());
    if (name.empty()) throw storage_errors::empty_metadata_key();
    if (!is_identifier(name)) throw storage_errors::invalid_metadata();
    const auto known = find_name(metadata, name);
    if (known == metadata.end())
      metadata.emplace_back(name, field.value);
    else
      known->second += ',' + field.value;
  }
  check_size(metadata);
  return metadata;
}

void write_metadata(Headers& headers, const Metadata& metadata) {
  for (const auto& [name, value] : metadata) headers.add(std::string(kPrefix) + name, value);
}

bool same_metadata(const Metadata& a, const Metadata& b) {
  const auto is_in_b = [&](const auto& pair) {
    return std::any_of(b.begin(), b.end(), [&](const auto& other) {
      return iequals(pair.first, other.first) && pair.second == other.second;
    });
  };
  return a.size() == b.size() && std::all_of(a.begin(), a.end(), is_in_b);
}

}  // namespace cvemu
