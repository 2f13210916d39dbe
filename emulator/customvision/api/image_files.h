// Images that clients send: from bytes to pixels within the service's limits, and the files made of them.
// Pure but for fetching.
#pragma once
#include <string>
#include <string_view>
#include <variant>

#include "customvision/api/request_reader.h"
#include "customvision/files.h"
#include "http/multipart.h"
#include "imaging/decode.h"
#include "imaging/image.h"

namespace cvemu::customvision {

enum class ImageFault { TooManyBytes, NotAnImage, BadDimensions, BadAspectRatio };

// Whether the request says that its body is multipart, well-formed or not.
bool is_multipart(const RequestContext& context);
// Its parts, which point into `body`. Throws image_stream if they cannot be told apart.
std::vector<Part> multipart_of(const RequestContext& context, const std::string& body);

// The pixels, or what is wrong; headers are looked at before any pixel is decoded.
std::variant<imaging::Image, ImageFault> decode_image(std::string_view bytes, std::size_t most_bytes);

// What is kept of an image: the bytes as they came, a thumbnail, and a smaller copy of a very large one.
// `bytes` must outlive the result.
ServiceFiles::ImageFiles files_of(std::string_view bytes, const imaging::Image& image);

// What lies behind a URL, which must answer 200; of what is longer than `most_bytes`, which no image may be,
// so much and a byte more. Only hosts that the emulator may call; the log says what went wrong. Call outside
// any Transaction.
std::optional<std::string> fetch_image(CustomVision& state, std::string_view url, std::size_t most_bytes);

}  // namespace cvemu::customvision
