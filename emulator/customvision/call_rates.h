// Calls per second, as a pricing tier allows them, on the emulator's clock. Safe to share between threads.
#pragma once
#include <array>
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

 private:
  // Azure: predictions that are stored, those that are not, trainings, and everything else count apart (quotas).
  enum Kind : std::size_t { StoredPrediction, UnstoredPrediction, Training, Other, kKinds };
  static Kind kind_of(const Route& route);

  const std::array<std::size_t, kKinds> limits_;               // 0: any number
  Guarded<std::array<std::deque<Instant>, kKinds>> admitted_;  // the latest ones, oldest first
};

}  // namespace cvemu::customvision
