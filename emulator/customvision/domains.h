// The 18 domains and what each can do. Azure: ids, order, platforms and sizes as recorded in November 2020;
// the last four from the documentation of November 2024.
#pragma once
#include <span>
#include <string_view>

#include "base/ids.h"
#include "customvision/wire/version.h"

namespace cvemu::customvision {

struct Domain {
  std::string_view id, name, type;  // type: Classification, ObjectDetection
  std::string_view platforms;       // joined by commas; empty: not exportable
  int model_megabytes = 0;          // 0: no model information

  bool exportable() const { return !platforms.empty(); }
  bool is_detection() const { return type == "ObjectDetection"; }
  bool exports_to(std::string_view platform) const;
};

std::span<const Domain> all_domains();
const Domain* find_domain(const Uuid& id);
extern const std::string_view kDefaultDomain;  // General, classification

// The platform in the enum's spelling, or "" if the version does not know it. Case does not matter.
std::string_view canonical_platform(std::string_view text, ApiVersion version);

}  // namespace cvemu::customvision
