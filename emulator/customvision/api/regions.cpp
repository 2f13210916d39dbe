#include "store/customvision/regions.h"

#include <algorithm>
#include <map>

#include "customvision/api/labelling.h"
#include "customvision/api/request_reader.h"
#include "customvision/limits.h"

namespace cvemu::customvision {

namespace {

// Boxes travel in single precision: what a client reads back and sends again is the same.
bool same_box(const Box& a, const Box& b) {
  const auto same = [](double x, double y) { return static_cast<float>(x) == static_cast<float>(y); };
  return same(a.left, b.left) && same(a.top, b.top) && same(a.width, b.width) && same(a.height, b.height);
}

bool has_region(const TrainingImage& image, const wire::RegionEntry& entry) {
  return std::any_of(image.regions.begin(), image.regions.end(), [&](const Region& region) {
    return region.tag == entry.tag && same_box(region.box, entry.box);
  });
}

// Adds the regions of one request, which all commit or none.
class RegionCreation {
 public:
  RegionCreation(CustomVision& state, RequestContext& context, Transaction& tx, const Project& project)
      : state_(state), context_(context), tx_(tx), labelling_(tx, project) {}

  void add(const wire::ImageRegionEntry& entry) {
    const TrainingImage image = labelling_.require_image(entry.image);
    labelling_.require_tag(entry.region.tag);
    if (has_region(image, entry.region)) {
      summary_.duplicated.push_back(entry);
    } else if (std::ssize(image.regions) >= limits::kRegionsPerImage ||
               !labelling_.has_room(image, entry.region.tag)) {
      summary_.exceeded.push_back(entry);
    } else {
      labelling_.require_one_kind(image, entry.region.tag);
      const Region region{state_.environment.ids.uuid(), entry.region.tag, "", context_.at(),
                          entry.region.box};
      regions::add(tx_, labelling_.workspace(), image.id, region);
      summary_.created.push_back({image.id, region});
    }
  }

  const wire::ImageRegionSummary& summary() const { return summary_; }

 private:
  CustomVision& state_;
  RequestContext& context_;
  Transaction& tx_;
  Labelling labelling_;
  wire::ImageRegionSummary summary_;
};

Response create_image_regions(CustomVision& state, RequestContext& context) {
  const auto entries = wire::read_image_regions(json_body(context));
  if (entries.empty()) throw errors::required_parameter("regions");
  if (entries.size() > limits::kRegionsPerRequest)
    throw errors::too_many_items("regions", limits::kRegionsPerRequest);
  for (const auto& entry : entries)
    if (!box_is_legal(entry.region.box)) throw errors::illegal_region();

  Transaction tx(state.environment.database);
  const Project project = require_project(tx, context);
  RegionCreation creation(state, context, tx, project);
  for (const auto& entry : entries) creation.add(entry);
  const wire::ImageRegionSummary& summary = creation.summary();
  if (!summary.created.empty()) projects::mark_changed(tx, project.id);
  tx.commit();
  JsonWriter json;
  wire::write(json, summary);
  return json_response(json, batch_status(context, summary.exceeded.empty()));
}

// Emulator: ids nobody knows are passed over; the service's answer is not on record.
Response delete_image_regions(CustomVision& state, RequestContext& context) {
  const std::vector<Uuid> ids = required_ids(context, "regionIds", limits::kRegionsPerRequest);
  Transaction tx(state.environment.database);
  const Project project = require_project(tx, context);
  if (regions::remove(tx, project.id, ids) > 0) projects::mark_changed(tx, project.id);
  tx.commit();
  return no_content();
}

}  // namespace

std::span<const Operation<CustomVision>> region_operations() {
  static constexpr Operation<CustomVision> operations[] = {
      {{"CreateImageRegions",
        Method::Post,
        "/customvision/{version}/training/projects/{projectId}/images/regions",
        "",
        {.key = Access::Key::Training, .since = "v3.0"}},
       create_image_regions},
      {{"DeleteImageRegions",
        Method::Delete,
        "/customvision/{version}/training/projects/{projectId}/images/regions",
        "",
        {.key = Access::Key::Training, .since = "v3.0"}},
       delete_image_regions},
  };
  return operations;
}

}  // namespace cvemu::customvision
