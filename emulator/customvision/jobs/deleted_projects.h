// What deleted projects held: it goes in slices, after the project is gone for everybody.
#pragma once
#include "customvision/api/request_reader.h"

namespace cvemu::customvision {

// Removes a slice, at most some milliseconds of work; true if there is more. Outside any Transaction.
bool remove_deleted(CustomVision& state);

}  // namespace cvemu::customvision
