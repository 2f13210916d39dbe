#pragma once

namespace cvemu {

extern const char* const kVersion;  // of meson.build

}  // namespace cvemu
