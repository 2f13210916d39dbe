#include "customvision/api/image_files.h"

#include <doctest/doctest.h>

#include "customvision/limits.h"
#include "imaging/encode.h"

namespace cvemu::api_image_files_test {

using namespace cvemu::customvision;

namespace {

std::string jpeg(int width, int height) {
  return imaging::encode_jpeg(imaging::Image(width, height), 80);
}

std::optional<ImageFault> fault_of(std::string_view bytes, std::size_t most = limits::kImageBytes) {
  const auto decoded = decode_image(bytes, most);
  const auto* fault = std::get_if<ImageFault>(&decoded);
  return fault ? std::optional(*fault) : std::nullopt;
}

}  // namespace

TEST_CASE("image files: the limits of the service, to the pixel and to the byte") {
  CHECK_FALSE(fault_of(jpeg(250, 10)));
  CHECK(fault_of(jpeg(251, 10)) == ImageFault::BadAspectRatio);
  CHECK(fault_of(jpeg(10, 251)) == ImageFault::BadAspectRatio);
  CHECK_FALSE(fault_of(jpeg(10'240, 410)));
  CHECK(fault_of(jpeg(10'241, 410)) == ImageFault::BadDimensions);
  const std::string file = jpeg(30, 30);
  CHECK_FALSE(fault_of(file, file.size()));
  CHECK(fault_of(file, file.size() - 1) == ImageFault::TooManyBytes);
}

TEST_CASE("image files: what is no image") {
  for (const std::string& bytes : {std::string(), std::string("text"), jpeg(30, 30).substr(0, 200)})
    CHECK(fault_of(bytes) == ImageFault::NotAnImage);
}

TEST_CASE("image files: a small copy of a large image only") {
  const imaging::Image small(400, 200), large(1601, 800);
  const ServiceFiles::ImageFiles few = files_of("bytes", small), more = files_of("bytes", large);
  CHECK(few.original == "bytes");
  CHECK(few.resized.empty());
  const auto width_of = [](const std::string& file) {
    return std::get<imaging::Image>(imaging::decode(file)).width;
  };
  CHECK(width_of(few.thumbnail) == 256);
  CHECK(width_of(more.resized) == 1600);
}

}  // namespace cvemu::api_image_files_test
