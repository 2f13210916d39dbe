// What every source of these tests includes, compiled once (meson's cpp_pch).
#ifndef CVEMU_PRECOMPILED_CLIENT_TESTS_H
#define CVEMU_PRECOMPILED_CLIENT_TESTS_H
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "cvemu/emulator.h"

#endif
