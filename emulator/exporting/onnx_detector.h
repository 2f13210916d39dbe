// Pieces that the two kinds of ONNX files share.
#pragma once
#include "exporting/onnx.h"
#include "exporting/onnx_graph.h"

namespace cvemu::exporting {

OnnxType onnx_type(Precision precision);

// Each returns the name of what it computes.
std::string onnx_convolution(OnnxGraph& graph, const Convolution& c, const std::string& input,
                             const std::string& output, int padding);
std::string onnx_filters(OnnxGraph& graph, const learning::Shape& shape, bool bgr, Precision precision,
                         const std::string& input);

// Makes `from`, which is float, an output of the precision asked for.
void onnx_result(OnnxGraph& graph, const std::string& from, const std::string& name, Precision precision,
                 const std::vector<OnnxDimension>& shape);

}  // namespace cvemu::exporting
