#include "customvision/api/image_files.h"

#include <algorithm>

#include "base/text.h"
#include "base/url.h"
#include "customvision/limits.h"
#include "imaging/decode.h"
#include "imaging/encode.h"
#include "imaging/resize.h"

namespace cvemu::customvision {

namespace {

constexpr int kThumbnailQuality = 85, kResizedQuality = 90;

std::optional<ImageFault> fault_of(const imaging::ImageInfo& info) {
  const auto [shorter, longer] = std::minmax(info.width, info.height);
  if (longer > limits::kImageSide) return ImageFault::BadDimensions;
  if (longer > shorter * limits::kAspectRatio) return ImageFault::BadAspectRatio;
  return std::nullopt;
}

}  // namespace

bool is_multipart(const RequestContext& context) {
  return to_lower(trim(context.headers().get("Content-Type"))).starts_with("multipart/");
}

// Emulator: the service's code is not on record.
std::vector<Part> multipart_of(const RequestContext& context, const std::string& body) {
  const auto boundary = multipart_boundary(context.headers().get("Content-Type"));
  if (!boundary) throw errors::image_stream("the multipart type names no boundary");
  auto parts = parse_multipart(body, *boundary);
  if (!parts) throw errors::image_stream("they are not well-formed multipart");
  return *std::move(parts);
}

std::variant<imaging::Image, ImageFault> decode_image(std::string_view bytes, std::size_t most_bytes) {
  if (bytes.size() > most_bytes) return ImageFault::TooManyBytes;
  const auto inspected = imaging::inspect(bytes);
  if (const auto* error = std::get_if<imaging::DecodeError>(&inspected))
    return *error == imaging::DecodeError::TooLarge ? ImageFault::BadDimensions : ImageFault::NotAnImage;
  if (const auto fault = fault_of(std::get<imaging::ImageInfo>(inspected))) return *fault;
  auto decoded = imaging::decode(bytes);
  if (auto* image = std::get_if<imaging::Image>(&decoded)) return std::move(*image);
  return ImageFault::NotAnImage;
}

ServiceFiles::ImageFiles files_of(std::string_view bytes, const imaging::Image& image) {
  ServiceFiles::ImageFiles files;
  files.original = bytes;
  files.content_type = imaging::media_type(imaging::sniff(bytes));
  files.thumbnail =
      imaging::encode_jpeg(imaging::shrink_to_fit(image, limits::kThumbnailSide), kThumbnailQuality);
  if (std::max(image.width, image.height) > limits::kResizedImageSide)
    files.resized =
        imaging::encode_jpeg(imaging::shrink_to_fit(image, limits::kResizedImageSide), kResizedQuality);
  return files;
}

std::optional<std::string> fetch_image(CustomVision& state, std::string_view text, std::size_t most_bytes) {
  const auto warn = [&](const std::string& reason) {
    state.environment.log.warning("cannot fetch " + std::string(text) + ": " + reason);
  };
  const auto url = Url::parse(text);
  if (!url) return std::nullopt;
  try {
    std::string bytes;
    const auto take = [&](const Response&, std::string_view piece) {
      bytes += piece.substr(0, most_bytes + 1 - bytes.size());
      return bytes.size() <= most_bytes;
    };
    const Response response =
        state.environment.transport.receive(*url, Request{Method::Get, "", {}}, "", take);
    if (response.status == 200) return bytes;
    warn("the answer was " + std::to_string(response.status));
  } catch (const TransportError& error) {
    warn(error.what());
  }
  return std::nullopt;
}

}  // namespace cvemu::customvision
