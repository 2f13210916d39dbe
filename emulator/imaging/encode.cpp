#include "imaging/encode.h"

#include <cstdlib>
#include <stdexcept>

#include "imaging/jpeg_errors.h"

namespace cvemu::imaging {

namespace {

struct Writer {
  jpeg_compress_struct jpeg{};
  JpegErrors errors{};
  unsigned char* buffer = nullptr;
  unsigned long size = 0;

  Writer() {
    jpeg.err = errors.install();
    jpeg_create_compress(&jpeg);
  }
  ~Writer() {
    jpeg_destroy_compress(&jpeg);
    std::free(buffer);
  }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  bool write(const Image& image, int quality) {
    if (setjmp(errors.jump)) return false;
    jpeg_mem_dest(&jpeg, &buffer, &size);
    jpeg.image_width = static_cast<JDIMENSION>(image.width);
    jpeg.image_height = static_cast<JDIMENSION>(image.height);
    jpeg.input_components = 3;
    jpeg.in_color_space = JCS_RGB;
    jpeg_set_defaults(&jpeg);
    jpeg_set_quality(&jpeg, quality, TRUE);
    jpeg.dct_method = JDCT_ISLOW;
    jpeg_start_compress(&jpeg, TRUE);
    while (jpeg.next_scanline < jpeg.image_height) {
      JSAMPROW row = const_cast<JSAMPROW>(image.at(0, static_cast<int>(jpeg.next_scanline)));
      jpeg_write_scanlines(&jpeg, &row, 1);
    }
    jpeg_finish_compress(&jpeg);
    return true;
  }
};

}  // namespace

std::string encode_jpeg(const Image& image, int quality) {
  Writer writer;
  if (!writer.write(image, quality)) throw std::logic_error("encode_jpeg: the image is empty or too large");
  return std::string(reinterpret_cast<const char*>(writer.buffer), writer.size);
}

}  // namespace cvemu::imaging
