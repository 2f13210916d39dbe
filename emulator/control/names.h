// What a path or a query names: refused with the nearest that exists.
#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

#include "control/desk.h"

namespace cvemu::control {

// 404: there is no `kind` of that name.
ApiError unknown_name(std::string_view kind, std::string_view name, const std::vector<std::string>& known);
// 404 unless it is one of the emulator's.
void require_account(const Desk& desk, std::string_view account);
// Not below zero; 400 for anything else.
std::int64_t whole_parameter(const Query& query, std::string_view name, std::int64_t fallback);

}  // namespace cvemu::control
