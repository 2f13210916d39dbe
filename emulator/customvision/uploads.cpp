// Creating images: bytes in, decoded for real, kept as files of the service, one status per image.
#include <algorithm>

#include "base/hashes.h"
#include "base/text.h"
#include "customvision/files.h"
#include "customvision/limits.h"
#include "customvision/operations.h"
#include "http/multipart.h"
#include "imaging/decode.h"
#include "imaging/encode.h"
#include "imaging/resize.h"

namespace cvemu::customvision {

namespace {

constexpr int kThumbnailQuality = 85, kResizedQuality = 90;

// One image of a request, before it is looked at.
struct Candidate {
  std::string source, bytes;
  bool readable = true;  // false: its base64 is broken
  std::vector<Uuid> tags;
  std::vector<wire::RegionEntry> regions;
};

// The same after decoding, which happens outside the transaction.
struct Decoded {
  std::string status = "OK";
  TrainingImage image;
  ServiceFiles::ImageFiles files;
};

std::string_view content_type_of(imaging::ImageFormat format) {
  switch (format) {
    case imaging::ImageFormat::Jpeg: return "image/jpeg";
    case imaging::ImageFormat::Png: return "image/png";
    case imaging::ImageFormat::Gif: return "image/gif";
    case imaging::ImageFormat::Bmp: return "image/bmp";
    default: return "application/octet-stream";
  }
}

Decoded decode(const Candidate& candidate) {
  Decoded result;
  if (candidate.bytes.size() > limits::kImageBytes) {
    result.status = "ErrorImageSize";
    return result;
  }
  const auto decoded = imaging::decode(candidate.bytes);
  const auto* picture = std::get_if<imaging::Image>(&decoded);
  if (!candidate.readable || !picture) {
    result.status = "ErrorImageFormat";
    return result;
  }
  result.image.width = picture->width;
  result.image.height = picture->height;
  result.image.digest = hex_encode(sha256(candidate.bytes));
  result.files.original = candidate.bytes;
  result.files.content_type = content_type_of(imaging::sniff(candidate.bytes));
  result.files.thumbnail =
      imaging::encode_jpeg(imaging::shrink_to_fit(*picture, limits::kThumbnailSide), kThumbnailQuality);
  if (std::max(picture->width, picture->height) > limits::kResizedImageSide)
    result.files.resized =
        imaging::encode_jpeg(imaging::shrink_to_fit(*picture, limits::kResizedImageSide), kResizedQuality);
  return result;
}

bool box_is_legal(const Box& box) {
  // A box may touch the border; single precision on the way must not push it over.
  constexpr double kSlack = 1e-6;
  return box.left >= 0 && box.top >= 0 && box.width > 0 && box.height > 0 &&
         box.left + box.width <= 1 + kSlack && box.top + box.height <= 1 + kSlack;
}

// Stores the images of one request in one transaction.
class Upload {
 public:
  Upload(CustomVision& state, RequestContext& context, std::string metadata)
      : state_(state), context_(context), metadata_(std::move(metadata)), tx_(state.environment.database),
        project_(require_project(tx_, context)), tags_(tags::list(tx_, project_.id)) {}

  void require_tags(const std::vector<Uuid>& ids) const {
    for (const Uuid& id : ids)
      if (!find_tag(id)) throw errors::unknown_image_tags();
  }

  wire::UploadResult add(const Candidate& candidate, Decoded decoded) {
    wire::UploadResult result{candidate.source, decoded.status, std::nullopt, {}};
    if (result.status == "OK") result.status = check_tags(candidate);
    if (result.status != "OK") return result;
    if (const auto existing = images::find_by_digest(tx_, project_.id, decoded.image.digest)) {
      result.status = "OKDuplicate";
      return finish(std::move(result), *existing);
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
  const Tag* find_tag(const Uuid& id) const {
    const auto found = std::find_if(tags_.begin(), tags_.end(), [&](const Tag& tag) { return tag.id == id; });
    return found == tags_.end() ? nullptr : &*found;
  }

  // The status that the tags and regions of an image lead to.
  std::string check_tags(const Candidate& candidate) const {
    bool negative = false, regular = false, unknown = false;
    const auto look_at = [&](const Uuid& id) {
      const Tag* tag = find_tag(id);
      if (!tag) {
        unknown = true;
      } else {
        (tag->type == "Negative" ? negative : regular) = true;
      }
    };
    for (const Uuid& id : candidate.tags) look_at(id);
    for (const wire::RegionEntry& region : candidate.regions) look_at(region.tag);
    // Azure: ErrorInvalidTag is a status of 3.4-preview.
    if (unknown) return version_of(context_) >= ApiVersion::V3_4 ? "ErrorInvalidTag" : "ErrorUnknown";
    if (negative && regular) return "ErrorNegativeAndRegularTagOnSameImage";
    return "OK";
  }

  Uuid store(const Candidate& candidate, Decoded& decoded) {
    TrainingImage& image = decoded.image;
    image.id = state_.environment.ids.uuid();
    image.project = project_.id;
    image.created = context_.at();
    image.metadata = metadata_;
    images::insert(tx_, image);
    for (const Uuid& tag : candidate.tags) images::add_tag(tx_, image.id, tag, context_.at());
    for (const wire::RegionEntry& region : candidate.regions)
      images::add_region(tx_, image.id,
                         {state_.environment.ids.uuid(), region.tag, "", context_.at(), region.box});
    state_.files.put_image(tx_, image, decoded.files, context_.at());
    if (!project_.thumbnail) project_.thumbnail = image.id;
    stored_any_ = true;
    return image.id;
  }

  wire::UploadResult finish(wire::UploadResult result, const Uuid& id) {
    result.image = images::find(tx_, project_.id, id);
    result.links = state_.files.image_links(context_.exchange, *result.image);
    return result;
  }

  CustomVision& state_;
  RequestContext& context_;
  const std::string metadata_;
  Transaction tx_;
  Project project_;
  const std::vector<Tag> tags_;
  bool stored_any_ = false;
};

Response create_images(CustomVision& state, RequestContext& context, const std::vector<Candidate>& candidates,
                       const std::vector<Uuid>& common_tags, const std::string& metadata) {
  if (candidates.empty()) throw errors::no_valid_image_files();
  for (const Candidate& candidate : candidates)
    for (const wire::RegionEntry& region : candidate.regions)
      if (!box_is_legal(region.box)) throw errors::illegal_region();
  std::vector<Decoded> decoded;
  for (const Candidate& candidate : candidates) decoded.push_back(decode(candidate));

  std::vector<wire::UploadResult> results;
  {
    Upload upload(state, context, metadata);
    upload.require_tags(common_tags);
    for (std::size_t i = 0; i < candidates.size(); ++i)
      results.push_back(upload.add(candidates[i], std::move(decoded[i])));
    upload.commit();
  }
  const bool all_ok =
      std::all_of(results.begin(), results.end(), [](const auto& result) { return result.status == "OK"; });
  JsonWriter json;
  wire::write(json, results, version_of(context));
  // Azure: 207 for partly failed batches from 3.3 on; older clients know 200 only.
  return json_response(json, all_ok || version_of(context) < ApiVersion::V3_3 ? 200 : 207);
}

void require_known_project(CustomVision& state, RequestContext& context) {
  Transaction tx(state.environment.database);
  require_project(tx, context);
}

std::string large_body(RequestContext& context) {
  try {
    return context.body.all(limits::kRequestBytes);
  } catch (const BodyTooLarge&) {
    throw errors::body_too_large();
  }
}

// Multipart with any part names, or one image as the whole body.
std::vector<Candidate> images_in_body(RequestContext& context, const std::string& body) {
  const auto boundary = multipart_boundary(context.headers().get("Content-Type"));
  if (!boundary) {
    if (body.empty()) return {};
    return {Candidate{"", body, true, {}, {}}};
  }
  const auto parts = parse_multipart(body, *boundary);
  if (!parts) throw errors::malformed_body("it is not well-formed multipart");
  std::vector<Candidate> candidates;
  // Azure: sourceUrl is the file name as sent, quotes included (recorded).
  for (const Part& part : *parts)
    candidates.push_back({part.file_name, std::string(part.content), true, {}, {}});
  return candidates;
}

Response create_images_from_data(CustomVision& state, RequestContext& context) {
  require_known_project(state, context);
  const std::vector<Uuid> tags = query_ids(context, "tagIds", limits::kTagsPerBatch);
  const std::string body = large_body(context);
  std::vector<Candidate> candidates = images_in_body(context, body);
  if (candidates.size() > limits::kImagesPerBatch) throw errors::too_many_items("images", limits::kImagesPerBatch);
  for (Candidate& candidate : candidates) candidate.tags = tags;
  return create_images(state, context, candidates, tags, "");
}

Response create_images_from_files(CustomVision& state, RequestContext& context) {
  require_known_project(state, context);
  const wire::ImageFileBatch batch = wire::read_image_files(large_body(context));
  if (batch.images.size() > limits::kImagesPerBatch)
    throw errors::too_many_items("images", limits::kImagesPerBatch);
  if (batch.tags.size() > limits::kTagsPerBatch) throw errors::too_many_items("tagIds", limits::kTagsPerBatch);
  std::vector<Candidate> candidates;
  for (const wire::ImageFileEntry& entry : batch.images) {
    auto bytes = base64_decode(entry.contents);
    Candidate candidate{entry.name, bytes.value_or(""), bytes.has_value(), entry.tags, entry.regions};
    candidate.tags.insert(candidate.tags.end(), batch.tags.begin(), batch.tags.end());
    candidates.push_back(std::move(candidate));
  }
  const std::string metadata = version_of(context) >= ApiVersion::V3_3 ? batch.metadata : "";
  return create_images(state, context, candidates, batch.tags, metadata);
}

constexpr Operation<CustomVision> kOperations[] = {
    {{"CreateImagesFromData", Method::Post, "/customvision/{version}/training/projects/{projectId}/images", "",
      "training v3.0"},
     create_images_from_data},
    {{"CreateImagesFromFiles", Method::Post,
      "/customvision/{version}/training/projects/{projectId}/images/files", "", "training v3.0"},
     create_images_from_files},
};

}  // namespace

std::span<const Operation<CustomVision>> upload_operations() { return kOperations; }

}  // namespace cvemu::customvision
