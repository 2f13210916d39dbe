// What nearly every source includes, compiled once (meson's cpp_pch). Sources include what they use all the
// same: tools/check_floors.py looks at it, and a build with ccache goes without (tools/setup). Guarded by
// macros: compilers warn of a pragma in what they precompile.
#ifndef CVEMU_PRECOMPILED_LIBRARY_H
#define CVEMU_PRECOMPILED_LIBRARY_H
#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "base/json.h"

#endif
