#include "customvision/call_rates.h"

#include <doctest/doctest.h>

#include "customvision/errors.h"

namespace cvemu::customvision_call_rates_test {

using namespace cvemu::customvision;
using namespace std::chrono_literals;

namespace {

constexpr Route kTrain = {
    "TrainProject", Method::Post, "/train", "", {.key = Access::Key::Training, .since = "v3.0"}};
constexpr Route kGet = {
    "GetProject", Method::Get, "/project", "", {.key = Access::Key::Training, .since = "v3.0"}};
constexpr Route kStored = {
    "ClassifyImage", Method::Post, "/image", "", {.key = Access::Key::Prediction, .since = "v3.0"}};
constexpr Route kUnstored = {"ClassifyImageWithNoStore",
                             Method::Post,
                             "/image/nostore",
                             "",
                             {.key = Access::Key::Prediction, .since = "v3.0"}};
constexpr Instant kStart{24h};

int admitted_of_thirty(const limits::Tier& tier, const Route& route) {
  CallRates rates(tier);
  int count = 0;
  for (int i = 0; i < 30; ++i) count += rates.admit(route, kStart);
  return count;
}

}  // namespace

TEST_CASE("Calls per second: each tier's figures for the four kinds of calls") {
  CHECK(admitted_of_thirty(limits::kF0, kStored) == 2);
  CHECK(admitted_of_thirty(limits::kF0, kUnstored) == 2);
  CHECK(admitted_of_thirty(limits::kF0, kTrain) == 2);
  CHECK(admitted_of_thirty(limits::kF0, kGet) == 10);
  CHECK(admitted_of_thirty(limits::kS0, kStored) == 10);
  CHECK(admitted_of_thirty(limits::kS0, kUnstored) == 20);
  CHECK(admitted_of_thirty(limits::kS0, kTrain) == 10);
  CHECK(admitted_of_thirty(limits::kUnlimited, kGet) == 30);
}

TEST_CASE("Calls per second: kinds count apart, and a second later there is room again") {
  CallRates rates(limits::kF0);
  CHECK(rates.admit(kTrain, kStart));
  CHECK(rates.admit(kTrain, kStart + 400ms));
  CHECK_FALSE(rates.admit(kTrain, kStart + 999ms));
  CHECK(rates.admit(kGet, kStart + 999ms));
  CHECK(rates.admit(kTrain, kStart + 1s));
  CHECK_FALSE(rates.admit(kTrain, kStart + 1s));  // that of 400 ms still counts
  CHECK(rates.admit(kTrain, kStart + 1400ms));
}

TEST_CASE("Predictions per month: F0 has ten thousand, kept or not; the next month begins anew") {
  CallRates rates(limits::kF0);
  const Instant day{std::chrono::sys_days{std::chrono::year{2030} / 4 / 30}};
  for (int i = 0; i < 10'000; ++i) CHECK(rates.within_quota(i % 2 == 0 ? kStored : kUnstored, day));
  CHECK_FALSE(rates.within_quota(kStored, day + 23h));
  CHECK(rates.within_quota(kGet, day + 23h));
  CHECK(rates.within_quota(kStored, day + 24h));
  CHECK(errors::prediction_quota(10'000).code == "BadRequestExceededQuota");
}

}  // namespace cvemu::customvision_call_rates_test
