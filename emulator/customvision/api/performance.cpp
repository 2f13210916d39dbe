// How good an iteration is, from predictions for images by models that had not seen them.
#include <algorithm>

#include "customvision/api/request_reader.h"
#include "customvision/files.h"
#include "customvision/limits.h"
#include "customvision/model/trained_model.h"
#include "store/customvision/models.h"

namespace cvemu::customvision {

namespace {

constexpr double kThreshold = 0.8, kOverlap = 0.5;  // Azure: the defaults of the interface

// What is needed to score an iteration, read in one transaction.
struct Evaluation {
  Iteration iteration;
  Labels labels;
  int folds = 0;
  std::vector<HeldOut> held_out;
  std::vector<TrainingImage> images;  // beside held_out

  std::vector<std::vector<int>> tags_of_images() const;
  std::vector<std::vector<learning::Region>> regions_of_images() const;
  wire::Predictions predictions(std::size_t i) const;
  bool detection() const { return !iteration.classification_type.has_value(); }

 private:
  int label_of(const Uuid& tag) const;  // -1: not one of the labels
};

int Evaluation::label_of(const Uuid& id) const {
  const auto& tags = labels.tags();
  const auto found = std::find_if(tags.begin(), tags.end(), [&](const Tag& tag) { return tag.id == id; });
  return found == tags.end() ? -1 : static_cast<int>(found - tags.begin());
}

std::vector<std::vector<int>> Evaluation::tags_of_images() const {
  std::vector<std::vector<int>> all;
  for (const TrainingImage& image : images) {
    all.emplace_back();
    for (const ImageTag& tag : image.tags)
      if (const int label = label_of(tag.tag); label >= 0) all.back().push_back(label);
  }
  return all;
}

std::vector<std::vector<learning::Region>> Evaluation::regions_of_images() const {
  std::vector<std::vector<learning::Region>> all;
  for (const TrainingImage& image : images) {
    all.emplace_back();
    for (const Region& region : image.regions)
      if (const int label = label_of(region.tag); label >= 0)
        all.back().push_back({label, static_cast<float>(region.box.left), static_cast<float>(region.box.top),
                              static_cast<float>(region.box.width), static_cast<float>(region.box.height)});
  }
  return all;
}

wire::Predictions Evaluation::predictions(std::size_t i) const {
  return detection() ? labels.detected(learning::detections_from_bytes(held_out[i].bytes))
                     : labels.classified(learning::floats_from_bytes(held_out[i].bytes));
}

Evaluation read_evaluation(CustomVision& state, RequestContext& context) {
  Transaction tx(state.environment.database);
  const Project project = require_project(tx, context);
  Evaluation evaluation{require_iteration(tx, context, project.id), {}, 0, {}, {}};
  const auto model = models::find(tx, evaluation.iteration.id);
  if (!model) throw errors::performance_not_found();
  evaluation.labels = labels_of(tx, evaluation.iteration);
  evaluation.folds = model->folds;
  for (HeldOut& one : models::held_out(tx, evaluation.iteration.id)) {
    auto image = images::find(tx, evaluation.iteration.id, one.image);
    if (!image) continue;  // deleted from all iterations
    evaluation.images.push_back(*std::move(image));
    evaluation.held_out.push_back(std::move(one));
  }
  return evaluation;
}

learning::Folds folds_of(const Evaluation& evaluation) {
  learning::Folds folds{evaluation.folds, {}};
  for (const HeldOut& one : evaluation.held_out) folds.of_sample.push_back(one.fold);
  return folds;
}

learning::Performance score(const Evaluation& evaluation, double threshold, double overlap) {
  const int labels = static_cast<int>(evaluation.labels.tags().size());
  if (evaluation.detection()) {
    learning::HeldOutBoxes boxes{folds_of(evaluation), {}};
    for (const HeldOut& one : evaluation.held_out)
      boxes.detections.push_back(learning::detections_from_bytes(one.bytes));
    return learning::performance(boxes, evaluation.regions_of_images(), labels, threshold, overlap);
  }
  learning::HeldOutTags tags{folds_of(evaluation), {}};
  for (const HeldOut& one : evaluation.held_out)
    tags.probabilities.push_back(learning::floats_from_bytes(one.bytes));
  return learning::performance(tags, evaluation.tags_of_images(), labels, threshold);
}

Response get_iteration_performance(CustomVision& state, RequestContext& context) {
  const double threshold = query_fraction(context, "threshold", kThreshold);
  const double overlap = query_fraction(context, "overlapThreshold", kOverlap);
  const Evaluation evaluation = read_evaluation(state, context);
  const learning::Performance performance = score(evaluation, threshold, overlap);
  std::vector<wire::TagScore> per_tag;
  for (std::size_t i = 0; i < performance.per_tag.size(); ++i)
    per_tag.push_back({evaluation.labels.tags()[i], performance.per_tag[i]});
  // Emulator: in the order of GetTags; the service's is not on record.
  std::sort(per_tag.begin(), per_tag.end(),
            [](const auto& a, const auto& b) { return uniqueidentifier_less(a.tag.id, b.tag.id); });
  JsonWriter json;
  wire::write(json, per_tag, performance.overall);
  return json_response(json);
}

// The images that performance shows: one fold, a fifth of all. Azure: 2 of 5 + 5 images (recorded).
constexpr int kShownFold = 0;

std::vector<std::size_t> shown_images(const Evaluation& evaluation, const std::vector<Uuid>& tags) {
  const auto has_any = [&](const TrainingImage& image) {
    return tags.empty() || std::any_of(image.tags.begin(), image.tags.end(), [&](const ImageTag& tag) {
             return std::find(tags.begin(), tags.end(), tag.tag) != tags.end();
           });
  };
  std::vector<std::size_t> shown;
  for (std::size_t i = 0; i < evaluation.images.size(); ++i)
    if (evaluation.held_out[i].fold == kShownFold && has_any(evaluation.images[i])) shown.push_back(i);
  return shown;
}

// Azure: newest first, equal times in uniqueidentifier order, as all lists of images.
void sort_shown(std::vector<std::size_t>& shown, const Evaluation& evaluation, bool oldest_first) {
  std::sort(shown.begin(), shown.end(), [&](std::size_t i, std::size_t j) {
    const TrainingImage &a = evaluation.images[oldest_first ? j : i],
                        &b = evaluation.images[oldest_first ? i : j];
    return a.created != b.created ? a.created > b.created : uniqueidentifier_less(a.id, b.id);
  });
}

Response get_image_performances(CustomVision& state, RequestContext& context) {
  const std::vector<Uuid> tags = query_ids(context, "tagIds", limits::kTagsPerFilter);
  const ImagePage page = page_in_query(context);
  const Evaluation evaluation = read_evaluation(state, context);
  std::vector<std::size_t> shown = shown_images(evaluation, tags);
  sort_shown(shown, evaluation, page.oldest_first);
  const wire::PredictionForm form{version_of(context) >= ApiVersion::V3_3};
  const auto end = std::min(std::ssize(shown), page.skip + page.take);
  JsonWriter json;
  json.begin_array();
  for (auto at = page.skip; at < end; ++at) {
    const std::size_t i = shown[static_cast<std::size_t>(at)];
    const TrainingImage& image = evaluation.images[i];
    wire::write_image_performance(json, image, state.files.image_links(context.exchange, image),
                                  evaluation.predictions(i), form);
  }
  json.end_array();
  return json_response(json);
}

Response get_image_performance_count(CustomVision& state, RequestContext& context) {
  const std::vector<Uuid> tags = query_ids(context, "tagIds", limits::kTagsPerCount);
  JsonWriter json;
  json.integer(std::ssize(shown_images(read_evaluation(state, context), tags)));
  return json_response(json);
}

}  // namespace

std::span<const Operation<CustomVision>> performance_operations() {
  static constexpr Operation<CustomVision> operations[] = {
      {{"GetIterationPerformance",
        Method::Get,
        "/customvision/{version}/training/projects/{projectId}/iterations/{iterationId}/performance",
        "",
        {.key = Access::Key::Training, .since = "v3.0"}},
       get_iteration_performance},
      {{"GetImagePerformances",
        Method::Get,
        "/customvision/{version}/training/projects/{projectId}/iterations/{iterationId}/performance/images",
        "",
        {.key = Access::Key::Training, .since = "v3.0"}},
       get_image_performances},
      {{"GetImagePerformanceCount",
        Method::Get,
        "/customvision/{version}/training/projects/{projectId}/iterations/{iterationId}/performance/images/"
        "count",
        "",
        {.key = Access::Key::Training, .since = "v3.0"}},
       get_image_performance_count},
  };
  return operations;
}

}  // namespace cvemu::customvision
