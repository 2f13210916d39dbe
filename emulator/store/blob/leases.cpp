#include "store/blob/leases.h"

#include "base/text.h"

namespace cvemu {

LeaseState Lease::at(Instant now) const {
  if (state == LeaseState::Leased && seconds != kInfinite && ends <= now) return LeaseState::Expired;
  if (state == LeaseState::Breaking && ends <= now) return LeaseState::Broken;
  return state;
}

std::string Lease::pack() const {
  if (state == LeaseState::Available) return "";
  return std::to_string(static_cast<int>(state)) + ' ' + id.text() + ' ' + std::to_string(seconds) + ' ' +
         std::to_string(to_micros(ends));
}

Lease Lease::unpack(std::string_view packed) {
  const auto fields = split(packed, ' ');
  if (fields.size() != 4) return {};
  return Lease{static_cast<LeaseState>(parse_int(fields[0]).value_or(0)),
               Uuid::parse(fields[1]).value_or(Uuid()),
               static_cast<int>(parse_int(fields[2]).value_or(kInfinite)),
               from_micros(parse_int(fields[3]).value_or(0))};
}

}  // namespace cvemu
