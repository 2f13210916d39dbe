// Names of queues, containers and blobs: what Azure allows, and the error for the rest. Names are decoded.
#pragma once
#include <string>
#include <string_view>

namespace cvemu {

// The same rule for people.
inline constexpr std::string_view kNameRule =
    "3 to 63 lower-case letters, digits and dashes, with a letter or digit at both ends and no two dashes "
    "together";

// 3-63 characters (400 OutOfRangeInput), a-z 0-9 '-', letter or digit at both ends, no two dashes together
// (400 InvalidResourceName).
void check_queue_name(std::string_view name);
// The same, or $root, $web, $logs.
void check_container_name(std::string_view name);
// The same without an error.
bool is_queue_name(std::string_view name);
bool is_container_name(std::string_view name);

// The name under which a blob is kept. Azure: a backslash counts as a slash. 400 OutOfRangeInput for more
// than 1024 characters or more than 254 path segments, 400 InvalidUri for control characters and what is not
// UTF-8.
std::string checked_blob_name(std::string_view decoded);

// A C# identifier: a letter or '_', then letters, digits, '_'.
bool is_identifier(std::string_view text);

}  // namespace cvemu
