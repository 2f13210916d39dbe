// Creating images, wherever they come from: bytes in, decoded for real, kept as files of the service, one
// status per image.
#pragma once
#include <string>
#include <vector>

#include "customvision/api/request_reader.h"

namespace cvemu::customvision {

// One image of a request, before it is looked at.
struct Candidate {
  std::string source;  // as the answer names it
  std::string bytes;
  std::string status = "OK";  // what went wrong on the way here, if not "OK"
  std::vector<Uuid> tags;     // its own and those for all
  std::vector<wire::RegionEntry> regions;
};

// What is the same for every image of a request.
struct CommonLabels {
  std::vector<Uuid> tags;  // ids that must exist
  wire::Metadata metadata;
};

// Stores what is good and answers for each. Throws for what makes the whole request bad; nothing is stored
// then. Call outside any Transaction.
Response create_images(CustomVision& state, RequestContext& context, const std::vector<Candidate>& candidates,
                       const CommonLabels& common);

}  // namespace cvemu::customvision
