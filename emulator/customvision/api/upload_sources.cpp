// The four ways of handing over images: multipart or raw bytes, base64 in JSON, URLs, stored predictions.
#include "base/text.h"
#include "customvision/api/image_files.h"
#include "customvision/api/uploads.h"
#include "customvision/files.h"
#include "customvision/limits.h"
#include "store/customvision/predictions.h"

namespace cvemu::customvision {

namespace {

void require_known_project(CustomVision& state, RequestContext& context) {
  Transaction tx(state.environment.database);
  require_project(tx, context);
}

// Waits until what is decoded from a body with many images fits in memory. Once the body is there: nobody is
// to wait for a client that sends slowly.
ByteBudget::Share room_to_decode(CustomVision& state, const std::string& body) {
  return state.bodies.take(body.size() * limits::kBytesPerBodyByte);
}

// Azure: sourceUrl is the file name as sent, quotes included (recorded).
std::vector<Candidate> images_in_parts(RequestContext& context, const std::string& body) {
  std::vector<Candidate> candidates;
  for (const Part& part : multipart_of(context, body))
    candidates.push_back({part.file_name, std::string(part.content), "OK", {}, {}});
  return candidates;
}

// One image; of one that is too large not a byte is read.
std::vector<Candidate> image_as_body(RequestContext& context) {
  try {
    std::string body = context.body.all(limits::kImageBytes);
    if (body.empty()) return {};
    return {{"", std::move(body), "OK", {}, {}}};
  } catch (const BodyTooLarge&) {
    return {{"", "", "ErrorImageSize", {}, {}}};
  }
}

Response create_images_from_data(CustomVision& state, RequestContext& context) {
  require_known_project(state, context);
  const std::vector<Uuid> tags = query_ids(context, "tagIds", limits::kTagsPerBatch);
  const bool multipart = is_multipart(context);
  const std::string body = multipart ? images_body(context) : std::string();
  const ByteBudget::Share share = room_to_decode(state, body);
  std::vector<Candidate> candidates = multipart ? images_in_parts(context, body) : image_as_body(context);
  if (candidates.size() > limits::kImagesPerBatch)
    throw errors::too_many_items("images", limits::kImagesPerBatch);
  for (Candidate& candidate : candidates) candidate.tags = tags;
  return create_images(state, context, candidates, {tags, {}});
}

// Gets the bytes of one entry of a batch into a candidate, or says in its status why it could not.
using Fetch = void (*)(CustomVision& state, RequestContext& context, const wire::ImageEntry& entry,
                       Candidate& candidate);

Response create_images_from_batch(CustomVision& state, RequestContext& context, const wire::ImageBatch& batch,
                                  Fetch fetch) {
  if (batch.images.size() > limits::kImagesPerBatch)
    throw errors::too_many_items("images", limits::kImagesPerBatch);
  if (batch.tags.size() > limits::kTagsPerBatch)
    throw errors::too_many_items("tagIds", limits::kTagsPerBatch);
  std::vector<Candidate> candidates;
  for (const wire::ImageEntry& entry : batch.images) {
    Candidate candidate{entry.source, "", "OK", entry.tags, entry.regions};
    candidate.tags.insert(candidate.tags.end(), batch.tags.begin(), batch.tags.end());
    fetch(state, context, entry, candidate);
    candidates.push_back(std::move(candidate));
  }
  return create_images(state, context, candidates, {batch.tags, batch.metadata});
}

void decode_contents(CustomVision&, RequestContext&, const wire::ImageEntry& entry, Candidate& candidate) {
  if (auto bytes = base64_decode(entry.contents)) {
    candidate.bytes = *std::move(bytes);
  } else {
    candidate.status = "ErrorImageFormat";
  }
}

// Azure: an image that cannot be fetched has the status ErrorSource. Emulator: hosts that the emulator may
// not call count as such; the log says which.
void fetch_url(CustomVision& state, RequestContext&, const wire::ImageEntry& entry, Candidate& candidate) {
  if (auto bytes = fetch_image(state, entry.source, limits::kImageBytes)) {
    candidate.bytes = *std::move(bytes);
  } else {
    candidate.status = "ErrorSource";
  }
}

void read_prediction(CustomVision& state, RequestContext& context, const wire::ImageEntry& entry,
                     Candidate& candidate) {
  candidate.status = "ErrorSource";
  const auto id = Uuid::parse(entry.source);
  if (!id) throw errors::invalid_id("id", entry.source);
  Transaction tx(state.environment.database);
  const Uuid project = path_id(context, "projectId");
  if (!predictions::find(tx, project, *id)) return;
  auto bytes = state.files.read_prediction(tx, project, *id);
  if (!bytes) return;
  candidate.bytes = *std::move(bytes);
  candidate.status = "OK";
}

Response create_images_from_files(CustomVision& state, RequestContext& context) {
  require_known_project(state, context);
  const std::string body = large_json_body(context);
  const ByteBudget::Share share = room_to_decode(state, body);
  return create_images_from_batch(state, context, wire::read_image_files(body), decode_contents);
}

Response create_images_from_urls(CustomVision& state, RequestContext& context) {
  require_known_project(state, context);
  const wire::ImageBatch batch = wire::read_image_urls(json_body(context));
  const ByteBudget::Share share = state.fetched.take(batch.images.size() * limits::kImageBytes);
  return create_images_from_batch(state, context, batch, fetch_url);
}

Response create_images_from_predictions(CustomVision& state, RequestContext& context) {
  require_known_project(state, context);
  return create_images_from_batch(state, context, wire::read_image_ids(json_body(context)), read_prediction);
}

}  // namespace

std::span<const Operation<CustomVision>> upload_operations() {
  static constexpr Operation<CustomVision> operations[] = {
      {{"CreateImagesFromData",
        Method::Post,
        "/customvision/{version}/training/projects/{projectId}/images",
        "",
        {.key = Access::Key::Training, .since = "v3.0"}},
       create_images_from_data},
      {{"CreateImagesFromFiles",
        Method::Post,
        "/customvision/{version}/training/projects/{projectId}/images/files",
        "",
        {.key = Access::Key::Training, .since = "v3.0"}},
       create_images_from_files},
      {{"CreateImagesFromUrls",
        Method::Post,
        "/customvision/{version}/training/projects/{projectId}/images/urls",
        "",
        {.key = Access::Key::Training, .since = "v3.0"}},
       create_images_from_urls},
      {{"CreateImagesFromPredictions",
        Method::Post,
        "/customvision/{version}/training/projects/{projectId}/images/predictions",
        "",
        {.key = Access::Key::Training, .since = "v3.0"}},
       create_images_from_predictions},
  };
  return operations;
}

}  // namespace cvemu::customvision
