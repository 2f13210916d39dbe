// An exported model as the service hands it out: a zip with the model in the format asked for, its labels, a
// manifest and a licence text. Pure: the same request gives the same bytes, on every machine. Any thread.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/clock.h"
#include "base/ids.h"
#include "exporting/network.h"

namespace cvemu::exporting {

struct ExportRequest {
  std::string platform;  // any letter case
  std::string flavor;    // any letter case; empty for none
  Uuid iteration_id;
  Instant exported;
  Model model;  // decides between classification and detection
};

// Why there is no archive, for people. The export ends as failed.
struct Refusal {
  std::string reason;
};

std::variant<std::string, Refusal> build_archive(const ExportRequest& request);

// The spelling in which the service writes a platform and flavor. Azure: samples write "OnnxFloat16",
// manifests "ONNXFloat16", so both compare without case; more flavors exist than the SDK's enumeration lists.
struct ExportFormat {
  std::string_view platform;
  std::string_view flavor;  // empty for none
};
std::optional<ExportFormat> known_format(std::string_view platform, std::string_view flavor);

// "{iteration without dashes}.{Platform}[.{Flavor}].zip". Azure: the names of the service's blobs.
std::string archive_name(const Uuid& iteration_id, const ExportFormat& format);

}  // namespace cvemu::exporting
