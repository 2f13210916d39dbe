#include "learning/regions.h"

#include <doctest/doctest.h>

#include "learning/proposals.h"
#include "learning/synthetic.h"

namespace cvemu::learning_regions_test {

using namespace cvemu::learning;

TEST_CASE("overlap: the same box, half of it, none") {
  const Region box{0, 0.2F, 0.2F, 0.4F, 0.4F};
  CHECK(overlap(box, box) == doctest::Approx(1));
  CHECK(overlap(box, {0, 0.4F, 0.2F, 0.4F, 0.4F}) == doctest::Approx(1.0 / 3));
  CHECK(overlap(box, {0, 0.7F, 0.7F, 0.2F, 0.2F}) == 0);
  CHECK(overlap(box, {0, 0.3F, 0.3F, 0, 0}) == 0);
}

TEST_CASE("non_max_suppression: of overlapping boxes the most probable stays") {
  const std::vector<Detection> kept = non_max_suppression(
      {{{0, 0, 0, 0.5F, 0.5F}, 0.3F}, {{1, 0.02F, 0, 0.5F, 0.5F}, 0.9F}, {{0, 0.6F, 0.6F, 0.2F, 0.2F}, 0.1F}},
      0.45F, 10);
  REQUIRE(kept.size() == 2);
  CHECK(kept[0].region.label == 1);
  CHECK(kept[1].probability == 0.1F);
}

TEST_CASE("clipped: what reaches beyond the image is cut off") {
  const Region r = clipped({3, -0.1F, 0.5F, 0.3F, 0.9F});
  CHECK(r.label == 3);
  CHECK(r.left == 0);
  CHECK(r.width == doctest::Approx(0.2));
  CHECK(r.height == doctest::Approx(0.5));
}

TEST_CASE("proposals: the best box is about the object, confidence falls, a flat image has none") {
  synthetic::Random random(3);
  for (int i = 0; i < 6; ++i) {
    const synthetic::Image image = synthetic::easy(random, i % 2);
    const auto found = propose_regions(image.image, 5);
    REQUIRE(!found.empty());
    CHECK(overlap(found.front().region, image.objects.front()) > 0.5F);
    for (std::size_t k = 1; k < found.size(); ++k) CHECK(found[k].probability <= found[k - 1].probability);
  }
  CHECK(propose_regions(cvemu::imaging::Image(64, 64), 5).empty());
}

}  // namespace cvemu::learning_regions_test
