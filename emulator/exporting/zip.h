// A zip archive in memory: stored entries with a fixed date, so that the same files are the same bytes.
#pragma once
#include <string>
#include <vector>

#include "exporting/network.h"

namespace cvemu::exporting {

// Names are relative, with '/'. Throws std::runtime_error if libzip fails (memory).
std::string write_zip(const std::vector<File>& files);

}  // namespace cvemu::exporting
