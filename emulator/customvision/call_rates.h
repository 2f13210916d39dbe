// Calls per second and predictions per month, as a pricing tier allows them, on the emulator's clock and
// since its start. Safe to share between threads.
#pragma once
#include <array>
#include <cstdint>
#include <deque>

#include "base/clock.h"
#include "base/guarded.h"
#include "customvision/limits.h"
#include "http/router.h"

namespace cvemu::customvision {

class CallRates {
 public:
  explicit CallRates(const limits::Tier& tier);
  // False if the call is one too many within a second; such a call does not count for later ones.
  bool admit(const Route& route, Instant now);
  // False if the call is a prediction and its month has none left.
  bool within_quota(const Route& route, Instant now);

 private:
  // Azure: predictions that are stored, those that are not, trainings, and everything else count apart
  // (quotas).
  enum Kind : std::size_t { StoredPrediction, UnstoredPrediction, Training, Other, kKinds };
  static Kind kind_of(const Route& route);

  struct Month {
    std::chrono::year_month when{};
    std::int64_t predictions = 0;
  };

  const std::int64_t predictions_per_month_;
  Guarded<Month> month_;
  const std::array<std::size_t, kKinds> limits_;               // 0: any number
  Guarded<std::array<std::deque<Instant>, kKinds>> admitted_;  // the latest ones, oldest first
};

}  // namespace cvemu::customvision
