#include "learning/evaluation.h"

#include <doctest/doctest.h>

namespace cvemu::learning_evaluation_test {

using namespace cvemu::learning;

TEST_CASE("folds: five, fewer when a tag is rare, and every tag in every fold") {
  std::vector<std::vector<int>> tags;
  for (int i = 0; i < 20; ++i) tags.push_back({i % 2});
  const Folds five = deal_folds(tags);
  CHECK(five.count == 5);
  int of_tag[5][2] = {};
  for (std::size_t i = 0; i < 20; ++i) ++of_tag[five.of_sample[i]][i % 2];
  for (const auto& fold : of_tag) CHECK((fold[0] == 2 && fold[1] == 2));

  tags.push_back({2});
  tags.push_back({2});
  tags.push_back({2});
  CHECK(deal_folds(tags).count == 3);
  CHECK(deal_folds(std::vector<std::vector<int>>(1500, {0})).count == 3);
  CHECK(deal_folds({{0}}).count == 2);
}

TEST_CASE("performance: precision, recall, deviation and average precision from a table worked by hand") {
  HeldOutTags held_out;
  held_out.folds = {2, {0, 0, 1, 1}};
  held_out.probabilities = {{0.9F}, {0.8F}, {0.7F}, {0.2F}};
  const std::vector<std::vector<int>> truth{{0}, {}, {0}, {0}};
  const Performance p = performance(held_out, truth, 1, 0.5);
  REQUIRE(p.per_tag.size() == 1);
  CHECK(p.per_tag[0].precision == doctest::Approx(0.75));  // folds: 1 of 2, 1 of 1
  CHECK(p.per_tag[0].precision_deviation == doctest::Approx(0.25));
  CHECK(p.per_tag[0].recall == doctest::Approx(0.75));  // folds: 1 of 1, 1 of 2
  CHECK(p.per_tag[0].recall_deviation == doctest::Approx(0.25));
  CHECK(p.per_tag[0].average_precision == doctest::Approx((1.0 + 2.0 / 3 + 3.0 / 4) / 3));
  CHECK(p.overall.precision == p.per_tag[0].precision);

  CHECK(performance(held_out, truth, 1, 0.0).overall.recall == 1);
  CHECK(performance(held_out, truth, 1, 0.95).overall.precision == 0);
}

TEST_CASE("performance: equal probabilities count together, in whatever order the images come") {
  HeldOutTags held_out;
  held_out.folds = {2, {0, 1, 0, 1}};
  held_out.probabilities = {{0.9F}, {0.5F}, {0.5F}, {0.5F}};
  std::vector<std::vector<int>> truth{{0}, {0}, {}, {}};
  const double expected = (1.0 + 2.0 / 4) / 2;
  CHECK(performance(held_out, truth, 1, 0.5).overall.average_precision == doctest::Approx(expected));
  std::swap(truth[1], truth[3]);
  CHECK(performance(held_out, truth, 1, 0.5).overall.average_precision == doctest::Approx(expected));
}

TEST_CASE("performance: a box counts once, at the overlap asked for") {
  HeldOutBoxes held_out;
  held_out.folds = {1, {0}};
  const Region box{0, 0.2F, 0.2F, 0.4F, 0.4F};
  Region shifted = box;
  shifted.left = 0.3F;  // overlap 0.6
  held_out.detections = {{{shifted, 0.9F}, {box, 0.8F}, {{1, 0.2F, 0.2F, 0.4F, 0.4F}, 0.7F}}};
  const Performance half = performance(held_out, {{box}}, 2, 0.5, 0.5);
  CHECK(half.per_tag[0].recall == 1);
  CHECK(half.per_tag[0].precision == 0.5);
  CHECK(half.per_tag[0].average_precision == 1);
  CHECK(half.per_tag[1].precision == 0);
  const Performance strict = performance(held_out, {{box}}, 2, 0.5, 0.7);
  CHECK(strict.per_tag[0].average_precision == 0.5);
  CHECK(performance(held_out, {{box}}, 2, 0.85, 0.7).per_tag[0].recall == 0);
}

}  // namespace cvemu::learning_evaluation_test
