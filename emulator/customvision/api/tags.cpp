#include <algorithm>

#include "base/enum_text.h"
#include "customvision/api/request_reader.h"

namespace cvemu::customvision {

namespace {

TagType type_named(std::string_view text, ApiVersion version) {
  const auto type = parse_in_any_case<TagType>(text);
  const bool is_known = type && (type != TagType::GeneralProduct || version >= ApiVersion::V3_3);
  if (!is_known) throw errors::unknown_tag_type(text);
  return *type;
}

// Azure: at most one negative tag and one general product tag in a project.
void require_only_one(const std::vector<Tag>& others, TagType type) {
  if (type == TagType::Regular) return;
  const bool taken =
      std::any_of(others.begin(), others.end(), [&](const Tag& tag) { return tag.type == type; });
  if (taken && type == TagType::Negative) throw errors::second_negative_tag();
  if (taken) throw errors::second_general_product_tag();
}

Response answer(const Tag& tag) {
  JsonWriter json;
  wire::write(json, tag);
  return json_response(json);
}

Tag require_tag(Transaction& tx, const RequestContext& context, const Uuid& workspace) {
  const Uuid id = path_id(context, "tagId");
  auto tag = tags::find(tx, workspace, id);
  if (!tag) throw errors::tag_not_found(id);
  return *std::move(tag);
}

Response create_tag(CustomVision& state, RequestContext& context) {
  Tag tag;
  tag.id = state.environment.ids.uuid();
  tag.name = context.query().find_nonempty("name").value_or("");
  if (tag.name.empty()) throw errors::tag_name_missing();
  // Azure: null if omitted, also if sent empty (recorded).
  if (const auto description = context.query().find_nonempty("description")) tag.description = *description;
  tag.type = type_named(context.query().find_nonempty("type").value_or(to_text(TagType::Regular)),
                        version_of(context));

  Transaction tx(state.environment.database);
  tag.workspace = require_open_project(tx, context).id;
  if (tags::find_by_name(tx, tag.workspace, tag.name)) throw errors::tag_name_taken(tag.name);
  require_only_one(tags::list(tx, tag.workspace), tag.type);
  const std::int64_t limit = state.options.tier.tags_per_project;
  if (tags::count(tx, tag.workspace) >= limit) throw errors::tag_limit(limit);
  tags::insert(tx, tag);
  projects::mark_changed(tx, tag.workspace);
  tx.commit();
  return answer(tag);
}

Response get_tags(CustomVision& state, RequestContext& context) {
  std::vector<Tag> all;
  {
    Transaction tx(state.environment.database);
    all = tags::list(tx, requested_workspace(tx, context, require_project(tx, context).id));
  }
  JsonWriter json;
  json.begin_array();
  for (const Tag& tag : all) wire::write(json, tag);
  json.end_array();
  return json_response(json);
}

Response get_tag(CustomVision& state, RequestContext& context) {
  Transaction tx(state.environment.database);
  const Uuid workspace = requested_workspace(tx, context, require_project(tx, context).id);
  return answer(require_tag(tx, context, workspace));
}

void rename(Transaction& tx, Tag& tag, const std::string& name) {
  if (name.empty()) throw errors::tag_name_missing();
  const auto holder = tags::find_by_name(tx, tag.workspace, name);
  if (holder && holder->id != tag.id) throw errors::tag_name_taken(name);
  tag.name = name;
}

void change_type(Transaction& tx, Tag& tag, TagType type) {
  if (type == tag.type) return;
  require_only_one(tags::list(tx, tag.workspace), type);
  if (type == TagType::Negative)
    if (const auto image = images::first_with_tag_and_others(tx, tag.workspace, tag.id))
      throw errors::negative_and_regular_tag(*image);
  tag.type = type;
}

// Azure: a merge; a body without a type is accepted and keeps it (recorded).
Response update_tag(CustomVision& state, RequestContext& context) {
  const wire::TagPatch patch = wire::read_tag_patch(json_body(context));
  Transaction tx(state.environment.database);
  Tag tag = require_tag(tx, context, require_project(tx, context).id);
  if (patch.name) rename(tx, tag, *patch.name);
  if (patch.description) tag.description = patch.description->empty() ? std::nullopt : patch.description;
  if (patch.type) change_type(tx, tag, type_named(*patch.type, version_of(context)));
  tags::update(tx, tag);
  projects::mark_changed(tx, tag.workspace);
  tx.commit();
  return answer(tag);
}

Response delete_tag(CustomVision& state, RequestContext& context) {
  Transaction tx(state.environment.database);
  const Tag tag = require_tag(tx, context, require_project(tx, context).id);
  tags::remove(tx, tag.workspace, tag.id);
  projects::mark_changed(tx, tag.workspace);
  tx.commit();
  return no_content();
}

}  // namespace

std::span<const Operation<CustomVision>> tag_operations() {
  static constexpr Operation<CustomVision> operations[] = {
      {{"CreateTag",
        Method::Post,
        "/customvision/{version}/training/projects/{projectId}/tags",
        "",
        {.key = Access::Key::Training, .since = "v3.0"}},
       create_tag},
      {{"GetTags",
        Method::Get,
        "/customvision/{version}/training/projects/{projectId}/tags",
        "",
        {.key = Access::Key::Training, .since = "v3.0"}},
       get_tags},
      {{"GetTag",
        Method::Get,
        "/customvision/{version}/training/projects/{projectId}/tags/{tagId}",
        "",
        {.key = Access::Key::Training, .since = "v3.0"}},
       get_tag},
      {{"UpdateTag",
        Method::Patch,
        "/customvision/{version}/training/projects/{projectId}/tags/{tagId}",
        "",
        {.key = Access::Key::Training, .since = "v3.0"}},
       update_tag},
      {{"DeleteTag",
        Method::Delete,
        "/customvision/{version}/training/projects/{projectId}/tags/{tagId}",
        "",
        {.key = Access::Key::Training, .since = "v3.0"}},
       delete_tag},
  };
  return operations;
}

}  // namespace cvemu::customvision
