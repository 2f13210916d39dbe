// Float4 floats worked on at once: what every compiler turns into one vector instruction, at any optimisation
// level. Each of the four has its own sum, so the results never depend on the compiler.
#pragma once
#include <cstring>

namespace cvemu::learning {

using Float4 = float __attribute__((vector_size(16)));

inline Float4 load_float4(const float* from) {
  Float4 out;
  std::memcpy(&out, from, sizeof out);
  return out;
}

inline void store_float4(float* to, Float4 value) {
  std::memcpy(to, &value, sizeof value);
}

}  // namespace cvemu::learning
