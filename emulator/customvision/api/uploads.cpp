#include "customvision/api/uploads.h"

#include <algorithm>

#include "base/hashes.h"
#include "base/required.h"
#include "base/text.h"
#include "customvision/api/image_files.h"
#include "customvision/api/image_metadata.h"
#include "customvision/api/labelling.h"
#include "customvision/limits.h"
#include "customvision/model/image_features.h"
#include "store/customvision/features.h"
#include "store/customvision/regions.h"

namespace cvemu::customvision {

namespace {

// A candidate after decoding, which happens outside the transaction.
struct Decoded {
  std::string status = "OK";
  TrainingImage image;
  ServiceFiles::ImageFiles files;
  std::string features;
};

// Azure: ErrorImageDimensions is a status of 3.4-preview.
std::string bad_dimensions(ApiVersion version) {
  return version >= ApiVersion::V3_4 ? "ErrorImageDimensions" : "ErrorImageSize";
}

std::string status_of(ImageFault fault, ApiVersion version) {
  switch (fault) {
    case ImageFault::TooManyBytes:
      return "ErrorImageSize";
    case ImageFault::BadDimensions:
    case ImageFault::BadAspectRatio:
      return bad_dimensions(version);
    default:
      return "ErrorImageFormat";
  }
}

Decoded decode(CustomVision& state, const Candidate& candidate, const FeatureSpec& spec, ApiVersion version) {
  Decoded result;
  result.status = candidate.status;
  if (result.status != "OK") return result;
  const ByteBudget::Share share = state.decoding.take(imaging::memory_to_decode(candidate.bytes));
  const auto decoded = decode_image(candidate.bytes, limits::kImageBytes);
  if (const auto* fault = std::get_if<ImageFault>(&decoded)) {
    result.status = status_of(*fault, version);
    return result;
  }
  const auto& image = std::get<imaging::Image>(decoded);
  result.image.width = image.width;
  result.image.height = image.height;
  result.image.digest = hex_encode(sha256(candidate.bytes));
  result.files = files_of(candidate.bytes, image);
  result.features = features_at_upload(spec, image);
  return result;
}

FeatureSpec feature_spec_of_project(CustomVision& state, const RequestContext& context) {
  Transaction tx(state.environment.database);
  return feature_spec_of(require_project(tx, context).settings.domain);
}

// Stores the images of one request in one transaction.
class Upload {
 public:
  Upload(CustomVision& state, RequestContext& context, const wire::Metadata& metadata,
         const FeatureSpec& spec)
      : state_(state),
        context_(context),
        spec_(spec),
        metadata_(wire::to_json(metadata)),
        too_much_metadata_(has_too_many_pairs(metadata, version_of(context))),
        tx_(state.environment.database),
        project_(require_open_project(tx_, context)),
        labelling_(tx_, project_) {}

  void require_tags(const std::vector<Uuid>& ids) const {
    for (const Uuid& id : ids)
      if (!labelling_.find_tag(id)) throw errors::unknown_image_tags();
  }

  wire::UploadResult add(const Candidate& candidate, Decoded decoded) {
    wire::UploadResult result{candidate.source, decoded.status, std::nullopt, {}};
    if (result.status == "OK")
      result.status = labelling_.status_of(candidate.tags, candidate.regions, version_of(context_));
    if (result.status != "OK") return result;
    if (const auto existing = images::find_by_digest(tx_, project_.id, decoded.image.digest)) {
      result.status = "OKDuplicate";
      return finish(std::move(result), *existing);
    }
    if (too_much_metadata_ || images::count(tx_, project_.id, {}) >= state_.options.tier.images_per_project) {
      result.status = "ErrorLimitExceed";
      return result;
    }
    return finish(std::move(result), store(candidate, decoded));
  }

  void commit() {
    if (stored_any_) {
      project_.changed = true;
      projects::update(tx_, project_);
    }
    tx_.commit();
  }

 private:
  Uuid store(const Candidate& candidate, Decoded& decoded) {
    TrainingImage& image = decoded.image;
    image.id = state_.environment.ids.uuid();
    image.project = project_.id;
    image.created = context_.at();
    image.metadata = metadata_;
    images::insert(tx_, image);
    for (const Uuid& tag : candidate.tags) images::add_tag(tx_, project_.id, image.id, tag, context_.at());
    for (const wire::RegionEntry& region : candidate.regions)
      regions::add(tx_, project_.id, image.id,
                   {state_.environment.ids.uuid(), region.tag, "", context_.at(), region.box});
    state_.files.put_image(tx_, image, decoded.files, context_.at());
    if (!decoded.features.empty()) features::put(tx_, image.id, spec_.kind(), decoded.features);
    if (!project_.thumbnail) project_.thumbnail = image.id;
    stored_any_ = true;
    return image.id;
  }

  wire::UploadResult finish(wire::UploadResult result, const Uuid& id) {
    result.image = required(images::find(tx_, project_.id, id), "the image");
    result.links = state_.files.image_links(context_.exchange, *result.image);
    return result;
  }

  CustomVision& state_;
  RequestContext& context_;
  const FeatureSpec spec_;
  const std::string metadata_;
  const bool too_much_metadata_;
  Transaction tx_;
  Project project_;
  const Labelling labelling_;
  bool stored_any_ = false;
};

void require_legal_regions(const std::vector<Candidate>& candidates) {
  for (const Candidate& candidate : candidates)
    for (const wire::RegionEntry& region : candidate.regions)
      if (!box_is_legal(region.box)) throw errors::illegal_region();
}

}  // namespace

Response create_images(CustomVision& state, RequestContext& context, const std::vector<Candidate>& candidates,
                       const CommonLabels& common) {
  const ApiVersion version = version_of(context);
  if (candidates.empty()) throw errors::no_valid_image_files();
  require_legal_regions(candidates);
  const wire::Metadata metadata = version >= ApiVersion::V3_3 ? common.metadata : wire::Metadata{};
  require_legal(metadata, version);
  const FeatureSpec spec = feature_spec_of_project(state, context);
  std::vector<Decoded> decoded;
  for (const Candidate& candidate : candidates) decoded.push_back(decode(state, candidate, spec, version));

  std::vector<wire::UploadResult> results;
  {
    Upload upload(state, context, metadata, spec);
    upload.require_tags(common.tags);
    for (std::size_t i = 0; i < candidates.size(); ++i)
      results.push_back(upload.add(candidates[i], std::move(decoded[i])));
    upload.commit();
  }
  const bool all_ok =
      std::all_of(results.begin(), results.end(), [](const auto& result) { return result.status == "OK"; });
  JsonWriter json;
  wire::write(json, results, version);
  return json_response(json, batch_status(context, all_ok));
}

}  // namespace cvemu::customvision
