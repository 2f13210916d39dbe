#include "imaging/jpeg.h"

#include <csetjmp>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include <jpeglib.h>

namespace cvemu::imaging {

namespace {

// libjpeg reports errors by calling back; the way out is a jump over its own frames, which hold nothing of ours.
struct ErrorJump {
  jpeg_error_mgr manager;
  std::jmp_buf exit;
};

[[noreturn]] void jump_out(j_common_ptr info) { std::longjmp(reinterpret_cast<ErrorJump*>(info->err)->exit, 1); }
void stay_silent(j_common_ptr) {}

jpeg_error_mgr* use(ErrorJump& error) {
  jpeg_std_error(&error.manager);
  error.manager.error_exit = jump_out;
  error.manager.output_message = stay_silent;
  return &error.manager;
}

// libjpeg does not turn CMYK into RGB; Adobe writes it inverted.
void cmyk_to_rgb(const JSAMPLE* from, std::uint8_t* to, int width, bool inverted) {
  for (int x = 0; x < width; ++x, from += 4, to += 3)
    for (int c = 0; c < 3; ++c) {
      const int ink = inverted ? from[c] : 255 - from[c], black = inverted ? from[3] : 255 - from[3];
      to[c] = static_cast<std::uint8_t>(ink * black / 255);
    }
}

enum class Outcome { Done, Damaged, TooLarge };

// Only plain values live in this frame: a jump skips destructors.
Outcome read_pixels(jpeg_decompress_struct& info, ErrorJump& error, std::string_view bytes, Image& image,
                    std::vector<JSAMPLE>& row) {
  if (setjmp(error.exit)) return Outcome::Damaged;
  jpeg_mem_src(&info, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  jpeg_read_header(&info, TRUE);
  if (info.image_width > static_cast<unsigned>(kMaxSide) || info.image_height > static_cast<unsigned>(kMaxSide))
    return Outcome::TooLarge;
  const bool cmyk = info.num_components == 4;
  info.out_color_space = cmyk ? JCS_CMYK : JCS_RGB;
  info.dct_method = JDCT_ISLOW;
  jpeg_start_decompress(&info);
  image.width = static_cast<int>(info.output_width);
  image.height = static_cast<int>(info.output_height);
  image.pixels.resize(std::size_t{info.output_width} * info.output_height * 3);
  row.resize(std::size_t{info.output_width} * 4);
  while (info.output_scanline < info.output_height) {
    std::uint8_t* target = image.pixels.data() + std::size_t{info.output_scanline} * info.output_width * 3;
    JSAMPROW line = cmyk ? row.data() : target;
    jpeg_read_scanlines(&info, &line, 1);
    if (cmyk) cmyk_to_rgb(row.data(), target, image.width, info.saw_Adobe_marker);
  }
  jpeg_finish_decompress(&info);
  return info.err->num_warnings > 0 ? Outcome::Damaged : Outcome::Done;
}

}  // namespace

std::variant<Image, DecodeError> decode_jpeg(std::string_view bytes) {
  jpeg_decompress_struct info;
  ErrorJump error;
  info.err = use(error);
  jpeg_create_decompress(&info);
  Image image;
  std::vector<JSAMPLE> row;
  const Outcome outcome = read_pixels(info, error, bytes, image, row);
  jpeg_destroy_decompress(&info);
  if (outcome == Outcome::TooLarge) return DecodeError::TooLarge;
  if (outcome == Outcome::Damaged) return DecodeError::Damaged;
  return image;
}

std::string encode_jpeg(const Image& image, int quality) {
  jpeg_compress_struct info;
  jpeg_error_mgr error;
  info.err = jpeg_std_error(&error);
  jpeg_create_compress(&info);
  unsigned char* buffer = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&info, &buffer, &size);
  info.image_width = static_cast<JDIMENSION>(image.width);
  info.image_height = static_cast<JDIMENSION>(image.height);
  info.input_components = 3;
  info.in_color_space = JCS_RGB;
  jpeg_set_defaults(&info);
  jpeg_set_quality(&info, quality, TRUE);
  jpeg_start_compress(&info, TRUE);
  while (info.next_scanline < info.image_height) {
    auto* line = const_cast<JSAMPLE*>(image.pixels.data()) + std::size_t{info.next_scanline} * info.image_width * 3;
    jpeg_write_scanlines(&info, &line, 1);
  }
  jpeg_finish_compress(&info);
  std::string bytes(reinterpret_cast<char*>(buffer), size);
  jpeg_destroy_compress(&info);
  std::free(buffer);
  return bytes;
}

}  // namespace cvemu::imaging
