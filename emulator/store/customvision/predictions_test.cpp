#include "store/customvision/predictions.h"

#include <doctest/doctest.h>

#include "store/customvision/projects.h"

namespace cvemu::customvision_predictions_test {

namespace {

struct PredictionFixture {
  Database database;
  Transaction tx{database};
  Uuid project{1, 1};

  PredictionFixture() {
    Project row;
    row.id = project;
    projects::insert(tx, row);
  }
  void add(std::uint64_t number, std::int64_t micros, double uncertainty,
           const std::string& application = "") {
    StoredPrediction p;
    p.id = Uuid(0, number);
    p.project = project;
    p.created = from_micros(micros);
    p.uncertainty = uncertainty;
    p.application = application;
    p.predictions = "[]";
    predictions::insert(tx, p);
  }
  std::vector<std::uint64_t> list(const PredictionFilter& filter, std::size_t count = 100) {
    std::vector<std::uint64_t> numbers;
    for (const auto& p : predictions::list(tx, project, filter, count)) numbers.push_back(p.id.low());
    return numbers;
  }
};

using Numbers = std::vector<std::uint64_t>;
using Order = PredictionFilter::Order;

}  // namespace

TEST_CASE("predictions: the three orders, and pages that go on behind a row that is gone") {
  PredictionFixture f;
  f.add(1, 10, 0.5);
  f.add(2, 30, 0.1);
  f.add(3, 20, 0.9);
  f.add(4, 20, 0.9);
  CHECK(f.list({}) == Numbers{2, 4, 3, 1});
  CHECK(f.list({.order = Order::Oldest}) == Numbers{1, 3, 4, 2});
  CHECK(f.list({.order = Order::MostUncertain}) == Numbers{4, 3, 1, 2});
  CHECK(f.list({}, 2) == Numbers{2, 4});

  const PredictionPosition after{from_micros(20), 0.9, Uuid(0, 4)};
  predictions::remove(f.tx, f.project, Uuid(0, 4));
  CHECK(f.list({.after = after}) == Numbers{3, 1});
  CHECK(f.list({.order = Order::Oldest, .after = after}) == Numbers{2});
  CHECK(f.list({.order = Order::MostUncertain, .after = after}) == Numbers{3, 1, 2});
}

TEST_CASE("predictions: by time, application, and what the caller wants") {
  PredictionFixture f;
  f.add(1, 10, 0);
  f.add(2, 20, 0, "kiosk");
  f.add(3, 30, 0, "kiosk");
  CHECK(f.list({.start = from_micros(20)}) == Numbers{3, 2});
  CHECK(f.list({.end = from_micros(20)}) == Numbers{2, 1});
  CHECK(f.list({.application = "kiosk"}) == Numbers{3, 2});
  CHECK(f.list({.application = "Kiosk"}).empty());
  CHECK(f.list({.accepts = [](const StoredPrediction& p) { return p.id.low() != 2; }}, 2) == Numbers{3, 1});
}

}  // namespace cvemu::customvision_predictions_test
