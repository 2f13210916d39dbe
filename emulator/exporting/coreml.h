// Core ML files (.mlmodel), float32 or with float16 weights. Field numbers are those of the public mlmodel
// format.
#pragma once
#include "exporting/network.h"
#include "exporting/onnx.h"

namespace cvemu::exporting {

std::string write_coreml(const Model& model, Precision precision);

}  // namespace cvemu::exporting
