// An image that leaves its project and all iterations.
#pragma once
#include "customvision/api/request_reader.h"

namespace cvemu::customvision {

// With its files, as DeleteImages with allIterations does it. Updates the project's row, too. Nothing happens
// to an image that is not there.
void remove_image(Transaction& tx, CustomVision& state, Project& project, const Uuid& image);

}  // namespace cvemu::customvision
