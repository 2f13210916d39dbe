#include "imaging/bytes.h"
#include "imaging/codecs.h"

namespace cvemu::imaging {

namespace {

std::size_t colour_table_size(int flags) {
  return flags & 0x80 ? std::size_t{3} << ((flags & 7) + 1) : 0;
}

// From the first length byte to after the closing 0; 0 if the file ends before.
std::size_t skip_sub_blocks(const Bytes& gif, std::size_t at) {
  while (gif.has(at, 1)) {
    const std::size_t length = gif.u8(at);
    ++at;
    if (length == 0) return at;
    if (!gif.has(at, length)) return 0;
    at += length;
  }
  return 0;
}

// Blocks before the first image, then its data up to the end mark. stb_image would fill what is missing.
bool first_frame_is_whole(const Bytes& gif) {
  std::size_t at = 13 + colour_table_size(gif.u8(10));
  while (at != 0 && gif.u8(at) == 0x21) at = skip_sub_blocks(gif, at + 2);
  if (at == 0 || gif.u8(at) != 0x2C || !gif.has(at, 11)) return false;
  at += 10 + colour_table_size(gif.u8(at + 9));
  return skip_sub_blocks(gif, at + 1) != 0;
}

}  // namespace

InfoOrError inspect_gif(std::string_view bytes) {
  const Bytes gif(bytes);
  if (!gif.has(0, 13)) return DecodeError::Damaged;
  return checked(ImageFormat::Gif, gif.u16le(6), gif.u16le(8));
}

ImageOrError decode_gif(std::string_view bytes) {
  const InfoOrError header = inspect_gif(bytes);
  if (const auto* error = std::get_if<DecodeError>(&header)) return *error;
  if (!first_frame_is_whole(Bytes(bytes))) return DecodeError::Damaged;
  return decode_with_stb(bytes, std::get<ImageInfo>(header));
}

}  // namespace cvemu::imaging
