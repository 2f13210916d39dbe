#include "imaging/encode.h"

#include <doctest/doctest.h>

#include <stdexcept>

#include "imaging/decode.h"
#include "imaging/test_files.h"

namespace cvemu::imaging_encode_test {

using namespace cvemu::imaging;

TEST_CASE("encode_jpeg: what is written can be read again, and lower quality is smaller") {
  const Image image = testing::corners(120, 80);
  const std::string fine = encode_jpeg(image, 90);
  CHECK(testing::distance(std::get<Image>(decode(fine)), image) <= 16);
  CHECK(encode_jpeg(image, 30).size() < fine.size());
  CHECK(encode_jpeg(image, 90) == fine);
}

TEST_CASE("encode_jpeg: an empty image is the caller's mistake") {
  CHECK_THROWS_AS(encode_jpeg(Image{}, 80), std::logic_error);
}

}  // namespace cvemu::imaging_encode_test
