#include "customvision/wire/version.h"

#include "base/text.h"

namespace cvemu::customvision {

std::optional<ApiVersion> parse_version(std::string_view text) {
  for (std::size_t i = 0; i < kTrainingVersions.size(); ++i)
    if (iequals(text, kTrainingVersions[i])) return static_cast<ApiVersion>(i);
  return std::nullopt;
}

}  // namespace cvemu::customvision
