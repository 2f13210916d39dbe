// Trying out an iteration without publishing it.
#include "customvision/api/prediction_answers.h"
#include "customvision/limits.h"

namespace cvemu::customvision {

namespace {

// Azure: without an id the default iteration would serve, but since 3.0 nothing can name one.
Uuid tested_iteration(CustomVision& state, RequestContext& context) {
  const auto id = query_id(context, "iterationId");
  Transaction tx(state.environment.database);
  const Project project = require_project(tx, context);
  if (!id) throw errors::no_default_iteration();
  const auto iteration = iterations::find(tx, project.id, *id);
  if (!iteration) throw errors::iteration_not_found();
  if (iteration->status != IterationStatus::Completed) throw errors::iteration_not_trained();
  return *id;
}

PredictionRequest request_of(CustomVision& state, RequestContext& context) {
  PredictionRequest request;
  request.iteration = tested_iteration(state, context);
  request.most_bytes = limits::kImageBytes;
  // Azure: the flag came with 3.1; before, every image was kept.
  request.store = version_of(context) < ApiVersion::V3_1 || query_boolean(context, "store", true);
  request.codes = version_of(context);
  request.tag_types = request.codes >= ApiVersion::V3_3;
  return request;
}

Response quick_test_image(CustomVision& state, RequestContext& context) {
  PredictionRequest request = request_of(state, context);
  request.bytes = image_in_body(context, request.most_bytes);
  return answer_prediction(state, context, request);
}

Response quick_test_image_url(CustomVision& state, RequestContext& context) {
  PredictionRequest request = request_of(state, context);
  request.bytes = image_at_url(state, context, request.most_bytes);
  return answer_prediction(state, context, request);
}

}  // namespace

std::span<const Operation<CustomVision>> quick_test_operations() {
  static constexpr Operation<CustomVision> operations[] = {
      {{"QuickTestImage",
        Method::Post,
        "/customvision/{version}/training/projects/{projectId}/quicktest/image",
        "",
        {.key = Access::Key::Training, .since = "v3.0"}},
       quick_test_image},
      {{"QuickTestImageUrl",
        Method::Post,
        "/customvision/{version}/training/projects/{projectId}/quicktest/url",
        "",
        {.key = Access::Key::Training, .since = "v3.0"}},
       quick_test_image_url},
  };
  return operations;
}

}  // namespace cvemu::customvision
