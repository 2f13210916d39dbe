// Names and values on images.
#pragma once
#include "customvision/wire/wire.h"

namespace cvemu::customvision {

// Throws metadata_key or metadata_value for a pair that is too long for the version; the number of pairs is a
// matter of each image. Pure.
void require_legal(const wire::Metadata& metadata, ApiVersion version);
bool has_too_many_pairs(const wire::Metadata& metadata, ApiVersion version);

}  // namespace cvemu::customvision
