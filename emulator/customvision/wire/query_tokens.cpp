#include "customvision/wire/query_tokens.h"

#include <bit>

#include "base/text.h"
#include "customvision/limits.h"

namespace cvemu::customvision {

std::size_t page_size(std::int64_t max_count) {
  if (max_count < 0 || max_count > limits::kTake) throw errors::too_many_predictions(limits::kTake);
  return static_cast<std::size_t>(max_count == 0 ? limits::kDefaultTake : max_count);
}

std::string session_of(CustomVision& state, const std::optional<std::string>& sent) {
  constexpr std::uint64_t kSessions = 100'000'000;
  if (sent && !sent->empty()) return *sent;
  return "2:" + std::to_string(state.environment.ids.number() % kSessions);
}

std::string to_continuation(const PredictionPosition& last) {
  return base64_encode(std::to_string(to_micros(last.created)) + ' ' +
                       std::to_string(std::bit_cast<std::int64_t>(last.uncertainty)) + ' ' + last.id.text());
}

std::optional<PredictionPosition> read_continuation(const std::optional<std::string>& sent) {
  if (!sent || sent->empty()) return std::nullopt;
  const std::string decoded = base64_decode(*sent).value_or("");
  const auto parts = split(decoded, ' ');
  if (parts.size() != 3) throw errors::prediction_query("This is no continuation of ours: " + *sent);
  const auto created = parse_int(parts[0]), uncertainty = parse_int(parts[1]);
  const auto id = Uuid::parse(parts[2]);
  if (!created || !uncertainty || !id)
    throw errors::prediction_query("This is no continuation of ours: " + *sent);
  return PredictionPosition{from_micros(*created), std::bit_cast<double>(*uncertainty), *id};
}

}  // namespace cvemu::customvision
