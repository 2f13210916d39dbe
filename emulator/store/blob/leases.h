// A lease as it stands in the row of a container or blob. What may be done with one is the blob service's
// business.
#pragma once
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/ids.h"

namespace cvemu {

enum class LeaseState { Available, Leased, Breaking, Broken, Expired };

struct Lease {
  static constexpr int kInfinite = -1;

  LeaseState state = LeaseState::Available;  // as stored: never Expired, and Breaking also after its end
  Uuid id;
  int seconds = kInfinite;  // asked for; kInfinite, or 15 to 60
  Instant ends{};           // of a finite lease, or of the breaking

  LeaseState at(Instant now) const;
  // Nobody without the id may write.
  bool is_locked(Instant now) const {
    return at(now) == LeaseState::Leased || at(now) == LeaseState::Breaking;
  }

  std::string pack() const;  // "" for an available one
  static Lease unpack(std::string_view packed);
};

}  // namespace cvemu
