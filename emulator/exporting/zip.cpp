#include "exporting/zip.h"

#include <zip.h>

#include <memory>
#include <stdexcept>

namespace cvemu::exporting {

namespace {

constexpr zip_uint16_t kDosDate = 1 << 5 | 1;  // 1 January 1980

struct Discard {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};
struct Release {
  void operator()(zip_source_t* source) const { zip_source_free(source); }
};

void check(bool good) {
  if (!good) throw std::runtime_error("libzip failed");
}

void add(zip_t* archive, const File& file) {
  zip_source_t* source = zip_source_buffer(archive, file.bytes.data(), file.bytes.size(), 0);
  check(source != nullptr);
  const zip_int64_t index = zip_file_add(archive, file.name.c_str(), source, ZIP_FL_ENC_UTF_8);
  if (index < 0) zip_source_free(source);
  check(index >= 0);
  const auto entry = static_cast<zip_uint64_t>(index);
  check(zip_set_file_compression(archive, entry, ZIP_CM_STORE, 0) == 0);
  check(zip_file_set_dostime(archive, entry, 0, kDosDate, 0) == 0);
}

std::string contents(zip_source_t* source) {
  zip_stat_t stat;
  check(zip_source_stat(source, &stat) == 0 && zip_source_open(source) == 0);
  std::string out(stat.size, '\0');
  const zip_int64_t read = zip_source_read(source, out.data(), out.size());
  zip_source_close(source);
  check(read == static_cast<zip_int64_t>(out.size()));
  return out;
}

}  // namespace

std::string write_zip(const std::vector<File>& files) {
  const std::unique_ptr<zip_source_t, Release> target(zip_source_buffer_create(nullptr, 0, 0, nullptr));
  check(target != nullptr);
  zip_source_keep(target.get());  // one for us, one for the archive
  std::unique_ptr<zip_t, Discard> archive(zip_open_from_source(target.get(), ZIP_TRUNCATE, nullptr));
  if (!archive) zip_source_free(target.get());
  check(archive != nullptr);
  for (const File& file : files) add(archive.get(), file);
  check(zip_close(archive.get()) == 0);
  archive.release();
  return contents(target.get());
}

}  // namespace cvemu::exporting
