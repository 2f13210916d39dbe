// Pieces that several bodies have in common, for the files wire*.cpp alone. Reading throws
// errors::malformed_body, invalid_id or required_parameter.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/json_writer.h"
#include "store/customvision/images.h"

namespace cvemu::customvision::wire {

// An empty body is an empty object.
Json parse_object(std::string_view body);
// The member of that name, whatever its case; nullptr if absent or null.
const Json* member(const Json& object, std::string_view name);
bool mentioned(const Json& object, std::string_view name);  // also as null
const Json* array(const Json& object, std::string_view name);
// The entries of a list of objects; none if it is absent.
const std::vector<Json>& objects(const Json& object, std::string_view name);
const Json* object_member(const Json& object, std::string_view name);
std::optional<std::string> text(const Json& object, std::string_view name);
double number(const Json& object, std::string_view name);
double number(const Json& object, std::string_view name, double fallback);
std::int64_t integer(const Json& object, std::string_view name, std::int64_t fallback);
Uuid id(const Json& value, std::string_view name);
std::vector<Uuid> ids(const Json& object, std::string_view name);
Uuid required_id(const Json& object, std::string_view name);
Box box(const Json& object);  // left, top, width, height
[[noreturn]] void wrong_type(std::string_view name, std::string_view expected);

void text_or_null(JsonWriter& json, std::string_view name, const std::optional<std::string>& value);
void id_list(JsonWriter& json, std::string_view name, const std::vector<Uuid>& ids);
void write_box(JsonWriter& json, const Box& box);  // four members of an open object
// Members "tags" and "regions". `names` false: tagName is null.
void write_tags(JsonWriter& json, const std::vector<ImageTag>& tags, bool names);
void write_regions(JsonWriter& json, const std::vector<Region>& regions, bool names);

}  // namespace cvemu::customvision::wire
