// Boxes in images. Sides and places are fractions of the image's, as the service writes them.
#pragma once
#include <cstddef>
#include <vector>

namespace cvemu::learning {

struct Region {
  int label = 0;  // index into the labels
  float left = 0, top = 0, width = 0, height = 0;
};

struct Detection {
  Region region;
  float probability = 0;
};

// Intersection over union; 0 for empty boxes.
float overlap(const Region& a, const Region& b);

// The part inside the image.
Region clipped(const Region& region);

// Keeps the most probable of boxes that overlap by more than `limit`, whatever their label; falling
// probability, at most `most` boxes. Equal probabilities keep their order.
std::vector<Detection> non_max_suppression(std::vector<Detection> detections, float limit, std::size_t most);

}  // namespace cvemu::learning
