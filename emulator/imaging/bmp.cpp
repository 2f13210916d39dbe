#include <bit>
#include <cstdlib>
#include <optional>

#include "imaging/bytes.h"
#include "imaging/codecs.h"

// All of Windows BMP, the run-length forms included, by our own hand: no library of Debian reads them.
namespace cvemu::imaging {

namespace {

enum Compression : std::uint32_t { kPlain = 0, kRle8 = 1, kRle4 = 2, kBitFields = 3, kAlphaBitFields = 6 };

constexpr std::size_t kFileHeader = 14;
constexpr std::size_t kCoreHeader = 12;  // OS/2 1.x: 16-bit sides, palette of three bytes
constexpr std::size_t kInfoHeader = 40;

struct Masks {
  std::uint32_t rgb[3];
};

struct Header {
  std::size_t size = 0;  // of the header after the file header
  std::int64_t width = 0, height = 0;
  bool top_down = false;
  int bits = 0;
  std::uint32_t compression = kPlain;
  std::size_t palette_at = 0, palette_step = 4, palette_count = 0;
  std::size_t data_at = 0;
  Masks masks{};
};

bool is_supported(int bits, std::uint32_t compression) {
  switch (compression) {
    case kPlain:
      return bits == 1 || bits == 4 || bits == 8 || bits == 16 || bits == 24 || bits == 32;
    case kRle8:
      return bits == 8;
    case kRle4:
      return bits == 4;
    case kBitFields:
    case kAlphaBitFields:
      return bits == 16 || bits == 32;
    default:
      return false;
  }
}

void read_sides(const Bytes& bmp, Header& h) {
  if (h.size == kCoreHeader) {
    h.width = bmp.u16le(18);
    h.height = bmp.u16le(20);
    h.bits = bmp.u16le(24);
    h.palette_step = 3;
    return;
  }
  h.width = bmp.i32le(18);
  h.height = std::abs(std::int64_t{bmp.i32le(22)});
  h.top_down = bmp.i32le(22) < 0;
  h.bits = bmp.u16le(28);
  h.compression = bmp.u32le(30);
}

Masks read_masks(const Bytes& bmp, const Header& h) {
  if (h.compression == kBitFields || h.compression == kAlphaBitFields) {
    return {{bmp.u32le(54), bmp.u32le(58), bmp.u32le(62)}};
  }
  if (h.bits == 16) return {{0x7C00, 0x03E0, 0x001F}};
  return {{0xFF0000, 0x00FF00, 0x0000FF}};
}

std::optional<Header> read_header(const Bytes& bmp) {
  Header h;
  h.size = bmp.u32le(14);
  if (h.size != kCoreHeader && (h.size < kInfoHeader || h.size > 256)) return std::nullopt;
  if (!bmp.has(kFileHeader, h.size)) return std::nullopt;
  read_sides(bmp, h);
  if (!is_supported(h.bits, h.compression)) return std::nullopt;
  h.masks = read_masks(bmp, h);
  h.data_at = bmp.u32le(10);
  h.palette_at = kFileHeader + h.size;
  h.palette_count = h.bits <= 8 ? std::size_t{1} << h.bits : 0;
  const std::size_t stated = h.size == kCoreHeader ? 0 : bmp.u32le(46);
  if (stated != 0 && stated < h.palette_count) h.palette_count = stated;
  return h;
}

class Decoder {
 public:
  Decoder(const Bytes& bmp, const Header& header, const ImageInfo& info)
      : bmp_(bmp), h_(header), image_(info.width, info.height) {}

  std::optional<Image> run() {
    const bool run_length = h_.compression == kRle4 || h_.compression == kRle8;
    const bool whole = run_length ? read_runs() : read_rows();
    if (!whole) return std::nullopt;
    return std::move(image_);
  }

 private:
  int row(int y) const { return h_.top_down ? y : image_.height - 1 - y; }

  // An index beyond the palette is black, as other readers have it.
  void put_index(int x, int y, std::size_t index) {
    if (x >= image_.width || y >= image_.height || index >= h_.palette_count) return;
    const std::size_t entry = h_.palette_at + index * h_.palette_step;
    std::uint8_t* to = image_.at(x, row(y));
    for (std::size_t c = 0; c < 3; ++c) to[c] = bmp_.u8(entry + 2 - c);
  }

  void put_masked(int x, int y, std::uint32_t value) {
    std::uint8_t* to = image_.at(x, row(y));
    for (int c = 0; c < 3; ++c) {
      const std::uint32_t mask = h_.masks.rgb[c];
      if (mask == 0) continue;
      const int shift = std::countr_zero(mask);
      to[c] = static_cast<std::uint8_t>(std::uint64_t{(value & mask) >> shift} * 255 / (mask >> shift));
    }
  }

  void put_plain(int x, int y, std::size_t row_at) {
    const std::size_t column = std::size_t(x);
    if (h_.bits <= 8) {
      const std::size_t bit = column * std::size_t(h_.bits);
      const int shift = 8 - h_.bits - static_cast<int>(bit % 8);
      put_index(x, y, (bmp_.u8(row_at + bit / 8) >> shift) & ((1 << h_.bits) - 1));
    } else if (h_.bits == 16) {
      put_masked(x, y, bmp_.u16le(row_at + column * 2));
    } else if (h_.bits == 24) {
      put_masked(x, y,
                 bmp_.u16le(row_at + column * 3) | std::uint32_t{bmp_.u8(row_at + column * 3 + 2)} << 16);
    } else {
      put_masked(x, y, bmp_.u32le(row_at + column * 4));
    }
  }

  bool read_rows() {
    const std::size_t stride = (std::size_t(image_.width) * std::size_t(h_.bits) + 31) / 32 * 4;
    if (!bmp_.has(h_.data_at, stride * std::size_t(image_.height))) return false;
    for (int y = 0; y < image_.height; ++y) {
      for (int x = 0; x < image_.width; ++x) put_plain(x, y, h_.data_at + std::size_t(y) * stride);
    }
    return true;
  }

  // Pairs of bytes: (count, value); (0, 0) end of row; (0, 1) end of image; (0, 2) jump; (0, n) n literals.
  bool read_runs() {
    std::size_t at = h_.data_at;
    int x = 0, y = 0;
    while (bmp_.has(at, 2)) {
      const int count = bmp_.u8(at), value = bmp_.u8(at + 1);
      at += 2;
      if (count > 0) {
        put_run(x, y, count, value);
      } else if (value == 0) {
        x = 0;
        ++y;
      } else if (value == 1) {
        return true;
      } else if (value == 2) {
        x += bmp_.u8(at);
        y += bmp_.u8(at + 1);
        at += 2;
      } else if (!put_literals(x, y, value, at)) {
        return false;
      }
      if (y > image_.height || x > image_.width + 255) return false;
    }
    return y >= image_.height;  // some writers leave out the end mark
  }

  void put_run(int& x, int y, int count, int value) {
    for (int i = 0; i < count; ++i, ++x) put_index(x, y, run_index(value, i));
  }

  bool put_literals(int& x, int y, int count, std::size_t& at) {
    const std::size_t bytes = (std::size_t(count) * std::size_t(h_.bits) + 7) / 8;
    if (!bmp_.has(at, bytes)) return false;
    for (int i = 0; i < count; ++i, ++x) {
      const std::size_t byte = h_.bits == 8 ? std::size_t(i) : std::size_t(i) / 2;
      put_index(x, y, run_index(bmp_.u8(at + byte), i));
    }
    at += (bytes + 1) / 2 * 2;
    return true;
  }

  std::size_t run_index(int value, int position) const {
    if (h_.bits == 8) return std::size_t(value);
    return std::size_t(position % 2 == 0 ? value >> 4 : value & 15);
  }

  const Bytes& bmp_;
  const Header& h_;
  Image image_;
};

}  // namespace

InfoOrError inspect_bmp(std::string_view bytes) {
  const auto header = read_header(Bytes(bytes));
  if (!header) return DecodeError::Damaged;
  return checked(ImageFormat::Bmp, header->width, header->height);
}

ImageOrError decode_bmp(std::string_view bytes) {
  const InfoOrError info = inspect_bmp(bytes);
  if (const auto* error = std::get_if<DecodeError>(&info)) return *error;
  const Bytes bmp(bytes);
  const auto header = read_header(bmp);
  if (!header) return DecodeError::Damaged;
  auto image = Decoder(bmp, *header, std::get<ImageInfo>(info)).run();
  if (!image) return DecodeError::Damaged;
  return std::move(*image);
}

}  // namespace cvemu::imaging
