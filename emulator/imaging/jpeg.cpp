#include <algorithm>
#include <cstring>

#include "imaging/codecs.h"
#include "imaging/jpeg_errors.h"
#include "imaging/orientation.h"

#include <jerror.h>

namespace cvemu::imaging {

namespace {

JpegErrors& errors_of(j_common_ptr info) {
  return *reinterpret_cast<JpegErrors*>(info->err);
}

// Real cameras write stray bytes between markers and unusual headers; no pixel is lost by them.
bool is_harmless(int code) {
  return code == JWRN_EXTRANEOUS_DATA || code == JWRN_ADOBE_XFORM || code == JWRN_JFIF_MAJOR;
}

void on_fatal(j_common_ptr info) {
  std::longjmp(errors_of(info).jump, 1);
}

void on_message(j_common_ptr info, int level) {
  if (level < 0 && !is_harmless(info->err->msg_code)) ++errors_of(info).damage;
}

void stop_endless_scans(j_common_ptr info) {
  if (reinterpret_cast<j_decompress_ptr>(info)->input_scan_number > kMaxJpegScans) on_fatal(info);
}

// One decompression. Members that own memory live here, outside the frames that longjmp leaves.
struct JpegReader {
  jpeg_decompress_struct jpeg{};
  JpegErrors errors{};
  jpeg_progress_mgr progress{};
  Image image;
  std::vector<std::uint8_t> cmyk_row;

  explicit JpegReader(std::string_view bytes) {
    jpeg.err = errors.install();
    jpeg_create_decompress(&jpeg);
    progress.progress_monitor = stop_endless_scans;
    jpeg.progress = &progress;
    jpeg_mem_src(&jpeg, reinterpret_cast<const unsigned char*>(bytes.data()),
                 static_cast<unsigned long>(bytes.size()));
    jpeg_save_markers(&jpeg, JPEG_APP0 + 1, 0xFFFF);
  }
  ~JpegReader() { jpeg_destroy_decompress(&jpeg); }
  JpegReader(const JpegReader&) = delete;
  JpegReader& operator=(const JpegReader&) = delete;

  bool read_header() {
    if (setjmp(errors.jump)) return false;
    return jpeg_read_header(&jpeg, TRUE) == JPEG_HEADER_OK;
  }

  bool read_pixels() {
    if (setjmp(errors.jump)) return false;
    jpeg.dct_method = JDCT_ISLOW;
    const bool cmyk = jpeg.jpeg_color_space == JCS_CMYK || jpeg.jpeg_color_space == JCS_YCCK;
    jpeg.out_color_space = cmyk ? JCS_CMYK : JCS_RGB;
    jpeg_start_decompress(&jpeg);
    while (jpeg.output_scanline < jpeg.output_height) read_row(cmyk);
    jpeg_finish_decompress(&jpeg);
    return errors.damage == 0;
  }

  // Of a file that comes in more than one scan: two bytes for each sample, kept until the last scan.
  std::size_t coefficient_bytes() {
    if (!jpeg_has_multiple_scans(&jpeg)) return 0;
    std::size_t bytes = 0;
    for (int i = 0; i < jpeg.num_components; ++i) {
      const jpeg_component_info& part = jpeg.comp_info[i];
      bytes += std::size_t(part.width_in_blocks) * part.height_in_blocks * DCTSIZE2 * sizeof(JCOEF);
    }
    return bytes;
  }

  int orientation() const {
    constexpr std::string_view kExif("Exif\0\0", 6);
    for (jpeg_saved_marker_ptr marker = jpeg.marker_list; marker; marker = marker->next) {
      const std::string_view data(reinterpret_cast<const char*>(marker->data), marker->data_length);
      if (data.starts_with(kExif)) return exif_orientation(data.substr(kExif.size()));
    }
    return 1;
  }

 private:
  void read_row(bool cmyk) {
    std::uint8_t* target = image.at(0, static_cast<int>(jpeg.output_scanline));
    JSAMPROW row = cmyk ? cmyk_row.data() : target;
    jpeg_read_scanlines(&jpeg, &row, 1);
    if (cmyk) cmyk_to_rgb(target);
  }

  // Adobe stores inks inverted: 255 means none.
  void cmyk_to_rgb(std::uint8_t* target) const {
    const int flip = jpeg.saw_Adobe_marker ? 0 : 255;
    for (int x = 0; x < image.width; ++x) {
      const std::uint8_t* ink = cmyk_row.data() + std::size_t(x) * 4;
      const int black = ink[3] ^ flip;
      for (int c = 0; c < 3; ++c)
        target[x * 3 + c] = static_cast<std::uint8_t>((ink[c] ^ flip) * black / 255);
    }
  }
};

// A turned image is made beside the stored one, when the coefficients are gone.
InfoOrError header_of(JpegReader& reader) {
  if (!reader.read_header()) return DecodeError::Damaged;
  InfoOrError header = checked(ImageFormat::Jpeg, reader.jpeg.image_width, reader.jpeg.image_height);
  auto* info = std::get_if<ImageInfo>(&header);
  if (!info) return header;
  const std::size_t pixels = pixel_bytes(*info);
  info->beside = std::max(reader.coefficient_bytes(), reader.orientation() == 1 ? 0 : pixels);
  if (pixels + info->beside > kMaxDecodeBytes) return DecodeError::TooLarge;
  return header;
}

}  // namespace

jpeg_error_mgr* JpegErrors::install() {
  jpeg_std_error(&base);
  base.error_exit = on_fatal;
  base.emit_message = on_message;
  return &base;
}

InfoOrError inspect_jpeg(std::string_view bytes) {
  JpegReader reader(bytes);
  InfoOrError header = header_of(reader);
  if (auto* info = std::get_if<ImageInfo>(&header); info && swaps_sides(reader.orientation())) {
    std::swap(info->width, info->height);
  }
  return header;
}

ImageOrError decode_jpeg(std::string_view bytes) {
  JpegReader reader(bytes);
  const InfoOrError header = header_of(reader);
  if (const auto* error = std::get_if<DecodeError>(&header)) return *error;
  const ImageInfo& info = std::get<ImageInfo>(header);
  reader.image = Image(info.width, info.height);
  reader.cmyk_row.resize(std::size_t(info.width) * 4);
  const int orientation = reader.orientation();
  if (!reader.read_pixels()) return DecodeError::Damaged;
  return oriented(std::move(reader.image), orientation);
}

}  // namespace cvemu::imaging
