// Models, features and predictions as bytes to be kept: little-endian, the same on every machine. Reading
// throws std::runtime_error for bytes that were not written here. Pure functions; any thread.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "learning/model.h"
#include "learning/regions.h"

namespace cvemu::learning {

using Model = std::variant<Classifier, Detector>;

std::string to_bytes(const Model& model);
Model model_from_bytes(std::string_view bytes);

std::string to_bytes(std::span<const float> values);
std::vector<float> floats_from_bytes(std::string_view bytes);

std::string to_bytes(const std::vector<Detection>& detections);
std::vector<Detection> detections_from_bytes(std::string_view bytes);

}  // namespace cvemu::learning
