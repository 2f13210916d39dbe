#include "base/text.h"
#include "customvision/api/request_reader.h"
#include "customvision/files.h"
#include "customvision/limits.h"
#include "customvision/wire/metadata_filter.h"

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

Response answer(CustomVision& state, RequestContext& context, const std::vector<TrainingImage>& images) {
  JsonWriter json;
  json.begin_array();
  for (const TrainingImage& image : images)
    wire::write(json, image, state.files.image_links(context.exchange, image), version_of(context));
  json.end_array();
  return json_response(json);
}

Response list(CustomVision& state, RequestContext& context, const ImageFilter& filter) {
  const ImagePage page = page_in_query(context);
  std::vector<TrainingImage> images;
  {
    Transaction tx(state.environment.database);
    images =
        images::list(tx, requested_workspace(tx, context, require_project(tx, context).id), filter, page);
  }
  return answer(state, context, images);
}

Response count(CustomVision& state, RequestContext& context, const ImageFilter& filter) {
  Transaction tx(state.environment.database);
  const Uuid workspace = requested_workspace(tx, context, require_project(tx, context).id);
  JsonWriter json;
  json.integer(images::count(tx, workspace, filter));
  return json_response(json);
}

// What GetImages and GetImageCount can ask for.
ImageFilter filter_in_query(const RequestContext& context, std::size_t most_tags) {
  ImageFilter filter;
  filter.tagging = tagging_in_query(context);
  filter.tags = query_ids(context, "tagIds", most_tags);
  if (const auto text = context.query().find_nonempty("$filter"))
    filter.metadata = parse_metadata_filter(*text);
  return filter;
}

ImageFilter tagged(const RequestContext& context, std::size_t most_tags) {
  ImageFilter filter;
  filter.tagging = ImageFilter::Tagging::Tagged;
  filter.tags = query_ids(context, "tagIds", most_tags);
  return filter;
}

ImageFilter untagged() {
  ImageFilter filter;
  filter.tagging = ImageFilter::Tagging::Untagged;
  return filter;
}

Response get_images(CustomVision& state, RequestContext& context) {
  return list(state, context, filter_in_query(context, limits::kTagsPerFilter));
}
Response get_tagged_images(CustomVision& state, RequestContext& context) {
  return list(state, context, tagged(context, limits::kTagsPerFilter));
}
Response get_untagged_images(CustomVision& state, RequestContext& context) {
  return list(state, context, untagged());
}

Response get_image_count(CustomVision& state, RequestContext& context) {
  return count(state, context, filter_in_query(context, limits::kTagsPerCount));
}
Response get_tagged_image_count(CustomVision& state, RequestContext& context) {
  return count(state, context, tagged(context, limits::kTagsPerCount));
}
Response get_untagged_image_count(CustomVision& state, RequestContext& context) {
  return count(state, context, untagged());
}

// Azure: asked newest first, answered oldest first (one observation). Emulator: ids nobody knows are left
// out.
Response get_images_by_ids(CustomVision& state, RequestContext& context) {
  const std::vector<Uuid> ids = query_ids(context, "imageIds", limits::kImageIds);
  std::vector<TrainingImage> images;
  {
    Transaction tx(state.environment.database);
    images = images::list_by_ids(tx, requested_workspace(tx, context, require_project(tx, context).id), ids);
  }
  return answer(state, context, images);
}

}  // namespace

std::span<const Operation<CustomVision>> image_operations() {
  static constexpr Operation<CustomVision> operations[] = {
      {{"GetImages",
        Method::Get,
        "/customvision/{version}/training/projects/{projectId}/images",
        "",
        {.key = Access::Key::Training, .since = "v3.3"}},
       get_images},
      {{"GetTaggedImages",
        Method::Get,
        "/customvision/{version}/training/projects/{projectId}/images/tagged",
        "",
        {.key = Access::Key::Training, .since = "v3.0"}},
       get_tagged_images},
      {{"GetUntaggedImages",
        Method::Get,
        "/customvision/{version}/training/projects/{projectId}/images/untagged",
        "",
        {.key = Access::Key::Training, .since = "v3.0"}},
       get_untagged_images},
      {{"GetImageCount",
        Method::Get,
        "/customvision/{version}/training/projects/{projectId}/images/count",
        "",
        {.key = Access::Key::Training, .since = "v3.3"}},
       get_image_count},
      {{"GetTaggedImageCount",
        Method::Get,
        "/customvision/{version}/training/projects/{projectId}/images/tagged/count",
        "",
        {.key = Access::Key::Training, .since = "v3.0"}},
       get_tagged_image_count},
      {{"GetUntaggedImageCount",
        Method::Get,
        "/customvision/{version}/training/projects/{projectId}/images/untagged/count",
        "",
        {.key = Access::Key::Training, .since = "v3.0"}},
       get_untagged_image_count},
      {{"GetImagesByIds",
        Method::Get,
        "/customvision/{version}/training/projects/{projectId}/images/id",
        "",
        {.key = Access::Key::Training, .since = "v3.0"}},
       get_images_by_ids},
  };
  return operations;
}

}  // namespace cvemu::customvision
