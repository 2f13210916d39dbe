#include "imaging/decode.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "imaging/orientation.h"
#include "imaging/test_files.h"

namespace cvemu::imaging_decode_test {

using namespace cvemu::imaging;
using namespace cvemu::imaging::testing;

namespace {

Image decoded(std::string_view file) {
  auto result = decode(file);
  REQUIRE(std::holds_alternative<Image>(result));
  return std::get<Image>(result);
}

DecodeError refusal(std::string_view file) {
  const auto result = decode(file);
  REQUIRE(std::holds_alternative<DecodeError>(result));
  return std::get<DecodeError>(result);
}

std::vector<std::string> all_kinds() {
  const Image image = corners(37, 23);
  std::vector<std::string> files{gif_file(image)};
  for (JpegKind kind : {JpegKind::Baseline, JpegKind::Progressive, JpegKind::Grey, JpegKind::Cmyk}) {
    files.push_back(jpeg_file(image, kind));
  }
  files.push_back(with_orientation(files[1], 6, true));
  for (PngKind kind :
       {PngKind{2, 8, false}, PngKind{3, 4, true}, PngKind{6, 16, true}, PngKind{0, 1, false}}) {
    files.push_back(png_file(image, kind));
  }
  for (BmpKind kind :
       {BmpKind{24}, BmpKind{8, true}, BmpKind{4, true}, BmpKind{1}, BmpKind{16, false, true}}) {
    files.push_back(bmp_file(image, kind));
  }
  return files;
}

// A fixed sequence of well mixed numbers: the same mutations on every run.
class Mixer {
 public:
  std::uint32_t next(std::uint32_t below) {
    state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<std::uint32_t>(state_ >> 33) % below;
  }

 private:
  std::uint64_t state_ = 1;
};

std::string mutated(std::string file, Mixer& mixer) {
  const std::uint32_t changes = 1 + mixer.next(6);
  for (std::uint32_t i = 0; i < changes && !file.empty(); ++i) {
    const auto size = static_cast<std::uint32_t>(file.size());
    const std::uint32_t at = mixer.next(mixer.next(2) ? size : std::min(size, 64U));
    switch (mixer.next(4)) {
      case 0:
        file[at] = static_cast<char>(mixer.next(256));
        break;
      case 1:
        file[at] = static_cast<char>(file[at] ^ (1 << mixer.next(8)));
        break;
      case 2:
        file.resize(at);
        break;
      default:
        file.insert(at, file.substr(mixer.next(size), mixer.next(40)));
    }
  }
  return file;
}

}  // namespace

TEST_CASE("the format is told by the first bytes") {
  const Image image = corners(4, 4);
  CHECK(sniff(jpeg_file(image, JpegKind::Baseline)) == ImageFormat::Jpeg);
  CHECK(sniff(png_file(image, {2, 8, false})) == ImageFormat::Png);
  CHECK(sniff(gif_file(image)) == ImageFormat::Gif);
  CHECK(sniff(bmp_file(image, {24})) == ImageFormat::Bmp);
  CHECK(sniff("") == ImageFormat::Unknown);
  CHECK(sniff("%PDF-1.4") == ImageFormat::Unknown);
  CHECK(refusal("hello") == DecodeError::NotAnImage);
  CHECK(std::string_view(media_type(ImageFormat::Gif)) == "image/gif");
}

TEST_CASE("JPEG: baseline, progressive, grey and both ink forms keep the picture") {
  const Image image = corners(61, 45);
  CHECK(distance(decoded(jpeg_file(image, JpegKind::Baseline)), image) <= 12);
  CHECK(decoded(jpeg_file(image, JpegKind::Progressive)) == decoded(jpeg_file(image, JpegKind::Baseline)));
  CHECK(distance(decoded(jpeg_file(image, JpegKind::Grey)), grey(image, 256)) <= 6);
  CHECK(distance(decoded(jpeg_file(image, JpegKind::Cmyk)), image) <= 12);
  CHECK(distance(decoded(jpeg_file(image, JpegKind::Ycck)), image) <= 12);
}

TEST_CASE("JPEG: the EXIF orientation turns the image as the camera was held") {
  const std::string file = jpeg_file(corners(40, 24), JpegKind::Baseline);
  const Image stored = decoded(file);
  for (int orientation = 1; orientation <= 8; ++orientation) {
    CAPTURE(orientation);
    const std::string turned = with_orientation(file, orientation, orientation % 2 == 0);
    const Image seen = decoded(turned);
    CHECK(seen == oriented(stored, orientation));
    const auto info = std::get<ImageInfo>(inspect(turned));
    CHECK(info.width == seen.width);
    CHECK(info.height == seen.height);
  }
  CHECK(decoded(with_orientation(file, 9, true)) == stored);
}

TEST_CASE("orientation: where the stored top-left corner is seen") {
  Image stored(3, 2);
  stored.at(0, 0)[0] = 200;
  const int expected[9][2] = {{}, {0, 0}, {2, 0}, {2, 1}, {0, 1}, {0, 0}, {1, 0}, {1, 2}, {0, 2}};
  for (int orientation = 1; orientation <= 8; ++orientation) {
    CAPTURE(orientation);
    const Image seen = oriented(stored, orientation);
    CHECK(seen.at(expected[orientation][0], expected[orientation][1])[0] == 200);
  }
}

TEST_CASE("PNG: every colour type, depth and interlacing keeps the picture") {
  const Image image = corners(19, 21);
  const PngKind kinds[] = {{0, 1}, {0, 2}, {0, 4}, {0, 8}, {0, 16}, {2, 8}, {2, 16}, {3, 1},
                           {3, 2}, {3, 4}, {3, 8}, {4, 8}, {4, 16}, {6, 8}, {6, 16}};
  for (PngKind kind : kinds) {
    for (const bool interlaced : {false, true}) {
      CAPTURE(kind.color_type);
      CAPTURE(kind.depth);
      kind.interlaced = interlaced;
      const bool colour = kind.color_type == 2 || kind.color_type == 6;
      const Image expected = colour ? image : grey(image, 1 << std::min(kind.depth, 8));
      CHECK(distance(decoded(png_file(image, kind)), expected) <= 1);
    }
  }
}

TEST_CASE("GIF: the first frame") {
  const Image image = corners(50, 30);
  CHECK(decoded(gif_file(image)) == grey(image, 256));
}

TEST_CASE("BMP: every depth, both run-length forms, bit fields, OS/2 and top-down rows") {
  const Image image = corners(33, 9);
  for (const int bits : {1, 4, 8}) {
    CAPTURE(bits);
    CHECK(decoded(bmp_file(image, {bits})) == grey(image, 1 << bits));
    CHECK(decoded(bmp_file(image, {.bits = bits, .os2 = true})) == grey(image, 1 << bits));
  }
  CHECK(decoded(bmp_file(image, {4, true})) == grey(image, 16));
  CHECK(decoded(bmp_file(image, {8, true})) == grey(image, 256));
  CHECK(decoded(bmp_file(image, {24})) == image);
  CHECK(decoded(bmp_file(image, {.bits = 24, .top_down = true})) == image);
  CHECK(decoded(bmp_file(image, {32})) == image);
  CHECK(decoded(bmp_file(image, {.bits = 32, .bit_fields = true})) == image);
  CHECK(distance(decoded(bmp_file(image, {16})), image) <= 8);
  CHECK(distance(decoded(bmp_file(image, {.bits = 16, .bit_fields = true})), image) <= 8);
}

TEST_CASE("a truncated file is damaged, wherever it ends") {
  for (const std::string& file : all_kinds()) {
    CAPTURE(std::string(media_type(sniff(file))));
    // The GIF's first frame, which is all that is read, ends in its middle.
    const std::size_t whole = sniff(file) == ImageFormat::Gif ? file.size() / 2 : file.size();
    for (const std::size_t keep : {whole / 4, whole / 2, whole * 3 / 4}) {
      CHECK(refusal(file.substr(0, keep)) == DecodeError::Damaged);
    }
  }
}

TEST_CASE("a PNG with one flipped bit fails its checksum") {
  std::string file = png_file(corners(20, 20), {2, 8, false});
  file[file.size() / 2] ^= 4;
  CHECK(refusal(file) == DecodeError::Damaged);
}

TEST_CASE("a file that claims too many pixels is refused before they are allocated") {
  std::string bmp = bmp_file(corners(4, 4), {24});
  bmp[20] = 1;  // width + 65536
  CHECK(refusal(bmp) == DecodeError::TooLarge);
  std::string png = png_file(corners(4, 4), {2, 8, false});
  png[16] = 0x7F;
  CHECK(refusal(png) == DecodeError::TooLarge);
  std::string gif = gif_file(corners(4, 4));
  gif[7] = gif[9] = 0x7F;
  CHECK(refusal(gif) == DecodeError::TooLarge);
  std::string jpeg = jpeg_file(corners(4, 4), JpegKind::Baseline);
  const std::size_t frame = jpeg.find("\xFF\xC0");
  REQUIRE(frame != std::string::npos);
  jpeg[frame + 5] = jpeg[frame + 7] = 0x7F;
  CHECK(refusal(jpeg) == DecodeError::TooLarge);
}

TEST_CASE("any bytes are safe: mutated files give an image or a refusal") {
  Mixer mixer;
  const std::vector<std::string> files = all_kinds();
  for (int round = 0; round < 200; ++round) {
    for (const std::string& file : files) {
      const auto result = decode(mutated(file, mixer));
      const Image* image = std::get_if<Image>(&result);
      if (image) CHECK(image->pixels.size() == std::size_t(image->width) * std::size_t(image->height) * 3);
    }
  }
}

}  // namespace cvemu::imaging_decode_test
