#pragma once

namespace cvemu {

extern const char* const kVersion;  // "0.1.0"

}  // namespace cvemu
