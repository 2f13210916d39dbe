#include <array>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

#include "imaging/bytes.h"
#include "imaging/codecs.h"

#include <gif_lib.h>

namespace cvemu::imaging {

namespace {

// The first frame of a file, row by row onto the canvas.
class GifReader {
 public:
  explicit GifReader(std::string_view bytes) : rest_(bytes) { gif_ = DGifOpen(this, read_bytes, nullptr); }
  ~GifReader() {
    if (gif_) DGifCloseFile(gif_, nullptr);
  }
  GifReader(const GifReader&) = delete;
  GifReader& operator=(const GifReader&) = delete;

  // Nothing if the frame is not whole.
  std::optional<Image> first_frame(const ImageInfo& info) {
    if (!gif_ || !find_frame()) return std::nullopt;
    Image canvas(info.width, info.height);
    fill(canvas);
    if (!draw(canvas)) return std::nullopt;
    return canvas;
  }

 private:
  static int read_bytes(GifFileType* gif, GifByteType* to, int length) {
    GifReader& reader = *static_cast<GifReader*>(gif->UserData);
    const std::size_t count = std::min(reader.rest_.size(), static_cast<std::size_t>(length));
    std::memcpy(to, reader.rest_.data(), count);
    reader.rest_.remove_prefix(count);
    return static_cast<int>(count);
  }

  // Up to the description of the first frame.
  bool find_frame() {
    GifRecordType type = UNDEFINED_RECORD_TYPE;
    while (DGifGetRecordType(gif_, &type) == GIF_OK) {
      if (type == IMAGE_DESC_RECORD_TYPE) return DGifGetImageDesc(gif_) == GIF_OK;
      if (type != EXTENSION_RECORD_TYPE || !read_extension()) return false;
    }
    return false;
  }

  bool read_extension() {
    int code = 0;
    GifByteType* block = nullptr;
    if (DGifGetExtension(gif_, &code, &block) != GIF_OK) return false;
    while (block) {
      GraphicsControlBlock control;
      if (code == GRAPHICS_EXT_FUNC_CODE && DGifExtensionToGCB(block[0], block + 1, &control) == GIF_OK)
        transparent_ = control.TransparentColor;
      if (DGifGetExtensionNext(gif_, &block) != GIF_OK) return false;
    }
    return true;
  }

  static void put(std::uint8_t* pixel, const ColorMapObject* colours, int index) {
    if (!colours || index >= colours->ColorCount) return;
    const GifColorType& colour = colours->Colors[index];
    pixel[0] = colour.Red;
    pixel[1] = colour.Green;
    pixel[2] = colour.Blue;
  }

  // What the frame leaves open has the file's background; black is there already.
  void fill(Image& canvas) const {
    if (gif_->SBackGroundColor == 0) return;
    for (int y = 0; y < canvas.height; ++y)
      for (int x = 0; x < canvas.width; ++x) put(canvas.at(x, y), gif_->SColorMap, gif_->SBackGroundColor);
  }

  bool draw(Image& canvas) {
    const GifImageDesc& frame = gif_->Image;
    if (frame.Left + frame.Width > canvas.width || frame.Top + frame.Height > canvas.height) return false;
    struct Pass {
      int first, step;
    };
    constexpr std::array<Pass, 4> kInterlaced = {{{0, 8}, {4, 8}, {2, 4}, {1, 2}}};
    constexpr std::array<Pass, 1> kPlain = {{{0, 1}}};
    const auto draw_passes = [&](const auto& passes) {
      for (const Pass& pass : passes)
        for (int y = pass.first; y < frame.Height; y += pass.step)
          if (!draw_row(canvas, frame, y)) return false;
      return true;
    };
    return frame.Interlace ? draw_passes(kInterlaced) : draw_passes(kPlain);
  }

  bool draw_row(Image& canvas, const GifImageDesc& frame, int y) {
    row_.resize(static_cast<std::size_t>(frame.Width));
    if (DGifGetLine(gif_, row_.data(), frame.Width) != GIF_OK) return false;
    const ColorMapObject* colours = frame.ColorMap ? frame.ColorMap : gif_->SColorMap;
    for (int x = 0; x < frame.Width; ++x) {
      const int index = row_[static_cast<std::size_t>(x)];
      if (index != transparent_) put(canvas.at(frame.Left + x, frame.Top + y), colours, index);
    }
    return true;
  }

  std::string_view rest_;
  GifFileType* gif_ = nullptr;
  int transparent_ = NO_TRANSPARENT_COLOR;
  std::vector<GifPixelType> row_;
};

}  // namespace

InfoOrError inspect_gif(std::string_view bytes) {
  const Bytes gif(bytes);
  if (!gif.has(0, 13)) return DecodeError::Damaged;
  return checked(ImageFormat::Gif, gif.u16le(6), gif.u16le(8));
}

ImageOrError decode_gif(std::string_view bytes) {
  const InfoOrError header = inspect_gif(bytes);
  if (const auto* error = std::get_if<DecodeError>(&header)) return *error;
  std::optional<Image> image = GifReader(bytes).first_frame(std::get<ImageInfo>(header));
  if (!image) return DecodeError::Damaged;
  return *std::move(image);
}

}  // namespace cvemu::imaging
