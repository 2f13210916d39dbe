// ONNX files, float32 or with float16 weights, input and output. Azure: the names of inputs and outputs, the
// order of colours and the sizes are those of the service's exports.
#pragma once
#include "exporting/network.h"

namespace cvemu::exporting {

enum class Precision { Single, Half };

std::string write_onnx(const learning::Classifier& classifier, Precision precision);
std::string write_onnx(const learning::Detector& detector, Precision precision);

}  // namespace cvemu::exporting
