// From the bytes of an image file to pixels. The format is told by the bytes, never by a name or a media
// type. Any bytes are safe input: the answer is an image or one of three refusals. Pure functions; any
// thread.
#pragma once
#include <cstddef>
#include <string_view>
#include <variant>

#include "imaging/image.h"

namespace cvemu::imaging {

enum class ImageFormat { Unknown, Jpeg, Png, Gif, Bmp };

enum class DecodeError {
  NotAnImage,  // none of the four formats
  Damaged,     // begins like an image, but is truncated, inconsistent or fails its checksums
  TooLarge,    // more pixels than the limits below; nothing was allocated for them
};

// Emulator: the service documents only a size in bytes (6 MB training, 4 MB prediction). These limits keep a
// small file from claiming gigabytes, and let a 48-megapixel camera pass.
constexpr int kMaxSide = 20'000;
constexpr int kMaxPixels = 50'000'000;
// A progressive JPEG keeps its coefficients beside the pixels; what needs more than this is TooLarge.
constexpr std::size_t kMaxDecodeBytes = 300'000'000;
// A progressive JPEG may repeat its scans without end; real files have about ten.
constexpr int kMaxJpegScans = 500;

struct ImageInfo {
  ImageFormat format = ImageFormat::Unknown;
  int width = 0;  // as shown: after the EXIF orientation
  int height = 0;
  std::size_t beside = 0;  // bytes that decoding needs besides the pixels
};

ImageFormat sniff(std::string_view bytes);
const char* media_type(ImageFormat format);  // "image/jpeg"; "application/octet-stream" for Unknown

// Reads headers only; a file that passes may still be Damaged further on.
std::variant<ImageInfo, DecodeError> inspect(std::string_view bytes);

// What decode() takes at most at one time, in bytes: the pixels, and what the format's decoder keeps beside
// them. 0 for what is refused by its header.
std::size_t memory_to_decode(std::string_view bytes);

// The whole image: first frame of a GIF, EXIF orientation of a JPEG applied, transparency dropped.
std::variant<Image, DecodeError> decode(std::string_view bytes);

}  // namespace cvemu::imaging
