// The $filter of GetImages and GetImageCount: conditions on image metadata.
// Azure: `metadata=` and then `key eq 'value'` and `key ne 'value'`, joined by `and` and `or` (interface;
// `and` binds closer). Emulator: the beginning may be missing, brackets are understood, a quote in a value is
// doubled, and an image without the key fits `ne`; none of this is on record.
#pragma once
#include <functional>
#include <string_view>

namespace cvemu::customvision {

// A test of an image's metadata (a JSON object, or empty). Pure. Throws errors::metadata_filter.
std::function<bool(std::string_view json)> parse_metadata_filter(std::string_view text);

}  // namespace cvemu::customvision
