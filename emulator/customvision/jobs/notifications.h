// The three documents that go into the user's queue, to the letter of the how-to. fixtures/notifications
// holds samples the tests compare with.
// Azure: "Integrate Azure storage for notifications and model backup".
#pragma once
#include <string>
#include <string_view>

#include "base/ids.h"

namespace cvemu::customvision::notifications {

std::string connection_test(const Uuid& project);
// TrainingCompleted or TrainingFailed.
std::string training(const Uuid& project, const Uuid& iteration, bool completed);
// ExportCompleted or ExportFailed; modelUri is null when there is no model. Emulator: the service's failed
// document is not on record.
std::string exported(const Uuid& project, const Uuid& iteration, bool completed, std::string_view model_uri);

}  // namespace cvemu::customvision::notifications
