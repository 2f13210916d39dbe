// The zip that an export delivers. Pure.
#pragma once
#include <string>

#include "store/iterations.h"
#include "store/projects.h"

namespace cvemu::customvision {

// Labels and manifest of the iteration. Emulator: there is no model file in it yet, and the manifest says so
// (ModelFileName null).
std::string model_archive(const Iteration& iteration, const Export& entry, Instant now);

}  // namespace cvemu::customvision
