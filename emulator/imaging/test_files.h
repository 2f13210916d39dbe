// Image files made in memory for the tests, without the code under test.
#pragma once
#include <string>

#include "imaging/image.h"

namespace cvemu::imaging::testing {

// A smooth image with four differently coloured corners, so that a turn or a swapped channel shows.
Image corners(int width, int height);

enum class JpegKind { Baseline, Progressive, Grey, Cmyk, Ycck };
std::string jpeg_file(const Image& image, JpegKind kind);
std::string with_orientation(const std::string& jpeg, int orientation, bool little_endian);

struct PngKind {
  int color_type;
  int depth;
  bool interlaced = false;
};
// Every kind carries the image as well as its depth and colours allow (palette: grey steps).
std::string png_file(const Image& image, PngKind kind);

std::string gif_file(const Image& image);  // grey steps, two frames; the second is black

struct BmpKind {
  int bits;
  bool run_length = false;
  bool bit_fields = false;
  bool top_down = false;
  bool os2 = false;
};
std::string bmp_file(const Image& image, BmpKind kind);  // up to 8 bits: grey steps

// Largest difference of any byte; 256 when the sides differ.
int distance(const Image& a, const Image& b);
Image grey(const Image& image, int levels);  // what an image of so many grey steps can keep

}  // namespace cvemu::imaging::testing
