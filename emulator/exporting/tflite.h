// TensorFlow Lite files (schema version 3), float32 or with float16 weights.
#pragma once
#include "exporting/network.h"
#include "exporting/onnx.h"

namespace cvemu::exporting {

std::string write_tflite(const Model& model, Precision precision);

}  // namespace cvemu::exporting
