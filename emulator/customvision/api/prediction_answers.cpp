#include "customvision/api/prediction_answers.h"

#include "customvision/api/image_files.h"
#include "customvision/limits.h"
#include "customvision/model/predictor.h"
#include "store/customvision/predictions.h"

namespace cvemu::customvision {

namespace {

constexpr std::size_t kMultipartFrame = 64 * 1024;  // room for the part's headers and borders

// Azure: the id in the text is a GUID without dashes (public report). Emulator: it is the request's.
ApiError fault_error(ImageFault fault, ApiVersion codes, RequestContext& context) {
  switch (fault) {
    case ImageFault::TooManyBytes:
      return errors::image_too_large();
    case ImageFault::NotAnImage:
      return errors::image_format(context.exchange.id);
    default:
      break;
  }
  // Azure: codes of 3.3 and of 3.4-preview.
  if (codes < ApiVersion::V3_3) return errors::image_too_large();
  const bool ratio = fault == ImageFault::BadAspectRatio && codes >= ApiVersion::V3_4;
  return ratio ? errors::image_aspect_ratio() : errors::image_dimensions();
}

imaging::Image decode(RequestContext& context, const PredictionRequest& request) {
  auto decoded = decode_image(request.bytes, request.most_bytes);
  if (const auto* fault = std::get_if<ImageFault>(&decoded))
    throw fault_error(*fault, request.codes, context);
  return std::get<imaging::Image>(std::move(decoded));
}

void keep(CustomVision& state, const wire::ImagePrediction& answer, const PredictionRequest& request,
          const imaging::Image& image, const Iteration& iteration) {
  const ServiceFiles::ImageFiles files = files_of(request.bytes, image);
  StoredPrediction stored{answer.id,
                          answer.project,
                          answer.iteration,
                          answer.created,
                          request.application,
                          image.width,
                          image.height,
                          wire::to_json(answer.predictions),
                          uncertainty_of(answer.predictions, iteration)};
  Transaction tx(state.environment.database);
  if (!projects::find(tx, answer.project))
    throw errors::project_not_found(answer.project);  // deleted meanwhile
  predictions::insert(tx, stored);
  state.files.put_prediction(tx, stored, files, answer.created);
  tx.commit();
}

}  // namespace

std::string image_in_body(RequestContext& context, std::size_t most_bytes) {
  std::string body;
  try {
    body = context.body.all(most_bytes + kMultipartFrame);
  } catch (const BodyTooLarge&) {
    throw errors::image_too_large();
  }
  if (body.empty()) throw errors::required_parameter("imageData");
  if (!is_multipart(context)) return body;
  const std::vector<Part> parts = multipart_of(context, body);
  if (parts.empty()) throw errors::required_parameter("imageData");
  return std::string(parts.front().content);
}

std::string image_at_url(CustomVision& state, RequestContext& context, std::size_t most_bytes) {
  const auto url = wire::read_image_url(json_body(context));
  if (!url || url->empty()) throw errors::required_parameter("url");
  auto bytes = fetch_image(state, *url, most_bytes);
  if (!bytes) throw errors::image_url(*url);
  return *std::move(bytes);
}

Response answer_prediction(CustomVision& state, RequestContext& context, const PredictionRequest& request) {
  const ByteBudget::Share share = state.decoding.take(imaging::memory_to_decode(request.bytes));
  const imaging::Image image = decode(context, request);
  std::optional<Predictor> predictor;
  std::optional<Iteration> iteration;
  {
    Transaction tx(state.environment.database);
    iteration = iterations::find(tx, path_id(context, "projectId"), request.iteration);
    if (!iteration) throw errors::iteration_not_found();
    predictor.emplace(state, tx, *iteration);
  }
  // Azure: the answer's id is its Request-Id (recorded).
  const wire::ImagePrediction answer{context.exchange.id, iteration->project, iteration->id, context.at(),
                                     predictor->predict(request.bytes, image)};
  if (request.store) keep(state, answer, request, image, *iteration);
  JsonWriter json;
  wire::write(json, answer, {request.tag_types, version_of(context) == ApiVersion::V3_0});
  return json_response(json);
}

}  // namespace cvemu::customvision
