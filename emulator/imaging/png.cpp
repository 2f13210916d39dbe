#include <csetjmp>
#include <cstring>
#include <utility>

#include "imaging/bytes.h"
#include "imaging/codecs.h"

#include <png.h>

namespace cvemu::imaging {

namespace {

constexpr std::size_t kHeaderEnd = 8 + 8 + 13 + 4;  // signature, and the header's chunk
constexpr std::size_t kBestRatio = 1032;            // of deflate

// One decompression, row by row into the image. What owns memory lives here, outside the frames that longjmp
// leaves.
struct PngReader {
  std::string_view rest;
  png_structp png = nullptr;
  png_infop info = nullptr;
  Image image;

  explicit PngReader(std::string_view bytes) : rest(bytes) {
    png = png_create_read_struct(PNG_LIBPNG_VER_STRING, this, on_error, on_warning);
    if (png) info = png_create_info_struct(png);
    if (png) png_set_read_fn(png, this, read_bytes);
  }
  ~PngReader() { png_destroy_read_struct(&png, &info, nullptr); }
  PngReader(const PngReader&) = delete;
  PngReader& operator=(const PngReader&) = delete;

  bool read_header() {
    if (!info || setjmp(png_jmpbuf(png))) return false;
    png_set_crc_action(png, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
    png_set_chunk_cache_max(png, kMaxTextChunks);
    png_set_chunk_malloc_max(png, kMaxChunk);
    png_read_info(png, info);
    return true;
  }

  // At least.
  std::size_t inflated_size() const { return png_get_rowbytes(png, info) * png_get_image_height(png, info); }

  // Three bytes a pixel, whatever the file has.
  bool read_pixels() {
    if (setjmp(png_jmpbuf(png))) return false;
    png_set_strip_16(png);
    png_set_palette_to_rgb(png);
    png_set_expand_gray_1_2_4_to_8(png);
    png_set_gray_to_rgb(png);
    png_set_strip_alpha(png);
    const int passes = png_set_interlace_handling(png);
    png_read_update_info(png, info);
    if (png_get_rowbytes(png, info) != png_size_t(image.width) * 3) return false;
    for (int pass = 0; pass < passes; ++pass)
      for (int y = 0; y < image.height; ++y) png_read_row(png, image.at(0, y), nullptr);
    png_read_end(png, nullptr);
    return true;
  }

 private:
  // Texts and profiles are nothing to an image; real files have a few.
  static constexpr png_uint_32 kMaxTextChunks = 100;
  static constexpr png_alloc_size_t kMaxChunk = 8'000'000;

  static void on_error(png_structp png, png_const_charp) { png_longjmp(png, 1); }
  static void on_warning(png_structp, png_const_charp) {}
  static void read_bytes(png_structp png, png_bytep to, png_size_t length) {
    PngReader& reader = *static_cast<PngReader*>(png_get_io_ptr(png));
    if (length > reader.rest.size()) png_error(png, "the file ends");
    std::memcpy(to, reader.rest.data(), length);
    reader.rest.remove_prefix(length);
  }
};

}  // namespace

InfoOrError inspect_png(std::string_view bytes) {
  const Bytes png(bytes);
  if (!png.has(0, kHeaderEnd) || png.u32be(8) != 13 || png.part(12, 4) != "IHDR") return DecodeError::Damaged;
  return checked(ImageFormat::Png, png.u32be(16), png.u32be(20));
}

ImageOrError decode_png(std::string_view bytes) {
  const InfoOrError header = inspect_png(bytes);
  if (const auto* error = std::get_if<DecodeError>(&header)) return *error;
  PngReader reader(bytes);
  if (!reader.read_header() || reader.inflated_size() / kBestRatio > bytes.size())
    return DecodeError::Damaged;
  const ImageInfo& info = std::get<ImageInfo>(header);
  reader.image = Image(info.width, info.height);
  if (!reader.read_pixels()) return DecodeError::Damaged;
  return std::move(reader.image);
}

}  // namespace cvemu::imaging
