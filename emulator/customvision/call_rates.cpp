#include "customvision/call_rates.h"

namespace cvemu::customvision {

CallRates::CallRates(const limits::Tier& tier)
    : predictions_per_month_(tier.predictions_per_month),
      limits_{tier.stored_predictions, tier.unstored_predictions, tier.trainings, tier.other_calls} {}

CallRates::Kind CallRates::kind_of(const Route& route) {
  if (route.access.key == Access::Key::Prediction)
    return route.name.ends_with("WithNoStore") ? UnstoredPrediction : StoredPrediction;
  return route.name == "TrainProject" ? Training : Other;
}

bool CallRates::admit(const Route& route, Instant now) {
  const Kind kind = kind_of(route);
  const std::size_t limit = limits_[kind];
  if (limit == 0) return true;
  return admitted_.with([&](auto& kinds) {
    std::deque<Instant>& latest = kinds[kind];
    while (!latest.empty() && latest.front() + std::chrono::seconds(1) <= now) latest.pop_front();
    if (latest.size() >= limit) return false;
    latest.push_back(now);
    return true;
  });
}

bool CallRates::within_quota(const Route& route, Instant now) {
  if (route.access.key != Access::Key::Prediction) return true;
  const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(now));
  return month_.with([&](Month& month) {
    if (month.when != day.year() / day.month()) month = {day.year() / day.month()};
    return month.predictions++ < predictions_per_month_;
  });
}

}  // namespace cvemu::customvision
