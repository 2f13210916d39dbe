#include "customvision/wire/wire_parts.h"

#include "base/text.h"
#include "base/times.h"
#include "customvision/errors.h"

namespace cvemu::customvision::wire {

Json parse_object(std::string_view body) {
  if (trim(body).empty()) return Json::object();
  auto json = try_parse_json(body);
  if (!json) throw errors::malformed_body("it is not JSON");
  if (!json->is_object()) throw errors::malformed_body("it is not a JSON object");
  return *std::move(json);
}

const Json* member(const Json& object, std::string_view name) {
  if (!object.is_object()) return nullptr;
  for (auto it = object.begin(); it != object.end(); ++it)
    if (iequals(it.key(), name)) return it->is_null() ? nullptr : &*it;
  return nullptr;
}

bool mentioned(const Json& object, std::string_view name) {
  if (!object.is_object()) return false;
  for (auto it = object.begin(); it != object.end(); ++it)
    if (iequals(it.key(), name)) return true;
  return false;
}

void wrong_type(std::string_view name, std::string_view expected) {
  throw errors::malformed_body(std::string(name) + " must be " + std::string(expected));
}

std::optional<std::string> text(const Json& object, std::string_view name) {
  const Json* value = member(object, name);
  if (!value) return std::nullopt;
  if (!value->is_string()) wrong_type(name, "a string");
  return value->get<std::string>();
}

const Json* array(const Json& object, std::string_view name) {
  const Json* value = member(object, name);
  if (value && !value->is_array()) wrong_type(name, "an array");
  return value;
}

const std::vector<Json>& objects(const Json& object, std::string_view name) {
  static const std::vector<Json> kNone;
  const Json* values = array(object, name);
  if (!values) return kNone;
  const auto& all = values->get_ref<const Json::array_t&>();
  for (const Json& value : all)
    if (!value.is_object()) wrong_type(name, "a list of objects");
  return all;
}

const Json* object_member(const Json& object, std::string_view name) {
  const Json* value = member(object, name);
  if (value && !value->is_object()) wrong_type(name, "an object");
  return value;
}

double number(const Json& object, std::string_view name) {
  const Json* value = member(object, name);
  if (!value || !value->is_number()) wrong_type(name, "a number");
  return value->get<double>();
}

double number(const Json& object, std::string_view name, double fallback) {
  return member(object, name) ? number(object, name) : fallback;
}

std::int64_t integer(const Json& object, std::string_view name, std::int64_t fallback) {
  const Json* value = member(object, name);
  if (!value) return fallback;
  if (!value->is_number_integer() || (value->is_number_unsigned() && value->get<std::uint64_t>() > INT32_MAX))
    wrong_type(name, "a 32-bit integer");
  return value->get<std::int64_t>();
}

Uuid id(const Json& value, std::string_view name) {
  if (!value.is_string()) wrong_type(name, "an id");
  const auto parsed = Uuid::parse(value.get_ref<const std::string&>());
  if (!parsed) throw errors::invalid_id(name, value.get_ref<const std::string&>());
  return *parsed;
}

std::vector<Uuid> ids(const Json& object, std::string_view name) {
  std::vector<Uuid> all;
  if (const Json* values = array(object, name))
    for (const Json& value : *values) all.push_back(id(value, name));
  return all;
}

Uuid required_id(const Json& object, std::string_view name) {
  const Json* value = member(object, name);
  if (!value) throw errors::required_parameter(name);
  return id(*value, name);
}

Box box(const Json& object) {
  return {number(object, "left"), number(object, "top"), number(object, "width"), number(object, "height")};
}

void text_or_null(JsonWriter& json, std::string_view name, const std::optional<std::string>& value) {
  if (value) {
    json.field(name, *value);
  } else {
    json.null_field(name);
  }
}

void id_list(JsonWriter& json, std::string_view name, const std::vector<Uuid>& ids) {
  json.key(name).begin_array();
  for (const Uuid& one : ids) json.string(one.text());
  json.end_array();
}

void write_box(JsonWriter& json, const Box& box) {
  json.field("left", static_cast<float>(box.left)).field("top", static_cast<float>(box.top));
  json.field("width", static_cast<float>(box.width)).field("height", static_cast<float>(box.height));
}

void write_tags(JsonWriter& json, const std::vector<ImageTag>& tags, bool names) {
  json.key("tags").begin_array();
  for (const ImageTag& tag : tags) {
    json.begin_object().field("tagId", tag.tag.text());
    text_or_null(json, "tagName", names ? std::optional(tag.name) : std::nullopt);
    json.field("created", times::iso_naive(tag.created)).end_object();
  }
  json.end_array();
}

void write_regions(JsonWriter& json, const std::vector<Region>& regions, bool names) {
  json.key("regions").begin_array();
  for (const Region& region : regions) {
    json.begin_object().field("regionId", region.id.text());
    text_or_null(json, "tagName", names ? std::optional(region.tag_name) : std::nullopt);
    json.field("created", times::iso_naive(region.created)).field("tagId", region.tag.text());
    write_box(json, region.box);
    json.end_object();
  }
  json.end_array();
}

}  // namespace cvemu::customvision::wire
