// Drawn images with known content, for tests of accuracy and for the scripts in client_tests/models:
// coloured shapes on noisy backgrounds. The same seed gives the same images.
#pragma once
#include <cstdint>
#include <vector>

#include "imaging/image.h"
#include "learning/regions.h"

namespace cvemu::learning::synthetic {

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed * 2 + 1) {}
  std::uint64_t bits();
  double uniform(double low, double high);
  int below(int count);

 private:
  std::uint64_t state_;
};

enum class Shape { Circle, Square, Triangle };
constexpr int kShapes = 3;

struct Object {
  Shape shape = Shape::Circle;
  double colour[3] = {};
  double x = 0, y = 0, radius = 0;  // in pixels

  Region region(int label, const imaging::Image& image) const;
};

// A two-coloured slope with noise of standard deviation 25.
imaging::Image background(Random& random, int width, int height);
void draw(imaging::Image& image, const Object& object, Random& random);

struct Image {
  imaging::Image image;
  std::vector<Region> objects;  // label: as the set says
};

// Easy: one red circle (label 0) or blue square (label 1), 1.6 % to 18 % of the image.
Image easy(Random& random, int label);
// Hard: one of three shapes, any colour: the models, which see colours and edges, are weak here.
Image hard(Random& random, int label);
// Detection: one to three easy objects that do not touch.
Image scene(Random& random);

}  // namespace cvemu::learning::synthetic
