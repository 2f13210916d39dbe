#include "learning/synthetic.h"

#include <algorithm>
#include <cmath>

namespace cvemu::learning::synthetic {

namespace {

constexpr int kWidth = 640, kHeight = 480;

// A sum of eight uniform bytes is as good as a bell curve here; its own deviation is 209.
double noise(Random& random) {
  int sum = -8 * 255 / 2;
  for (std::uint64_t bytes = random.bits(); bytes != 0; bytes >>= 8) sum += static_cast<int>(bytes & 255);
  return sum * (25.0 / 209.0);
}

void put(std::uint8_t* pixel, const double* colour, Random& random) {
  const double shake = noise(random);
  for (int c = 0; c < 3; ++c) pixel[c] = static_cast<std::uint8_t>(std::clamp(colour[c] + shake, 0.0, 255.0));
}

bool covers(const Object& o, double x, double y) {
  const double dx = x - o.x, dy = y - o.y, r = o.radius;
  switch (o.shape) {
    case Shape::Circle:
      return dx * dx + dy * dy <= r * r;
    case Shape::Square:
      return std::fabs(dx) <= r && std::fabs(dy) <= r;
    case Shape::Triangle:
      return dy <= r && 2 * std::fabs(dx) <= r + dy;
  }
  return false;
}

Object easy_object(Random& random, int label) {
  Object o;
  o.shape = label == 0 ? Shape::Circle : Shape::Square;
  const double strong = random.uniform(170, 255);
  for (double& c : o.colour) c = random.uniform(0, 70);
  o.colour[label == 0 ? 0 : 2] = strong;
  o.radius = random.uniform(40, 120);
  o.x = random.uniform(o.radius, kWidth - o.radius);
  o.y = random.uniform(o.radius, kHeight - o.radius);
  return o;
}

Image with_object(Random& random, const Object& object, int label) {
  Image image{background(random, kWidth, kHeight), {}};
  draw(image.image, object, random);
  image.objects.push_back(object.region(label, image.image));
  return image;
}

}  // namespace

std::uint64_t Random::bits() {
  state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
  const std::uint64_t mixed = (state_ ^ (state_ >> 32)) * 0xD6E8FEB86659FD93ULL;
  return mixed ^ (mixed >> 32);
}

double Random::uniform(double low, double high) {
  return low + (high - low) * static_cast<double>(bits() >> 11) / 9007199254740992.0;
}

int Random::below(int count) {
  return std::min(count - 1, static_cast<int>(uniform(0, count)));
}

Region Object::region(int label, const imaging::Image& image) const {
  const double w = image.width, h = image.height;
  return {label, static_cast<float>((x - radius) / w), static_cast<float>((y - radius) / h),
          static_cast<float>(2 * radius / w), static_cast<float>(2 * radius / h)};
}

imaging::Image background(Random& random, int width, int height) {
  imaging::Image image(width, height);
  double from[3], to[3];
  const double base = random.uniform(60, 200);
  for (int c = 0; c < 3; ++c) {
    from[c] = base + random.uniform(-35, 35);
    to[c] = base + random.uniform(-35, 35);
  }
  for (int y = 0; y < height; ++y) {
    const double t = static_cast<double>(y) / height;
    const double colour[3] = {from[0] + (to[0] - from[0]) * t, from[1] + (to[1] - from[1]) * t,
                              from[2] + (to[2] - from[2]) * t};
    for (int x = 0; x < width; ++x) put(image.at(x, y), colour, random);
  }
  return image;
}

void draw(imaging::Image& image, const Object& object, Random& random) {
  const auto clamp_to = [](double v, int size) { return std::clamp(static_cast<int>(v), 0, size); };
  const int right = clamp_to(object.x + object.radius + 1, image.width);
  const int bottom = clamp_to(object.y + object.radius + 1, image.height);
  for (int y = clamp_to(object.y - object.radius, image.height); y < bottom; ++y) {
    for (int x = clamp_to(object.x - object.radius, image.width); x < right; ++x) {
      if (covers(object, x, y)) put(image.at(x, y), object.colour, random);
    }
  }
}

Image easy(Random& random, int label) {
  return with_object(random, easy_object(random, label), label);
}

Image hard(Random& random, int label) {
  Object o = easy_object(random, 0);
  o.shape = static_cast<Shape>(label);
  for (double& c : o.colour) c = random.uniform(0, 255);
  return with_object(random, o, label);
}

Image scene(Random& random) {
  Image image{background(random, kWidth, kHeight), {}};
  std::vector<Object> drawn;
  const int wanted = 1 + random.below(3);
  for (int attempt = 0; attempt < 50 && static_cast<int>(drawn.size()) < wanted; ++attempt) {
    const int label = random.below(2);
    const Object o = easy_object(random, label);
    const bool touches = std::any_of(drawn.begin(), drawn.end(), [&](const Object& other) {
      const double reach = o.radius + other.radius;
      return std::fabs(o.x - other.x) < reach && std::fabs(o.y - other.y) < reach;
    });
    if (touches) continue;
    draw(image.image, o, random);
    image.objects.push_back(o.region(label, image.image));
    drawn.push_back(o);
  }
  return image;
}

}  // namespace cvemu::learning::synthetic
