#include "learning/model.h"

#include "base/text.h"

namespace cvemu::learning {

bool label_less(const std::string& a, const std::string& b) {
  const std::string lower_a = to_lower(a), lower_b = to_lower(b);
  return lower_a != lower_b ? lower_a < lower_b : a < b;
}

}  // namespace cvemu::learning
