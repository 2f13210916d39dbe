// Images deleted, tagged and untagged.
#include <algorithm>

#include "customvision/api/image_removal.h"
#include "customvision/api/labelling.h"
#include "customvision/api/request_reader.h"
#include "customvision/files.h"
#include "customvision/limits.h"

namespace cvemu::customvision {

namespace {

struct Deletion {
  std::vector<Uuid> ids;
  bool all_images = false, all_iterations = false;
};

// Azure: version 3.0 knows imageIds only.
Deletion deletion_in_query(const RequestContext& context) {
  if (version_of(context) < ApiVersion::V3_1) return {required_ids(context, "imageIds", limits::kImageIds)};
  Deletion deletion{query_ids(context, "imageIds", limits::kImageIds),
                    query_boolean(context, "allImages", false),
                    query_boolean(context, "allIterations", false)};
  if (deletion.ids.empty() && !deletion.all_images) throw errors::required_parameter("imageIds");
  return deletion;
}

void take_out(Transaction& tx, const Uuid& workspace, const Deletion& deletion) {
  if (deletion.all_images) {
    images::take_out_all(tx, workspace);
  } else {
    images::take_out(tx, workspace, deletion.ids);
  }
}

// A project whose thumbnail went away shows its newest image.
void renew_thumbnail(Transaction& tx, Project& project) {
  if (project.thumbnail && images::contains(tx, project.id, *project.thumbnail)) return;
  project.thumbnail = images::newest(tx, project.id);
}

void finish_removal(Transaction& tx, CustomVision& state, Project& project, const std::vector<Uuid>& gone) {
  for (const Uuid& image : gone) state.files.remove_image(tx, project.id, image);
  renew_thumbnail(tx, project);
  project.changed = true;
  projects::update(tx, project);
}

// Azure: images leave the project's workspace only; trained iterations keep theirs unless allIterations is
// set.
// Emulator: ids nobody knows are passed over.
Response delete_images(CustomVision& state, RequestContext& context) {
  const Deletion deletion = deletion_in_query(context);
  Transaction tx(state.environment.database);
  Project project = require_project(tx, context);
  take_out(tx, project.id, deletion);
  if (deletion.all_iterations)
    for (const Iteration& iteration : iterations::list(tx, project.id)) take_out(tx, iteration.id, deletion);
  const auto gone =
      deletion.all_images ? images::remove_unused(tx, project.id) : images::remove_unused(tx, deletion.ids);
  finish_removal(tx, state, project, gone);
  tx.commit();
  // Azure: 202 with one of the flags, 204 without (interface).
  return empty_response(deletion.all_images || deletion.all_iterations ? 202 : 204);
}

// Tags and images are checked before anything is changed; one wrong id refuses the request.
Response create_image_tags(CustomVision& state, RequestContext& context) {
  const auto entries = wire::read_image_tags(json_body(context));
  if (entries.empty()) throw errors::required_parameter("tags");
  if (entries.size() > limits::kImageTagsPerCreate)
    throw errors::too_many_items("tags", limits::kImageTagsPerCreate);

  Transaction tx(state.environment.database);
  const Project project = require_project(tx, context);
  const Labelling labelling(tx, project);
  wire::ImageTagSummary summary;
  for (const wire::ImageTagEntry& entry : entries) {
    const TrainingImage image = labelling.require_image(entry.image);
    labelling.require_tag(entry.tag);
    const bool has_it = std::any_of(image.tags.begin(), image.tags.end(),
                                    [&](const ImageTag& tag) { return tag.tag == entry.tag; });
    if (has_it) {
      summary.duplicated.push_back(entry);
    } else if (!labelling.has_room(image, entry.tag)) {
      summary.exceeded.push_back(entry);
    } else {
      labelling.require_one_kind(image, entry.tag);
      images::add_tag(tx, project.id, entry.image, entry.tag, context.at());
      summary.created.push_back(entry);
    }
  }
  if (!summary.created.empty()) projects::mark_changed(tx, project.id);
  tx.commit();
  JsonWriter json;
  wire::write(json, summary);
  return json_response(json);
}

// Emulator: ids nobody knows are passed over; the service's answer is not on record.
Response delete_image_tags(CustomVision& state, RequestContext& context) {
  const std::vector<Uuid> images = required_ids(context, "imageIds", limits::kImagesPerTagDelete);
  const std::vector<Uuid> tags = required_ids(context, "tagIds", limits::kTagsPerTagDelete);
  Transaction tx(state.environment.database);
  const Project project = require_project(tx, context);
  bool changed = false;
  for (const Uuid& image : images)
    for (const Uuid& tag : tags) changed = images::remove_tag(tx, project.id, image, tag) || changed;
  if (changed) projects::mark_changed(tx, project.id);
  tx.commit();
  return no_content();
}

}  // namespace

void remove_image(Transaction& tx, CustomVision& state, Project& project, const Uuid& image) {
  images::take_out(tx, project.id, {image});
  for (const Iteration& iteration : iterations::list(tx, project.id))
    images::take_out(tx, iteration.id, {image});
  finish_removal(tx, state, project, images::remove_unused(tx, std::vector{image}));
}

std::span<const Operation<CustomVision>> image_change_operations() {
  static constexpr Operation<CustomVision> operations[] = {
      {{"DeleteImages",
        Method::Delete,
        "/customvision/{version}/training/projects/{projectId}/images",
        "",
        {.key = Access::Key::Training, .since = "v3.0"}},
       delete_images},
      {{"CreateImageTags",
        Method::Post,
        "/customvision/{version}/training/projects/{projectId}/images/tags",
        "",
        {.key = Access::Key::Training, .since = "v3.0"}},
       create_image_tags},
      {{"DeleteImageTags",
        Method::Delete,
        "/customvision/{version}/training/projects/{projectId}/images/tags",
        "",
        {.key = Access::Key::Training, .since = "v3.0"}},
       delete_image_tags},
  };
  return operations;
}

}  // namespace cvemu::customvision
