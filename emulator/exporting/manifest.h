// The small text files beside an exported model. Azure: keys, order, line ends and indents are those of 84
// public exports.
#pragma once
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/ids.h"
#include "exporting/network.h"

namespace cvemu::exporting {

struct Manifest {
  std::string_view platform;
  std::string_view flavor;  // empty: null
  std::string_view exporter_version;
  Instant exported;
  Uuid iteration_id;
  std::string_view model_file;
  std::string_view model_bytes;
};

std::string manifest_text(const Manifest& manifest, const Model& model);  // cvexport.manifest
std::string labels_text(const Model& model);                              // labels.txt
std::string metadata_text(const Model& model);                            // metadata_properties.json
std::string licence_text();                                               // LICENSE

}  // namespace cvemu::exporting
