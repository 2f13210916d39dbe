// What every source of these tests includes, compiled once (meson's cpp_pch).
#pragma once
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "cvemu/emulator.h"
