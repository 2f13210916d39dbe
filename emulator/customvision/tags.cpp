#include <algorithm>

#include "base/text.h"
#include "customvision/operations.h"

namespace cvemu::customvision {

namespace {

std::string type_named(std::string_view text) {
  for (const std::string_view type : {"Regular", "Negative", "GeneralProduct"})
    if (iequals(type, text)) return std::string(type);
  throw errors::unknown_tag_type(text);
}

bool has_type(const std::vector<Tag>& all, std::string_view type) {
  return std::any_of(all.begin(), all.end(), [&](const Tag& tag) { return tag.type == type; });
}

Response create_tag(CustomVision& state, RequestContext& context) {
  Tag tag;
  tag.id = state.environment.ids.uuid();
  tag.name = context.query().find_nonempty("name").value_or("");
  if (tag.name.empty()) throw errors::tag_name_missing();
  // Azure: null if omitted, also if sent empty (recorded).
  if (const auto description = context.query().find_nonempty("description")) tag.description = *description;
  tag.type = type_named(context.query().find_nonempty("type").value_or("Regular"));

  Transaction tx(state.environment.database);
  tag.project = require_project(tx, context).id;
  if (tags::name_is_taken(tx, tag.project, tag.name)) throw errors::tag_name_taken(tag.name);
  if (tag.type != "Regular" && has_type(tags::list(tx, tag.project), tag.type))
    throw tag.type == "Negative" ? errors::second_negative_tag() : errors::second_general_product_tag();
  tags::insert(tx, tag);
  projects::mark_changed(tx, tag.project);
  tx.commit();
  JsonWriter json;
  wire::write(json, tag);
  return json_response(json);
}

Response get_tags(CustomVision& state, RequestContext& context) {
  std::vector<Tag> all;
  {
    Transaction tx(state.environment.database);
    const Project project = require_project(tx, context);
    const auto iteration = query_id(context, "iterationId");
    if (iteration && !iterations::find(tx, project.id, *iteration)) throw errors::iteration_not_found();
    all = tags::list(tx, project.id);
  }
  // Azure: in the order of SQL Server's uniqueidentifier (8 of 8 recorded lists).
  std::sort(all.begin(), all.end(),
            [](const Tag& a, const Tag& b) { return uniqueidentifier_less(a.id, b.id); });
  JsonWriter json;
  json.begin_array();
  for (const Tag& tag : all) wire::write(json, tag);
  json.end_array();
  return json_response(json);
}

constexpr Operation<CustomVision> kOperations[] = {
    {{"CreateTag", Method::Post, "/customvision/{version}/training/projects/{projectId}/tags", "",
      "training v3.0"},
     create_tag},
    {{"GetTags", Method::Get, "/customvision/{version}/training/projects/{projectId}/tags", "",
      "training v3.0"},
     get_tags},
};

}  // namespace

std::span<const Operation<CustomVision>> tag_operations() { return kOperations; }

}  // namespace cvemu::customvision
