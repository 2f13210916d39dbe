#include "customvision/model_archive.h"

#include <zip.h>

#include <stdexcept>
#include <utility>
#include <vector>

#include "base/json_writer.h"
#include "base/times.h"
#include "customvision/domains.h"

namespace cvemu::customvision {

namespace {

using File = std::pair<const char*, std::string>;

std::string manifest(const Iteration& iteration, const Export& entry, Instant now) {
  const Domain* domain = find_domain(iteration.domain);
  JsonWriter json;
  json.begin_object().field("DomainType", domain ? domain->type : "").field("Platform", entry.platform);
  if (entry.flavor.empty()) {
    json.null_field("Flavor");
  } else {
    json.field("Flavor", entry.flavor);
  }
  json.field("ExporterVersion", "2.0").field("ExportedDate", times::iso_ticks(now));
  json.field("IterationId", iteration.id.text()).null_field("ModelFileName");
  json.field("LabelFileName", "labels.txt").null_field("MetadataPropsFileName").null_field("ModelFileSHA1");
  return json.field("SchemaVersion", "1.0").end_object().take();
}

// The archive in memory; every entry carries the same time, so that equal input gives equal bytes.
std::string zip(const std::vector<File>& files) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* buffer = zip_source_buffer_create(nullptr, 0, 0, &error);
  zip_t* archive = buffer ? zip_open_from_source(buffer, ZIP_TRUNCATE, &error) : nullptr;
  if (!archive) throw std::runtime_error("libzip cannot make an archive");
  zip_source_keep(buffer);
  for (const auto& [name, text] : files) {
    zip_source_t* source = zip_source_buffer(archive, text.data(), text.size(), 0);
    const auto index = zip_file_add(archive, name, source, ZIP_FL_ENC_UTF_8);
    if (index < 0) throw std::runtime_error("libzip cannot add a file");
    zip_file_set_dostime(archive, static_cast<zip_uint64_t>(index), 0, 0x21, 0);  // 1980-01-01
  }
  if (zip_close(archive) != 0) throw std::runtime_error("libzip cannot finish an archive");
  zip_source_open(buffer);
  zip_source_seek(buffer, 0, SEEK_END);
  std::string bytes(static_cast<std::size_t>(zip_source_tell(buffer)), '\0');
  zip_source_seek(buffer, 0, SEEK_SET);
  zip_source_read(buffer, bytes.data(), bytes.size());
  zip_source_close(buffer);
  zip_source_free(buffer);
  return bytes;
}

}  // namespace

std::string model_archive(const Iteration& iteration, const Export& entry, Instant now) {
  return zip({{"cvexport.manifest", manifest(iteration, entry, now)}, {"labels.txt", iteration.labels}});
}

}  // namespace cvemu::customvision
