#include "customvision/model/training.h"

#include <algorithm>
#include <tuple>

#include "customvision/model/image_features.h"
#include "customvision/model/training_rules.h"
#include "learning/evaluation.h"
#include "learning/model_bytes.h"

namespace cvemu::customvision {

namespace {

using learning::ClassifierSample;
using learning::DetectorSample;

struct TrainingSet {
  std::vector<Tag> tags;  // one per label
  std::vector<TrainingImage> images;
};

// Ids are chance, contents are not: the order of the sums, and with it the model, depends on contents only.
void sort_by_content(std::vector<TrainingImage>& images) {
  std::sort(images.begin(), images.end(), [](const auto& a, const auto& b) { return a.digest < b.digest; });
}

bool is_labelled(const TrainingImage& image, bool detection) {
  return detection ? !image.regions.empty() : !image.tags.empty();
}

// Throws the ApiError of a project that cannot be trained.
TrainingSet read_training_set(CustomVision& state, const Iteration& iteration, const FeatureSpec& spec) {
  TrainingSet set;
  Transaction tx(state.environment.database);
  std::vector<Tag> tags = tags::list(tx, iteration.id);
  require_trainable(iteration, tags);
  set.tags = learned_tags(iteration, std::move(tags));
  set.images = images::list(tx, iteration.id, {}, {.oldest_first = true, .take = INT64_MAX});
  std::erase_if(set.images, [&](const TrainingImage& image) { return !is_labelled(image, spec.detection); });
  sort_by_content(set.images);
  return set;
}

std::optional<int> label_of(const TrainingSet& set, const Uuid& tag) {
  for (std::size_t i = 0; i < set.tags.size(); ++i)
    if (set.tags[i].id == tag) return static_cast<int>(i);
  return std::nullopt;
}

// Emulator: an image that kept several tags from a multilabel time counts for its newest.
std::vector<int> labels_of(const TrainingSet& set, const TrainingImage& image, learning::Link link) {
  std::vector<int> labels;
  for (const ImageTag& tag : image.tags)
    if (const auto label = label_of(set, tag.tag)) labels.push_back(*label);
  if (link == learning::Link::Softmax && labels.size() > 1) labels.resize(1);
  std::sort(labels.begin(), labels.end());
  return labels;
}

std::vector<learning::Region> regions_of(const TrainingSet& set, const TrainingImage& image) {
  std::vector<learning::Region> regions;
  for (const Region& region : image.regions)
    if (const auto label = label_of(set, region.tag))
      regions.push_back({*label, static_cast<float>(region.box.left), static_cast<float>(region.box.top),
                         static_cast<float>(region.box.width), static_cast<float>(region.box.height)});
  // Not in the order of ids.
  std::sort(regions.begin(), regions.end(), [](const auto& a, const auto& b) {
    return std::tie(a.label, a.left, a.top, a.width, a.height) <
           std::tie(b.label, b.left, b.top, b.width, b.height);
  });
  return regions;
}

std::vector<std::string> names_of(const std::vector<Tag>& tags) {
  std::vector<std::string> names;
  for (const Tag& tag : tags) names.push_back(tag.name);
  return names;
}

// One sample per image; images whose files are gone leave the set.
template <class Make>
auto collect(CustomVision& state, const Iteration& iteration, const FeatureSpec& spec, TrainingSet& set,
             Make make) {
  std::vector<decltype(make(std::string(), set.images.front()))> samples;
  std::erase_if(set.images, [&](const TrainingImage& image) {
    const auto bytes = features_of_image(state, spec, iteration.project, image.id);
    if (bytes) samples.push_back(make(*bytes, image));
    return !bytes;
  });
  return samples;
}

std::string unseen_prediction(const learning::HeldOutTags& all, std::size_t i) {
  return learning::to_bytes(all.probabilities[i]);
}
std::string unseen_prediction(const learning::HeldOutBoxes& all, std::size_t i) {
  return learning::to_bytes(all.detections[i]);
}

learning::Model fit(const learning::ClassifierTask& task,
                    const std::vector<const ClassifierSample*>& samples) {
  return learning::fit_classifier(task, samples);
}
learning::Model fit(const learning::DetectorTask& task, const std::vector<const DetectorSample*>& samples) {
  return learning::fit_detector(task, samples);
}

template <class Task, class Sample>
Trained learn(const Task& task, const std::vector<Sample>& samples, const TrainingSet& set) {
  const auto unseen = learning::cross_validate(task, samples);
  Trained trained;
  std::vector<const Sample*> all;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    trained.held_out.push_back({set.images[i].id, unseen.folds.of_sample[i], unseen_prediction(unseen, i)});
    all.push_back(&samples[i]);
  }
  trained.model = {learning::to_bytes(fit(task, all)), unseen.folds.count};
  return trained;
}

// Emulator: a tag in object detection needs images with boxes; tags put on whole images teach nothing.
bool every_label_has_a_box(const std::vector<DetectorSample>& samples, std::size_t labels) {
  std::vector<bool> seen(labels);
  for (const DetectorSample& sample : samples)
    for (const learning::Region& region : sample.regions) seen[static_cast<std::size_t>(region.label)] = true;
  return std::find(seen.begin(), seen.end(), false) == seen.end();
}

using Outcome = std::variant<Trained, TrainingFailure>;

Outcome train_classifier(CustomVision& state, const Iteration& iteration, const FeatureSpec& spec,
                         TrainingSet set) {
  const auto link = iteration.classification_type == ClassificationType::Multiclass ? learning::Link::Softmax
                                                                                    : learning::Link::Sigmoid;
  const auto samples =
      collect(state, iteration, spec, set, [&](const std::string& bytes, const TrainingImage& image) {
        return ClassifierSample{read_features(bytes), labels_of(set, image, link)};
      });
  if (samples.empty()) return TrainingFailure{"The training images are gone"};
  return learn(learning::ClassifierTask{spec.geometry, link, names_of(set.tags)}, samples, set);
}

Outcome train_detector(CustomVision& state, const Iteration& iteration, const FeatureSpec& spec,
                       TrainingSet set) {
  const auto samples =
      collect(state, iteration, spec, set, [&](const std::string& bytes, const TrainingImage& image) {
        return DetectorSample{learning::floats_from_bytes(bytes), regions_of(set, image)};
      });
  if (!every_label_has_a_box(samples, set.tags.size()))
    return TrainingFailure{errors::not_enough_images("").message};
  return learn(learning::DetectorTask{spec.geometry, names_of(set.tags)}, samples, set);
}

}  // namespace

std::vector<Tag> learned_tags(const Iteration& iteration, std::vector<Tag> tags) {
  if (iteration.classification_type == ClassificationType::Multilabel)
    std::erase_if(tags, [](const Tag& tag) { return tag.type == TagType::Negative; });
  std::sort(tags.begin(), tags.end(),
            [](const Tag& a, const Tag& b) { return learning::label_less(a.name, b.name); });
  return tags;
}

std::variant<Trained, TrainingFailure> train(CustomVision& state, const Iteration& iteration) {
  const FeatureSpec spec = feature_spec_of(iteration.domain);
  try {
    TrainingSet set = read_training_set(state, iteration, spec);
    return spec.detection ? train_detector(state, iteration, spec, std::move(set))
                          : train_classifier(state, iteration, spec, std::move(set));
  } catch (const ApiError& error) {
    return TrainingFailure{error.message};
  }
}

}  // namespace cvemu::customvision
