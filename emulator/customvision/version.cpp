#include "customvision/version.h"

#include <array>

#include "base/text.h"

namespace cvemu::customvision {

std::optional<ApiVersion> parse_version(std::string_view text) {
  static constexpr std::array<std::string_view, 5> kNames = {"v3.0", "v3.1", "v3.2", "v3.3", "v3.4-preview"};
  for (std::size_t i = 0; i < kNames.size(); ++i)
    if (iequals(text, kNames[i])) return static_cast<ApiVersion>(i);
  return std::nullopt;
}

}  // namespace cvemu::customvision
