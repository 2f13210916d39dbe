#include "base/text.h"
#include "customvision/files.h"
#include "customvision/limits.h"
#include "customvision/operations.h"

namespace cvemu::customvision {

namespace {

ImageFilter::Tagging tagging_in_query(const RequestContext& context) {
  using Tagging = ImageFilter::Tagging;
  const auto text = context.query().find_nonempty("taggingStatus");
  if (!text || iequals(*text, "All")) return Tagging::All;
  if (iequals(*text, "Tagged")) return Tagging::Tagged;
  if (iequals(*text, "Untagged")) return Tagging::Untagged;
  throw errors::invalid_parameter("taggingStatus", *text);
}

bool oldest_first_in_query(const RequestContext& context) {
  const auto text = context.query().find_nonempty("orderBy");
  if (!text || iequals(*text, "Newest")) return false;
  if (iequals(*text, "Oldest")) return true;
  throw errors::invalid_parameter("orderBy", *text);
}

Response list(CustomVision& state, RequestContext& context, ImageFilter filter) {
  filter.oldest_first = oldest_first_in_query(context);
  filter.take = query_integer(context, "take", limits::kDefaultTake, 0, limits::kTake);
  filter.skip = query_integer(context, "skip", 0, 0, INT32_MAX);
  std::vector<TrainingImage> page;
  {
    Transaction tx(state.environment.database);
    const Project project = require_project(tx, context);
    const auto iteration = query_id(context, "iterationId");
    if (iteration && !iterations::find(tx, project.id, *iteration)) throw errors::iteration_not_found();
    page = images::list(tx, project.id, filter);
  }
  JsonWriter json;
  json.begin_array();
  for (const TrainingImage& image : page)
    wire::write(json, image, state.files.image_links(context.exchange, image), version_of(context));
  json.end_array();
  return json_response(json);
}

Response get_images(CustomVision& state, RequestContext& context) {
  ImageFilter filter;
  filter.tagging = tagging_in_query(context);
  filter.tags = query_ids(context, "tagIds", limits::kTagsPerFilter);
  return list(state, context, filter);
}

Response get_tagged_images(CustomVision& state, RequestContext& context) {
  ImageFilter filter;
  filter.tagging = ImageFilter::Tagging::Tagged;
  filter.tags = query_ids(context, "tagIds", limits::kTagsPerFilter);
  return list(state, context, filter);
}

Response get_untagged_images(CustomVision& state, RequestContext& context) {
  ImageFilter filter;
  filter.tagging = ImageFilter::Tagging::Untagged;
  return list(state, context, filter);
}

constexpr Operation<CustomVision> kOperations[] = {
    {{"GetImages", Method::Get, "/customvision/{version}/training/projects/{projectId}/images", "",
      "training v3.3"},
     get_images},
    {{"GetTaggedImages", Method::Get, "/customvision/{version}/training/projects/{projectId}/images/tagged", "",
      "training v3.0"},
     get_tagged_images},
    {{"GetUntaggedImages", Method::Get,
      "/customvision/{version}/training/projects/{projectId}/images/untagged", "", "training v3.0"},
     get_untagged_images},
};

}  // namespace

std::span<const Operation<CustomVision>> image_operations() { return kOperations; }

}  // namespace cvemu::customvision
