// API versions in the order they appeared; compared with < and >=.
#pragma once
#include <array>
#include <optional>
#include <string_view>

namespace cvemu::customvision {

enum class ApiVersion { V3_0, V3_1, V3_2, V3_3, V3_4 };

inline constexpr std::array<std::string_view, 5> kTrainingVersions = {"v3.0", "v3.1", "v3.2", "v3.3",
                                                                      "v3.4-preview"};
inline constexpr std::array<std::string_view, 2> kPredictionVersions = {"v3.0", "v3.1"};

// "v3.0" ... "v3.3", "v3.4-preview"; without regard to case.
std::optional<ApiVersion> parse_version(std::string_view text);

}  // namespace cvemu::customvision
