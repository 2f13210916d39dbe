// What a training learns: the iteration's model, and what models that had not seen an image predict for it.
#pragma once
#include <string>
#include <variant>
#include <vector>

#include "customvision/api/request_reader.h"
#include "store/customvision/models.h"

namespace cvemu::customvision {

struct Trained {
  StoredModel model;
  std::vector<HeldOut> held_out;
};

// Why nothing can be learned, for people; becomes the iteration's trainingErrorDetails.
struct TrainingFailure {
  std::string reason;
};

// Fits the model to what the iteration's workspace holds, and evaluates it by cross-validation. Takes as long
// as that takes; call outside any Transaction. The same images and tags give the same bytes, whatever their
// ids and the order of their uploads.
std::variant<Trained, TrainingFailure> train(CustomVision& state, const Iteration& iteration);

// The tags that a model of this iteration tells apart, one per label and in the labels' order.
// Emulator: in a multilabel project Negative is not one of them; its images show none of the others.
std::vector<Tag> learned_tags(const Iteration& iteration, std::vector<Tag> tags);

}  // namespace cvemu::customvision
