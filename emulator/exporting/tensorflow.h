// Files of the TensorFlow family except TensorFlow Lite. Pure functions; same model, same bytes.
#pragma once
#include <vector>

#include "exporting/network.h"

namespace cvemu::exporting {

std::string write_frozen_graph(const Model& model);
// saved_model.pb: the frozen graph with the tag "serve" and the signature "serving_default"; no variables.
std::string write_saved_model(const Model& model);
// model.json and weights.bin.
std::vector<File> write_tensorflow_js(const Model& model);

}  // namespace cvemu::exporting
