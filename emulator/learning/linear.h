// Fits linear models. Deterministic: one thread, no random numbers, the same sums in the same order.
#pragma once
#include <span>
#include <vector>

#include "learning/model.h"

namespace cvemu::learning {

// Rows of equal length, one per sample.
struct Matrix {
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::vector<float> values;

  Matrix() = default;
  Matrix(std::size_t r, std::size_t c) : rows(r), columns(c), values(r * c) {}
  float* row(std::size_t i) { return values.data() + i * columns; }
  const float* row(std::size_t i) const { return values.data() + i * columns; }
};

// outputs = weights * inputs + bias, before any link.
struct LinearModel {
  std::vector<float> weights;  // outputs x inputs, row-major
  std::vector<float> bias;     // outputs
};

struct LogisticOptions {
  Link link = Link::Softmax;
  double l2 = 0.01;          // on the weights of standardised inputs
  int max_iterations = 400;  // full batch, Nesterov
  double tolerance = 2e-4;   // of the largest gradient
};

// targets: a probability per output (softmax: rows that sum to 1). weights: one per sample, any scale.
LinearModel fit_logistic(Matrix inputs, const Matrix& targets, std::span<const float> weights,
                         const LogisticOptions& options);

// Least squares with lambda * |w|^2 on standardised inputs, solved through the samples (Cholesky of rows x
// rows).
LinearModel fit_ridge(Matrix inputs, const Matrix& targets, double lambda);

// A sum of products in eight fixed lanes.
float dot(const float* a, const float* b, std::size_t count);

// In place.
void apply_link(Link link, std::span<float> values);

}  // namespace cvemu::learning
