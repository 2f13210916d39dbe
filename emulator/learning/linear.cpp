#include "learning/linear.h"

#include <algorithm>
#include <cmath>

#include "learning/float4.h"
#include "learning/portable_math.h"

namespace cvemu::learning {

namespace {

void add_scaled(float* to, const float* from, float factor, std::size_t count) {
  std::size_t i = 0;
  for (; i + 4 <= count; i += 4) store_float4(to + i, load_float4(to + i) + factor * load_float4(from + i));
  for (; i < count; ++i) to[i] += factor * from[i];
}

// Brings every column to mean 0 and deviation 1, and later folds that into the weights.
class Standardiser {
 public:
  explicit Standardiser(Matrix& m) : mean_(m.columns), scale_(m.columns) {
    std::vector<double> square(m.columns);
    for (std::size_t i = 0; i < m.rows; ++i) {
      for (std::size_t j = 0; j < m.columns; ++j) mean_[j] += m.row(i)[j];
    }
    for (double& mean : mean_) mean /= static_cast<double>(m.rows);
    for (std::size_t i = 0; i < m.rows; ++i) {
      for (std::size_t j = 0; j < m.columns; ++j) {
        const double d = m.row(i)[j] - mean_[j];
        square[j] += d * d;
      }
    }
    constexpr double kFlat = 1e-3;  // a constant column must not be blown up
    for (std::size_t j = 0; j < m.columns; ++j) {
      scale_[j] = 1 / (std::sqrt(square[j] / static_cast<double>(m.rows)) + kFlat);
    }
    for (std::size_t i = 0; i < m.rows; ++i) {
      float* row = m.row(i);
      for (std::size_t j = 0; j < m.columns; ++j) {
        row[j] = static_cast<float>((row[j] - mean_[j]) * scale_[j]);
      }
    }
  }

  void fold_into(LinearModel& model) const {
    const std::size_t inputs = mean_.size();
    for (std::size_t k = 0; k < model.bias.size(); ++k) {
      double bias = model.bias[k];
      for (std::size_t j = 0; j < inputs; ++j) {
        float& weight = model.weights[k * inputs + j];
        const double raw = weight * scale_[j];
        bias -= raw * mean_[j];
        weight = static_cast<float>(raw);
      }
      model.bias[k] = static_cast<float>(bias);
    }
  }

 private:
  std::vector<double> mean_, scale_;
};

class LogisticFit {
 public:
  LogisticFit(const Matrix& x, const Matrix& targets, std::vector<float> weights,
              const LogisticOptions& options)
      : x_(x), targets_(targets), weights_(std::move(weights)), options_(options) {}

  LinearModel run() {
    const std::size_t outputs = targets_.columns;
    LinearModel now{std::vector<float>(outputs * x_.columns), std::vector<float>(outputs)};
    LinearModel ahead = now, gradient = now;
    const auto step = static_cast<float>(1 / curvature());
    double t = 1;
    for (int i = 0; i < options_.max_iterations; ++i) {
      if (find_gradient(ahead, gradient) < options_.tolerance) break;
      const double next_t = (1 + std::sqrt(1 + 4 * t * t)) / 2;
      const auto momentum = static_cast<float>((t - 1) / next_t);
      advance(now.weights, ahead.weights, gradient.weights, step, momentum);
      advance(now.bias, ahead.bias, gradient.bias, step, momentum);
      t = next_t;
    }
    return ahead;
  }

 private:
  static void advance(std::vector<float>& now, std::vector<float>& ahead, const std::vector<float>& gradient,
                      float step, float momentum) {
    for (std::size_t i = 0; i < now.size(); ++i) {
      const float next = ahead[i] - step * gradient[i];
      ahead[i] = next + momentum * (next - now[i]);
      now[i] = next;
    }
  }

  // Upper bound of the second derivative: a quarter (sigmoid) or a half (softmax) of the largest eigenvalue
  // of the weighted covariance, by power iteration.
  double curvature() const {
    constexpr int kRounds = 15;
    constexpr double kMargin = 1.1;  // power iteration approaches from below
    std::vector<float> v(x_.columns, 1.0F), next(x_.columns);
    double eigenvalue = 1;
    for (int round = 0; round < kRounds; ++round) {
      std::fill(next.begin(), next.end(), 0.0F);
      for (std::size_t i = 0; i < x_.rows; ++i) {
        add_scaled(next.data(), x_.row(i), weights_[i] * dot(x_.row(i), v.data(), v.size()), v.size());
      }
      const double norm = std::sqrt(static_cast<double>(dot(next.data(), next.data(), next.size())));
      if (norm < 1e-12) break;
      eigenvalue = norm;
      for (std::size_t j = 0; j < v.size(); ++j) v[j] = static_cast<float>(next[j] / norm);
    }
    const double bound = std::max(1.0, eigenvalue * kMargin);
    return bound * (options_.link == Link::Sigmoid ? 0.25 : 0.5) + options_.l2;
  }

  double find_gradient(const LinearModel& at, LinearModel& gradient) const {
    const std::size_t inputs = x_.columns, outputs = targets_.columns;
    for (std::size_t i = 0; i < at.weights.size(); ++i) {
      gradient.weights[i] = static_cast<float>(options_.l2) * at.weights[i];
    }
    std::fill(gradient.bias.begin(), gradient.bias.end(), 0.0F);
    std::vector<float> out(outputs);
    for (std::size_t i = 0; i < x_.rows; ++i) {
      for (std::size_t k = 0; k < outputs; ++k) {
        out[k] = dot(x_.row(i), &at.weights[k * inputs], inputs) + at.bias[k];
      }
      apply_link(options_.link, out);
      for (std::size_t k = 0; k < outputs; ++k) {
        const float error = weights_[i] * (out[k] - targets_.row(i)[k]);
        add_scaled(&gradient.weights[k * inputs], x_.row(i), error, inputs);
        gradient.bias[k] += error;
      }
    }
    return std::max(largest(gradient.weights), largest(gradient.bias));
  }

  static double largest(const std::vector<float>& values) {
    float most = 0;
    for (const float value : values) most = std::max(most, std::fabs(value));
    return most;
  }

  const Matrix& x_;
  const Matrix& targets_;
  std::vector<float> weights_;  // sum 1
  const LogisticOptions options_;
};

std::vector<float> normalised(std::span<const float> weights) {
  double sum = 0;
  for (const float weight : weights) sum += weight;
  std::vector<float> out;
  for (const float weight : weights) out.push_back(static_cast<float>(weight / sum));
  return out;
}

// Replaces the lower triangle of a symmetric positive matrix by its Cholesky factor.
void factorise(std::vector<double>& a, std::size_t n) {
  for (std::size_t j = 0; j < n; ++j) {
    for (std::size_t i = j; i < n; ++i) {
      double sum = a[i * n + j];
      for (std::size_t k = 0; k < j; ++k) sum -= a[i * n + k] * a[j * n + k];
      a[i * n + j] = i == j ? std::sqrt(sum) : sum / a[j * n + j];
    }
  }
}

void solve(const std::vector<double>& factor, std::size_t n, std::vector<double>& b) {
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < i; ++k) b[i] -= factor[i * n + k] * b[k];
    b[i] /= factor[i * n + i];
  }
  for (std::size_t i = n; i-- > 0;) {
    for (std::size_t k = i + 1; k < n; ++k) b[i] -= factor[k * n + i] * b[k];
    b[i] /= factor[i * n + i];
  }
}

std::vector<double> gram(const Matrix& x, double lambda) {
  std::vector<double> out(x.rows * x.rows);
  for (std::size_t i = 0; i < x.rows; ++i) {
    for (std::size_t j = 0; j <= i; ++j) out[i * x.rows + j] = dot(x.row(i), x.row(j), x.columns);
    out[i * x.rows + i] += lambda;
  }
  return out;
}

}  // namespace

float dot(const float* a, const float* b, std::size_t count) {
  Float4 even{}, odd{};
  std::size_t i = 0;
  for (; i + 8 <= count; i += 8) {
    even += load_float4(a + i) * load_float4(b + i);
    odd += load_float4(a + i + 4) * load_float4(b + i + 4);
  }
  float rest = 0;
  for (; i < count; ++i) rest += a[i] * b[i];
  const Float4 sum = even + odd;
  return ((sum[0] + sum[2]) + (sum[1] + sum[3])) + rest;
}

void apply_link(Link link, std::span<float> values) {
  if (link == Link::Sigmoid) {
    for (float& value : values) value = static_cast<float>(logistic(value));
    return;
  }
  if (values.empty()) return;
  const float top = *std::max_element(values.begin(), values.end());
  double sum = 0;
  for (float& value : values) {
    value = static_cast<float>(portable_exp(static_cast<double>(value) - top));
    sum += value;
  }
  for (float& value : values) value = static_cast<float>(value / sum);
}

LinearModel fit_logistic(Matrix inputs, const Matrix& targets, std::span<const float> weights,
                         const LogisticOptions& options) {
  const Standardiser standardiser(inputs);
  LinearModel model = LogisticFit(inputs, targets, normalised(weights), options).run();
  standardiser.fold_into(model);
  return model;
}

LinearModel fit_ridge(Matrix inputs, const Matrix& targets, double lambda) {
  const Standardiser standardiser(inputs);
  const std::size_t n = inputs.rows;
  std::vector<double> factor = gram(inputs, lambda);
  factorise(factor, n);
  LinearModel model{std::vector<float>(targets.columns * inputs.columns),
                    std::vector<float>(targets.columns)};
  for (std::size_t k = 0; k < targets.columns; ++k) {
    double mean = 0;
    for (std::size_t i = 0; i < n; ++i) mean += targets.row(i)[k];
    mean /= static_cast<double>(n);
    std::vector<double> dual;
    for (std::size_t i = 0; i < n; ++i) dual.push_back(targets.row(i)[k] - mean);
    solve(factor, n, dual);
    float* weights = &model.weights[k * inputs.columns];
    for (std::size_t i = 0; i < n; ++i) {
      add_scaled(weights, inputs.row(i), static_cast<float>(dual[i]), inputs.columns);
    }
    model.bias[k] = static_cast<float>(mean);
  }
  standardiser.fold_into(model);
  return model;
}

}  // namespace cvemu::learning
