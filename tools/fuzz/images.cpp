// Image files of every format: an accepted image has the size that its head announces, and one whose head is
// refused is refused.
#include "imaging/decode.h"
#include "imaging/encode.h"
#include "imaging/resize.h"
#include "target.h"

namespace {

using namespace cvemu;
using namespace cvemu::imaging;

// Larger ones take long, and hold nothing that smaller ones do not.
constexpr std::int64_t kMostPixels = 512 * 1024;

void check_image(const Image& image, const ImageInfo& info) {
  fuzz::expect(image.width == info.width && image.height == info.height,
               "an image has the size it announces");
  fuzz::expect(image.pixels.size() == std::size_t(info.width) * std::size_t(info.height) * 3,
               "all pixels are there");
  const Image small = shrink_to_fit(image, 64);
  fuzz::expect(small.width >= 1 && small.width <= 64 && small.height >= 1 && small.height <= 64,
               "a thumbnail is small");
  const auto written = inspect(encode_jpeg(small, 80));
  const auto* again = std::get_if<ImageInfo>(&written);
  fuzz::expect(again && again->width == small.width && again->height == small.height,
               "an image that is written reads the same");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes = fuzz::text_of(data, size);
  const auto head = inspect(bytes);
  const auto* info = std::get_if<ImageInfo>(&head);
  if (!info) {
    const auto decoded = decode(bytes);
    const auto* error = std::get_if<DecodeError>(&decoded);
    fuzz::expect(error && *error == std::get<DecodeError>(head), "what is refused by its head is refused");
    return 0;
  }
  fuzz::expect(info->format == sniff(bytes), "the format is that of the first bytes");
  fuzz::expect(info->width > 0 && info->width <= kMaxSide && info->height > 0 && info->height <= kMaxSide,
               "an image lies within the limits");
  if (std::int64_t{info->width} * info->height > kMostPixels) return 0;
  const auto decoded = decode(bytes);
  if (const auto* image = std::get_if<Image>(&decoded)) check_image(*image, *info);
  return 0;
}
