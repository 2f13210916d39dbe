#include "learning/detector.h"

#include <doctest/doctest.h>

#include "learning/evaluation.h"
#include "learning/synthetic.h"

namespace cvemu::learning_detector_test {

using namespace cvemu::learning;

namespace {

std::vector<DetectorSample> scenes(synthetic::Random& random, int count, Geometry geometry) {
  std::vector<DetectorSample> out;
  for (int i = 0; i < count; ++i) {
    const synthetic::Image image = synthetic::scene(random);
    out.push_back({detector_cells(image.image, geometry), image.objects});
  }
  return out;
}

std::vector<const DetectorSample*> pointers(const std::vector<DetectorSample>& samples) {
  std::vector<const DetectorSample*> out;
  for (const DetectorSample& sample : samples) out.push_back(&sample);
  return out;
}

double held_back_precision(const DetectorTask& task, int count) {
  synthetic::Random random(7);
  const auto training = scenes(random, count, task.geometry),
             held_back = scenes(random, count, task.geometry);
  const Detector detector = fit_detector(task, pointers(training));
  HeldOutBoxes boxes{{1, std::vector<int>(held_back.size())}, {}};
  std::vector<std::vector<Region>> truth;
  for (const DetectorSample& sample : held_back) {
    boxes.detections.push_back(detect(detector, sample.cells));
    truth.push_back(sample.regions);
  }
  return performance(boxes, truth, 2, 0.5, 0.5).overall.average_precision;
}

}  // namespace

TEST_CASE("detection: average precision of at least 0.9 at half overlap on held-back easy scenes") {
  const double general = held_back_precision({Geometry::General, {"circle", "square"}}, 100);
  CAPTURE(general);
  CHECK(general >= 0.9);
}

// Emulator: the [S1] grid has cells of a tenth of the image, so its boxes are less exact.
TEST_CASE("detection: the coarser [S1] grid reaches 0.8") {
  const double s1 = held_back_precision({Geometry::S1, {"circle", "square"}}, 100);
  CAPTURE(s1);
  CHECK(s1 >= 0.8);
}

TEST_CASE("detection: cross-validation answers for every image, and few images do not break a fit") {
  synthetic::Random random(8);
  const auto samples = scenes(random, 6, Geometry::S1);
  const DetectorTask task{Geometry::S1, {"circle", "square"}};
  const HeldOutBoxes held_out = cross_validate(task, samples);
  CHECK(held_out.detections.size() == samples.size());
  auto alone = samples[0];
  for (Region& region : alone.regions) region.label = 0;
  const Detector one = fit_detector({Geometry::S1, {"only"}}, {&alone});
  for (const Detection& d : detect(one, samples[2].cells)) {
    CHECK(d.probability >= kMinProbability);
    CHECK(d.region.width > 0);
  }
}

}  // namespace cvemu::learning_detector_test
