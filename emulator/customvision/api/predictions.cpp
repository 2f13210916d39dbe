// The Prediction API: classify or detect, an image or its URL, kept or not.
#include "base/text.h"
#include "customvision/api/prediction_answers.h"
#include "customvision/limits.h"

namespace cvemu::customvision {

namespace {

enum class Kind { Classify, Detect };
enum class Source { Body, Url };
enum class Keep { Yes, No };

// Azure: only the publish name finds an iteration; its id or own name is an "Invalid iteration" (public
// report).
Uuid published_iteration(CustomVision& state, RequestContext& context, Kind kind) {
  Transaction tx(state.environment.database);
  const Project project = require_project(tx, context);
  const auto iteration = iterations::find_published(tx, project.id, context.path.get("publishedName"));
  if (!iteration) throw errors::iteration_not_found();
  const Domain* domain = find_domain(iteration->domain);
  const bool detection = domain && domain->is_detection();
  if (detection != (kind == Kind::Detect)) throw errors::wrong_project_kind();
  return iteration->id;
}

template <Kind kind, Source source, Keep keep>
Response predict(CustomVision& state, RequestContext& context) {
  PredictionRequest request;
  request.iteration = published_iteration(state, context, kind);
  request.most_bytes = limits::kPredictionImageBytes;
  request.bytes = source == Source::Body ? image_in_body(context, request.most_bytes)
                                         : image_at_url(state, context, request.most_bytes);
  request.store = keep == Keep::Yes;
  request.application = context.query().find_nonempty("application").value_or("");
  request.tag_types = version_of(context) >= ApiVersion::V3_1;
  request.codes = request.tag_types ? ApiVersion::V3_3 : ApiVersion::V3_0;
  return answer_prediction(state, context, request);
}

}  // namespace

std::span<const Operation<CustomVision>> prediction_operations() {
  static constexpr Operation<CustomVision> operations[] = {
      {{"ClassifyImage",
        Method::Post,
        "/customvision/{version}/prediction/{projectId}/classify/iterations/{publishedName}/image",
        "",
        {.key = Access::Key::Prediction, .since = "v3.0"}},
       predict<Kind::Classify, Source::Body, Keep::Yes>},
      {{"ClassifyImageWithNoStore",
        Method::Post,
        "/customvision/{version}/prediction/{projectId}/classify/iterations/{publishedName}/image/nostore",
        "",
        {.key = Access::Key::Prediction, .since = "v3.0"}},
       predict<Kind::Classify, Source::Body, Keep::No>},
      {{"ClassifyImageUrl",
        Method::Post,
        "/customvision/{version}/prediction/{projectId}/classify/iterations/{publishedName}/url",
        "",
        {.key = Access::Key::Prediction, .since = "v3.0"}},
       predict<Kind::Classify, Source::Url, Keep::Yes>},
      {{"ClassifyImageUrlWithNoStore",
        Method::Post,
        "/customvision/{version}/prediction/{projectId}/classify/iterations/{publishedName}/url/nostore",
        "",
        {.key = Access::Key::Prediction, .since = "v3.0"}},
       predict<Kind::Classify, Source::Url, Keep::No>},
      {{"DetectImage",
        Method::Post,
        "/customvision/{version}/prediction/{projectId}/detect/iterations/{publishedName}/image",
        "",
        {.key = Access::Key::Prediction, .since = "v3.0"}},
       predict<Kind::Detect, Source::Body, Keep::Yes>},
      {{"DetectImageWithNoStore",
        Method::Post,
        "/customvision/{version}/prediction/{projectId}/detect/iterations/{publishedName}/image/nostore",
        "",
        {.key = Access::Key::Prediction, .since = "v3.0"}},
       predict<Kind::Detect, Source::Body, Keep::No>},
      {{"DetectImageUrl",
        Method::Post,
        "/customvision/{version}/prediction/{projectId}/detect/iterations/{publishedName}/url",
        "",
        {.key = Access::Key::Prediction, .since = "v3.0"}},
       predict<Kind::Detect, Source::Url, Keep::Yes>},
      {{"DetectImageUrlWithNoStore",
        Method::Post,
        "/customvision/{version}/prediction/{projectId}/detect/iterations/{publishedName}/url/nostore",
        "",
        {.key = Access::Key::Prediction, .since = "v3.0"}},
       predict<Kind::Detect, Source::Url, Keep::No>},
  };
  return operations;
}

}  // namespace cvemu::customvision
