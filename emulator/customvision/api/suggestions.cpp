// What a trained iteration suggests for images that have no tags yet, and where in an image something may
// be.
#include <algorithm>

#include "base/required.h"
#include "base/text.h"
#include "customvision/files.h"
#include "customvision/limits.h"
#include "customvision/model/predictor.h"
#include "customvision/wire/query_tokens.h"
#include "imaging/decode.h"
#include "learning/proposals.h"
#include "store/customvision/suggestions.h"

namespace cvemu::customvision {

namespace {

wire::PredictionForm form_of(const RequestContext& context) {
  return {version_of(context) >= ApiVersion::V3_3};
}

Iteration required_iteration(Transaction& tx, const RequestContext& context, const Uuid& project) {
  const auto id = query_id(context, "iterationId");
  if (!id) throw errors::required_parameter("iterationId");
  auto iteration = iterations::find(tx, project, *id);
  if (!iteration) throw errors::iteration_not_found();
  if (iteration->status != IterationStatus::Completed) throw errors::iteration_not_trained();
  return *std::move(iteration);
}

struct ImageFile {
  Uuid image;
  std::string bytes;
};

std::vector<ImageFile> read_files(Transaction& tx, CustomVision& state, const Uuid& project,
                                  const std::vector<Uuid>& ids) {
  std::vector<ImageFile> files;
  for (const Uuid& id : ids) {
    auto bytes = images::contains(tx, project, id) ? state.files.read_image(tx, project, id) : std::nullopt;
    if (!bytes) throw errors::image_not_found(id);
    files.push_back({id, *std::move(bytes)});
  }
  return files;
}

imaging::Image decode(const ImageFile& file) {
  auto decoded = imaging::decode(file.bytes);
  if (auto* image = std::get_if<imaging::Image>(&decoded)) return std::move(*image);
  throw errors::image_format(file.image);
}

void keep(CustomVision& state, const std::vector<wire::Suggestion>& suggested) {
  Transaction tx(state.environment.database);
  for (const wire::Suggestion& one : suggested) {
    const wire::ImagePrediction& p = one.prediction;
    const bool still_there = images::find_any(tx, p.id) && iterations::find(tx, p.project, p.iteration);
    if (still_there)
      suggestions::put(tx, {p.iteration, p.id, p.created, wire::to_json(p.predictions), one.uncertainty});
  }
  tx.commit();
}

Response suggest_tags_and_regions(CustomVision& state, RequestContext& context) {
  const std::vector<Uuid> ids = required_ids(context, "imageIds", limits::kImagesPerSuggestion);
  std::optional<Iteration> iteration;
  std::optional<Predictor> predictor;
  std::vector<ImageFile> files;
  {
    Transaction tx(state.environment.database);
    const Project project = require_project(tx, context);
    iteration = required_iteration(tx, context, project.id);
    predictor.emplace(state, tx, *iteration);
    files = read_files(tx, state, project.id, ids);
  }
  std::vector<wire::Suggestion> suggested;
  for (const ImageFile& file : files) {
    const ByteBudget::Share share = state.decoding.take(imaging::memory_to_decode(file.bytes));
    wire::Predictions predictions = predictor->predict(file.bytes, decode(file));
    const double uncertainty = uncertainty_of(predictions, *iteration);
    suggested.push_back(
        {{file.image, iteration->project, iteration->id, context.at(), std::move(predictions)}, uncertainty});
  }
  keep(state, suggested);
  JsonWriter json;
  json.begin_array();
  for (const wire::Suggestion& one : suggested) wire::write(json, one, form_of(context));
  json.end_array();
  return json_response(json);
}

// Azure: a probability greater than or equal to the threshold counts (documentation).
bool suggests(const wire::Predictions& predictions, const Uuid& tag, double threshold) {
  return std::any_of(predictions.begin(), predictions.end(),
                     [&](const auto& one) { return one.tag == tag && one.probability >= threshold; });
}

// Emulator: no tags asked for means any tag.
bool fits(const wire::Predictions& predictions, const wire::SuggestionQuery& query) {
  if (query.tags.empty())
    return std::any_of(predictions.begin(), predictions.end(),
                       [&](const auto& one) { return one.probability >= query.threshold; });
  return std::any_of(query.tags.begin(), query.tags.end(),
                     [&](const Uuid& tag) { return suggests(predictions, tag, query.threshold); });
}

bool descending(const wire::SuggestionQuery& query) {
  const std::string name = query.sort_by.value_or("");
  if (iequals(name, "UncertaintyDescending")) return true;
  if (name.empty() || iequals(name, "UncertaintyAscending")) return false;
  throw errors::invalid_parameter("sortBy", name);
}

// An image with what was suggested for it.
struct Suggested {
  wire::Suggestion suggestion;
  TrainingImage image;
};

// Azure: untagged images for which suggestions had been asked (documentation and recordings).
std::vector<Suggested> untagged_suggestions(Transaction& tx, const Project& project,
                                            const Iteration& iteration) {
  std::vector<Suggested> all;
  for (const StoredSuggestion& stored : suggestions::list_untagged(tx, iteration.id, project.id)) {
    wire::Suggestion suggestion{
        {stored.image, project.id, iteration.id, stored.created, wire::read_predictions(stored.predictions)},
        stored.uncertainty};
    all.push_back({std::move(suggestion), required(images::find_any(tx, stored.image), "the image")});
  }
  return all;
}

std::vector<Suggested> matching(CustomVision& state, RequestContext& context,
                                const wire::SuggestionQuery& query, Uuid& domain) {
  Transaction tx(state.environment.database);
  const Project project = require_project(tx, context);
  const Iteration iteration = required_iteration(tx, context, project.id);
  domain = iteration.domain;
  std::vector<Suggested> all = untagged_suggestions(tx, project, iteration);
  std::erase_if(all,
                [&](const Suggested& one) { return !fits(one.suggestion.prediction.predictions, query); });
  return all;
}

std::pair<double, Uuid> place_of(const Suggested& one) {
  return {one.suggestion.uncertainty, one.suggestion.prediction.id};
}

void sort_and_skip(std::vector<Suggested>& all, const wire::SuggestionQuery& query, bool falling) {
  const auto before = [&](const auto& a, const auto& b) { return falling ? b < a : a < b; };
  std::sort(all.begin(), all.end(),
            [&](const Suggested& a, const Suggested& b) { return before(place_of(a), place_of(b)); });
  if (const auto last = read_continuation(query.continuation))
    std::erase_if(all, [&](const Suggested& one) {
      return !before(std::pair(last->uncertainty, last->id), place_of(one));
    });
}

Response query_suggested_images(CustomVision& state, RequestContext& context) {
  wire::SuggestionQuery query = wire::read_suggestion_query(json_body(context));
  const bool falling = descending(query);
  const std::size_t count = page_size(query.max_count);
  Uuid domain;
  std::vector<Suggested> all = matching(state, context, query, domain);
  sort_and_skip(all, query, falling);
  query.session = session_of(state, query.session);
  query.sort_by = falling ? "UncertaintyDescending" : "UncertaintyAscending";
  query.continuation.reset();
  if (all.size() > count) {
    all.resize(count);
    const wire::ImagePrediction& last = all.back().suggestion.prediction;
    query.continuation = to_continuation({last.created, all.back().suggestion.uncertainty, last.id});
  }
  JsonWriter json;
  wire::write(json.begin_object().key("token"), query);
  json.key("results").begin_array();
  for (const auto& [suggestion, image] : all)
    wire::write_stored_suggestion(json, suggestion, image, state.files.image_links(context.exchange, image),
                                  domain, form_of(context));
  json.end_array().end_object();
  return json_response(json);
}

// Azure: a map with every tag asked for, also those with none (recorded).
Response query_suggested_image_count(CustomVision& state, RequestContext& context) {
  const wire::SuggestionQuery query = wire::read_suggestion_query(json_body(context));
  Uuid domain;
  const std::vector<Suggested> all = matching(state, context, query, domain);
  JsonWriter json;
  json.begin_object();
  for (const Uuid& tag : query.tags)
    json.field(tag.text(), std::count_if(all.begin(), all.end(), [&](const Suggested& one) {
                 return suggests(one.suggestion.prediction.predictions, tag, query.threshold);
               }));
  json.end_object();
  return json_response(json);
}

Response get_image_region_proposals(CustomVision& state, RequestContext& context) {
  const Uuid id = path_id(context, "imageId");
  ImageFile file;
  Uuid project;
  {
    Transaction tx(state.environment.database);
    project = require_project(tx, context).id;
    file = read_files(tx, state, project, {id}).front();
  }
  std::vector<wire::RegionProposal> proposals;
  for (const auto& [region, confidence] : learning::propose_regions(decode(file), limits::kRegionProposals))
    proposals.push_back({confidence, {region.left, region.top, region.width, region.height}});
  JsonWriter json;
  wire::write(json, project, id, proposals);
  return json_response(json);
}

}  // namespace

std::span<const Operation<CustomVision>> suggestion_operations() {
  static constexpr Operation<CustomVision> operations[] = {
      {{"SuggestTagsAndRegions",
        Method::Post,
        "/customvision/{version}/training/projects/{projectId}/tagsandregions/suggestions",
        "",
        {.key = Access::Key::Training, .since = "v3.1"}},
       suggest_tags_and_regions},
      {{"QuerySuggestedImages",
        Method::Post,
        "/customvision/{version}/training/projects/{projectId}/images/suggested",
        "",
        {.key = Access::Key::Training, .since = "v3.1"}},
       query_suggested_images},
      {{"QuerySuggestedImageCount",
        Method::Post,
        "/customvision/{version}/training/projects/{projectId}/images/suggested/count",
        "",
        {.key = Access::Key::Training, .since = "v3.1"}},
       query_suggested_image_count},
      {{"GetImageRegionProposals",
        Method::Post,
        "/customvision/{version}/training/projects/{projectId}/images/{imageId}/regionproposals",
        "",
        {.key = Access::Key::Training, .since = "v3.0"}},
       get_image_region_proposals},
  };
  return operations;
}

}  // namespace cvemu::customvision
