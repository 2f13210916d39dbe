// exp and log from additions and multiplications alone: the same bits with every compiler and C library, so
// that trained models are the same bytes everywhere. Relative error below 1e-14.
#pragma once

namespace cvemu::learning {

double portable_exp(double x);  // below -700: 0; above 700: as 700
double portable_log(double x);  // x must be positive and normal
double logistic(double x);      // 1 / (1 + exp(-x))

}  // namespace cvemu::learning
