// What the tokens of paged queries carry: a session, how many results, and where to go on.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "customvision/api/request_reader.h"
#include "store/customvision/predictions.h"

namespace cvemu::customvision {

// Azure: 0 means the default number (recorded). Emulator: the default and the most are those of image lists.
// Throws too_many_predictions.
std::size_t page_size(std::int64_t max_count);

// The session that was sent, else a new one. Azure: it looks like "2:4193186" (recorded).
std::string session_of(CustomVision& state, const std::optional<std::string>& sent);

// The place behind which the next page begins, as a text for clients to send back; stays right when entries
// of the page before are gone. Throws prediction_query for anything else.
std::string to_continuation(const PredictionPosition& last);
std::optional<PredictionPosition> read_continuation(const std::optional<std::string>& sent);

}  // namespace cvemu::customvision
