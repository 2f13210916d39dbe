#include "learning/portable_math.h"

#include <doctest/doctest.h>

#include <cmath>

namespace cvemu::learning_portable_math_test {

using namespace cvemu::learning;

TEST_CASE("portable_exp and portable_log agree with the C library") {
  for (double x = -30; x <= 30; x += 0.37) {
    CHECK(portable_exp(x) == doctest::Approx(std::exp(x)).epsilon(1e-14));
    CHECK(portable_log(std::exp(x)) == doctest::Approx(x).epsilon(1e-13));
  }
  CHECK(portable_exp(0) == 1);
  CHECK(portable_exp(-1000) == 0);
  CHECK(std::isfinite(portable_exp(1e9)));
}

TEST_CASE("logistic: symmetric around one half") {
  CHECK(logistic(0) == 0.5);
  CHECK(logistic(3) + logistic(-3) == doctest::Approx(1));
}

}  // namespace cvemu::learning_portable_math_test
