// Things in the emulator as the control routes show them, wherever they do.
#pragma once
#include "control/json.h"
#include "store/blob/blobs.h"
#include "store/customvision/iterations.h"
#include "store/queue/messages.h"

namespace cvemu::control {

Json describe(const Message& message, Instant now);  // raw and decoded
Json describe(const Blob& blob);
Json describe(Transaction& tx, const Iteration& iteration);  // with its exports
Json text_or_null(const std::optional<std::string>& text);

}  // namespace cvemu::control
