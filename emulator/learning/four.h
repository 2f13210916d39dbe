// Four floats worked on at once: what every compiler turns into one vector instruction, at any optimisation
// level. Each of the four has its own sum, so the results never depend on the compiler.
#pragma once
#include <cstring>

namespace cvemu::learning {

using Four = float __attribute__((vector_size(16)));

inline Four load_four(const float* from) {
  Four out;
  std::memcpy(&out, from, sizeof out);
  return out;
}

inline void store_four(float* to, Four value) {
  std::memcpy(to, &value, sizeof value);
}

}  // namespace cvemu::learning
