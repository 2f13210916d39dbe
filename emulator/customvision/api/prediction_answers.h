// What the endpoints of prediction have in common: from a request with an image to the answer, kept if asked.
#pragma once
#include <string>

#include "customvision/api/request_reader.h"

namespace cvemu::customvision {

// The bytes of the one image of a request: a multipart part of any name, or the whole body.
std::string image_in_body(RequestContext& context, std::size_t most_bytes);
// The bytes behind the URL in the body; of what is longer than `most_bytes`, a byte more than that.
std::string image_at_url(CustomVision& state, RequestContext& context, std::size_t most_bytes);

struct PredictionRequest {
  Uuid iteration;  // of the project in the path
  std::string bytes;
  std::size_t most_bytes = 0;  // the endpoint's limit for an image
  bool store = true;
  std::string application;  // as the caller named itself, or empty
  bool tag_types = true;    // whether the endpoint's version answers them
  // The version of Training whose error codes the endpoint knows. Azure: Prediction 3.1 has those of Training
  // 3.3.
  ApiVersion codes = ApiVersion::V3_4;
};

// Throws image_format and its kind for bytes that are no image. Call outside any Transaction.
Response answer_prediction(CustomVision& state, RequestContext& context, const PredictionRequest& request);

}  // namespace cvemu::customvision
