#include "imaging/test_files.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include <jpeglib.h>

namespace cvemu::imaging::testing {

namespace {

void put_be(std::string& out, std::uint32_t value, int bytes) {
  for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift);
}

void put_le(std::string& out, std::uint32_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (i * 8));
}

int luma(const std::uint8_t* pixel) {
  return (pixel[0] + pixel[1] + pixel[2]) / 3;
}

int grey_index(const std::uint8_t* pixel, int levels) {
  return luma(pixel) * (levels - 1) / 255;
}

J_COLOR_SPACE file_space(JpegKind kind) {
  switch (kind) {
    case JpegKind::Grey:
      return JCS_GRAYSCALE;
    case JpegKind::Cmyk:
      return JCS_CMYK;
    case JpegKind::Ycck:
      return JCS_YCCK;
    default:
      return JCS_YCbCr;
  }
}

std::vector<std::uint8_t> jpeg_row(const Image& image, int y, JpegKind kind) {
  std::vector<std::uint8_t> row;
  for (int x = 0; x < image.width; ++x) {
    const std::uint8_t* p = image.at(x, y);
    if (kind == JpegKind::Grey) {
      row.push_back(static_cast<std::uint8_t>(luma(p)));
    } else {
      row.insert(row.end(), p, p + 3);
      // Adobe's inverted inks: without black they are the colours themselves.
      if (kind == JpegKind::Cmyk || kind == JpegKind::Ycck) row.push_back(255);
    }
  }
  return row;
}

std::uint32_t crc32(const std::string& bytes) {
  std::uint32_t c = ~0U;
  for (unsigned char byte : bytes) {
    c ^= byte;
    for (int k = 0; k < 8; ++k) c = c & 1 ? 0xEDB88320U ^ (c >> 1) : c >> 1;
  }
  return ~c;
}

void put_chunk(std::string& out, const std::string& type, const std::string& data) {
  put_be(out, static_cast<std::uint32_t>(data.size()), 4);
  out += type + data;
  put_be(out, crc32(type + data), 4);
}

std::string stored_zlib(const std::string& data) {
  std::string out("\x78\x01", 2);
  std::uint32_t a = 1, b = 0;
  for (unsigned char byte : data) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  for (std::size_t at = 0; at < data.size(); at += 65535) {
    const std::size_t length = std::min<std::size_t>(65535, data.size() - at);
    out += at + length == data.size() ? '\1' : '\0';
    put_le(out, static_cast<std::uint32_t>(length), 2);
    put_le(out, ~static_cast<std::uint32_t>(length), 2);
    out += data.substr(at, length);
  }
  put_be(out, b << 16 | a, 4);
  return out;
}

class BitRow {
 public:
  void put(int value, int bits) {
    for (int bit = bits - 1; bit >= 0; --bit) {
      if (used_ % 8 == 0) bytes_ += '\0';
      bytes_.back() = static_cast<char>(bytes_.back() | ((value >> bit) & 1) << (7 - used_ % 8));
      ++used_;
    }
  }
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
  int used_ = 0;
};

void put_png_pixel(BitRow& row, const std::uint8_t* pixel, PngKind kind) {
  const int top = (1 << kind.depth) - 1;
  const auto sample = [&](int value) { row.put(value * top / 255, kind.depth); };
  if (kind.color_type == 3) return row.put(grey_index(pixel, top + 1), kind.depth);
  if (kind.color_type == 0 || kind.color_type == 4) {
    sample(luma(pixel));
  } else {
    for (int c = 0; c < 3; ++c) sample(pixel[c]);
  }
  if (kind.color_type >= 4) sample(255);
}

std::string png_pass(const Image& image, PngKind kind, int x0, int y0, int step_x, int step_y) {
  std::string out;
  if (x0 >= image.width) return out;
  for (int y = y0; y < image.height; y += step_y) {
    BitRow row;
    for (int x = x0; x < image.width; x += step_x) put_png_pixel(row, image.at(x, y), kind);
    out += '\0' + row.bytes();
  }
  return out;
}

std::string grey_palette(int levels, int entry) {
  std::string out;
  for (int i = 0; i < levels; ++i)
    out +=
        std::string(3, static_cast<char>(i * 255 / (levels - 1))) + std::string(std::size_t(entry - 3), '\0');
  return out;
}

// LZW with a clear code before the table can grow: every code keeps its first width.
std::string gif_frame(const std::vector<int>& indexes) {
  std::string bits, out;
  int used = 0;
  const auto code = [&](int value) {
    for (int bit = 0; bit < 9; ++bit, ++used) {
      if (used % 8 == 0) bits += '\0';
      bits.back() = static_cast<char>(bits.back() | ((value >> bit) & 1) << (used % 8));
    }
  };
  for (std::size_t i = 0; i < indexes.size(); ++i) {
    if (i % 200 == 0) code(256);
    code(indexes[i]);
  }
  code(257);
  out += '\x08';
  for (std::size_t at = 0; at < bits.size(); at += 255) {
    const std::string block = bits.substr(at, 255);
    out += static_cast<char>(block.size()) + block;
  }
  return out + '\0';
}

void put_gif_image(std::string& out, const Image& image, const std::vector<int>& indexes) {
  out += '\x2C';
  put_le(out, 0, 4);
  put_le(out, static_cast<std::uint32_t>(image.width), 2);
  put_le(out, static_cast<std::uint32_t>(image.height), 2);
  out += '\0' + gif_frame(indexes);
}

std::string bmp_row(const Image& image, int y, BmpKind kind) {
  BitRow indexes;
  std::string out;
  for (int x = 0; x < image.width; ++x) {
    const std::uint8_t* p = image.at(x, y);
    if (kind.bits <= 8) {
      indexes.put(grey_index(p, 1 << kind.bits), kind.bits);
    } else if (kind.bits == 16 && kind.bit_fields) {
      put_le(out, std::uint32_t(p[0] >> 3 << 11 | p[1] >> 2 << 5 | p[2] >> 3), 2);
    } else if (kind.bits == 16) {
      put_le(out, std::uint32_t(p[0] >> 3 << 10 | p[1] >> 3 << 5 | p[2] >> 3), 2);
    } else if (kind.bit_fields) {
      put_le(out, std::uint32_t(p[2]) << 16 | std::uint32_t(p[1]) << 8 | p[0], 4);
    } else {
      put_le(out, std::uint32_t(p[0]) << 16 | std::uint32_t(p[1]) << 8 | p[2], kind.bits / 8);
    }
  }
  if (kind.bits <= 8) out = indexes.bytes();
  return out + std::string((4 - out.size() % 4) % 4, '\0');
}

// Alternates runs and literals, so that both forms are read.
std::string bmp_runs(const Image& image, int y, int bits) {
  std::string out;
  for (int x = 0; x < image.width;) {
    const auto index = [&](int at) {
      return grey_index(image.at(std::min(at, image.width - 1), y), 1 << bits);
    };
    int run = 1;
    while (x + run < image.width && run < 255 && index(x + run) == index(x)) ++run;
    const int literals = std::min(7, image.width - x);
    if (run >= 4 || literals < 3) {
      out += static_cast<char>(run);
      out += static_cast<char>(bits == 8 ? index(x) : index(x) * 17);
      x += run;
      continue;
    }
    BitRow row;
    for (int i = 0; i < literals; ++i) row.put(index(x + i), bits);
    out += '\0';
    out += static_cast<char>(literals);
    out += row.bytes() + std::string(row.bytes().size() % 2, '\0');
    x += literals;
  }
  return out + std::string(2, '\0');
}

std::string bmp_header(const Image& image, BmpKind kind, std::uint32_t compression) {
  std::string out;
  put_le(out, kind.os2 ? 12 : 40, 4);
  put_le(out, static_cast<std::uint32_t>(image.width), kind.os2 ? 2 : 4);
  put_le(out, static_cast<std::uint32_t>(kind.top_down ? -image.height : image.height), kind.os2 ? 2 : 4);
  put_le(out, 1, 2);
  put_le(out, static_cast<std::uint32_t>(kind.bits), 2);
  if (kind.os2) return out + grey_palette(1 << kind.bits, 3);
  put_le(out, compression, 4);
  out += std::string(20, '\0');
  if (kind.bits <= 8) out += grey_palette(1 << kind.bits, 4);
  if (!kind.bit_fields) return out;
  const bool small = kind.bits == 16;
  put_le(out, small ? 0xF800 : 0x0000FF, 4);
  put_le(out, small ? 0x07E0 : 0x00FF00, 4);
  put_le(out, small ? 0x001F : 0xFF0000, 4);
  return out;
}

}  // namespace

Image corners(int width, int height) {
  Image image(width, height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      std::uint8_t* p = image.at(x, y);
      p[0] = static_cast<std::uint8_t>(x * 255 / std::max(1, width - 1));
      p[1] = static_cast<std::uint8_t>(y * 255 / std::max(1, height - 1));
      p[2] = static_cast<std::uint8_t>(255 - p[0] / 2 - p[1] / 2);
    }
  }
  return image;
}

std::string jpeg_file(const Image& image, JpegKind kind) {
  jpeg_compress_struct jpeg{};
  jpeg_error_mgr errors{};
  jpeg.err = jpeg_std_error(&errors);
  jpeg_create_compress(&jpeg);
  unsigned char* buffer = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&jpeg, &buffer, &size);
  const bool inks = kind == JpegKind::Cmyk || kind == JpegKind::Ycck;
  jpeg.image_width = static_cast<JDIMENSION>(image.width);
  jpeg.image_height = static_cast<JDIMENSION>(image.height);
  jpeg.in_color_space = inks ? JCS_CMYK : kind == JpegKind::Grey ? JCS_GRAYSCALE : JCS_RGB;
  jpeg.input_components = inks ? 4 : kind == JpegKind::Grey ? 1 : 3;
  jpeg_set_defaults(&jpeg);
  jpeg_set_colorspace(&jpeg, file_space(kind));
  if (inks) jpeg.write_Adobe_marker = TRUE;
  jpeg_set_quality(&jpeg, 95, TRUE);
  if (kind == JpegKind::Progressive) jpeg_simple_progression(&jpeg);
  jpeg_start_compress(&jpeg, TRUE);
  for (int y = 0; y < image.height; ++y) {
    std::vector<std::uint8_t> row = jpeg_row(image, y, kind);
    JSAMPROW rows = row.data();
    jpeg_write_scanlines(&jpeg, &rows, 1);
  }
  jpeg_finish_compress(&jpeg);
  std::string out(reinterpret_cast<const char*>(buffer), size);
  jpeg_destroy_compress(&jpeg);
  std::free(buffer);
  return out;
}

std::string with_orientation(const std::string& jpeg, int orientation, bool little_endian) {
  const auto put = [&](std::string& out, std::uint32_t value, int bytes) {
    little_endian ? put_le(out, value, bytes) : put_be(out, value, bytes);
  };
  std::string tiff = little_endian ? "II" : "MM";
  put(tiff, 42, 2);
  put(tiff, 8, 4);
  put(tiff, 1, 2);
  put(tiff, 0x0112, 2);
  put(tiff, 3, 2);
  put(tiff, 1, 4);
  put(tiff, static_cast<std::uint32_t>(orientation), 2);
  put(tiff, 0, 2);
  put(tiff, 0, 4);
  std::string segment("\xFF\xE1");
  put_be(segment, static_cast<std::uint32_t>(tiff.size() + 8), 2);
  segment += std::string("Exif\0\0", 6) + tiff;
  return jpeg.substr(0, 2) + segment + jpeg.substr(2);
}

std::string png_file(const Image& image, PngKind kind) {
  std::string header, data, out("\x89PNG\r\n\x1A\n");
  put_be(header, static_cast<std::uint32_t>(image.width), 4);
  put_be(header, static_cast<std::uint32_t>(image.height), 4);
  header += {static_cast<char>(kind.depth), static_cast<char>(kind.color_type), '\0', '\0',
             static_cast<char>(kind.interlaced)};
  if (kind.interlaced) {
    data = png_pass(image, kind, 0, 0, 8, 8) + png_pass(image, kind, 4, 0, 8, 8) +
           png_pass(image, kind, 0, 4, 4, 8) + png_pass(image, kind, 2, 0, 4, 4) +
           png_pass(image, kind, 0, 2, 2, 4) + png_pass(image, kind, 1, 0, 2, 2) +
           png_pass(image, kind, 0, 1, 1, 2);
  } else {
    data = png_pass(image, kind, 0, 0, 1, 1);
  }
  put_chunk(out, "IHDR", header);
  if (kind.color_type == 3) put_chunk(out, "PLTE", grey_palette(1 << kind.depth, 3));
  put_chunk(out, "IDAT", stored_zlib(data));
  put_chunk(out, "IEND", "");
  return out;
}

std::string gif_file(const Image& image) {
  std::string out("GIF89a");
  put_le(out, static_cast<std::uint32_t>(image.width), 2);
  put_le(out, static_cast<std::uint32_t>(image.height), 2);
  out += std::string("\xF7\0\0", 3) + grey_palette(256, 3);
  std::vector<int> indexes;
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) indexes.push_back(luma(image.at(x, y)));
  }
  put_gif_image(out, image, indexes);
  put_gif_image(out, image, std::vector<int>(indexes.size(), 0));
  return out + ';';
}

std::string bmp_file(const Image& image, BmpKind kind) {
  const std::uint32_t compression = kind.run_length ? (kind.bits == 8 ? 1 : 2) : kind.bit_fields ? 3 : 0;
  const std::string header = bmp_header(image, kind, compression);
  std::string out("BM");
  out += std::string(8, '\0');
  put_le(out, static_cast<std::uint32_t>(14 + header.size()), 4);
  out += header;
  for (int i = 0; i < image.height; ++i) {
    const int y = kind.top_down ? i : image.height - 1 - i;
    out += kind.run_length ? bmp_runs(image, y, kind.bits) : bmp_row(image, y, kind);
  }
  if (kind.run_length) out += std::string("\0\1", 2);
  return out;
}

int distance(const Image& a, const Image& b) {
  if (a.width != b.width || a.height != b.height) return 256;
  int most = 0;
  for (std::size_t i = 0; i < a.pixels.size(); ++i)
    most = std::max(most, std::abs(a.pixels[i] - b.pixels[i]));
  return most;
}

Image grey(const Image& image, int levels) {
  Image out = image;
  for (std::size_t i = 0; i < out.pixels.size(); i += 3) {
    const int value = grey_index(&image.pixels[i], levels) * 255 / (levels - 1);
    std::fill_n(&out.pixels[i], 3, static_cast<std::uint8_t>(value));
  }
  return out;
}

}  // namespace cvemu::imaging::testing
