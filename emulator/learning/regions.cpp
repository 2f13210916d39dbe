#include "learning/regions.h"

#include <algorithm>

namespace cvemu::learning {

float overlap(const Region& a, const Region& b) {
  const float width = std::min(a.left + a.width, b.left + b.width) - std::max(a.left, b.left);
  const float height = std::min(a.top + a.height, b.top + b.height) - std::max(a.top, b.top);
  if (width <= 0 || height <= 0) return 0;
  const float common = width * height;
  return common / (a.width * a.height + b.width * b.height - common);
}

Region clipped(const Region& region) {
  const float left = std::clamp(region.left, 0.0F, 1.0F), top = std::clamp(region.top, 0.0F, 1.0F);
  const float right = std::clamp(region.left + region.width, 0.0F, 1.0F);
  const float bottom = std::clamp(region.top + region.height, 0.0F, 1.0F);
  return {region.label, left, top, right - left, bottom - top};
}

std::vector<Detection> non_max_suppression(std::vector<Detection> detections, float limit, std::size_t most) {
  std::stable_sort(detections.begin(), detections.end(),
                   [](const Detection& a, const Detection& b) { return a.probability > b.probability; });
  std::vector<Detection> kept;
  for (const Detection& candidate : detections) {
    if (kept.size() == most) break;
    const bool repeated = std::any_of(kept.begin(), kept.end(), [&](const Detection& other) {
      return overlap(candidate.region, other.region) > limit;
    });
    if (!repeated) kept.push_back(candidate);
  }
  return kept;
}

}  // namespace cvemu::learning
