// What a control request names: each kind of thing by one rule, and a name that is not there is refused with
// the nearest that is.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "control/context.h"
#include "store/customvision/iterations.h"
#include "store/customvision/projects.h"

namespace cvemu::control {

// A project is named by its id, or by its name without regard to case. Nullopt if there is none; if two have
// the name, 400 AmbiguousName with the ids of both. `at` is the pointer to where it was named.
std::optional<Project> find_project(Transaction& tx, std::string_view id_or_name, std::string_view at);
// The same, and 400 UnknownProject if there is none. Call outside any Transaction.
Uuid resolve_project(Database& database, std::string_view id_or_name, std::string_view at);
ApiError unknown_project(Transaction& tx, std::string_view id_or_name, std::string_view at);
// Whether an iteration is meant by its id or its name; "" means every one.
bool is_named(const Iteration& iteration, std::string_view id_or_name);

// 404: there is no `kind` of that name.
ApiError unknown_name(std::string_view kind, std::string_view name, const std::vector<std::string>& known);
// 404 unless it is one of the emulator's.
void require_account(const ControlContext& control, std::string_view account);
// Not below zero; 400 for anything else.
std::int64_t whole_parameter(const Query& query, std::string_view name, std::int64_t fallback);

}  // namespace cvemu::control
