#include "customvision/jobs/lost_files.h"

#include "customvision/api/image_files.h"
#include "customvision/api/image_removal.h"
#include "customvision/files.h"
#include "imaging/decode.h"
#include "store/customvision/predictions.h"

namespace cvemu::customvision {

namespace {

using Purpose = ServiceFiles::Purpose;

void lose_image(Transaction& tx, CustomVision& state, const Purpose& purpose, lost_bytes::Dropped& dropped) {
  auto project = projects::find(tx, purpose.project);
  if (!project) return;
  remove_image(tx, state, *project, purpose.id);
  dropped.reason += "; the image " + purpose.id.text() + " has left the project " + project->name;
}

// After all originals that were lost.
void draw_again(Transaction& tx, CustomVision& state, const Purpose& purpose, lost_bytes::Dropped& dropped) {
  const auto image = images::find_any(tx, purpose.id);
  const auto original = state.files.read_image(tx, purpose.project, purpose.id);
  if (!image || !original) return;
  const auto decoded = imaging::decode(*original);
  const auto* pixels = std::get_if<imaging::Image>(&decoded);
  if (!pixels) return;
  state.files.put_image(tx, *image, files_of(*original, *pixels), state.environment.clock.now());
  dropped.reason += "; it was drawn again from the original";
}

void lose_model(Transaction& tx, CustomVision& state, const Purpose& purpose, lost_bytes::Dropped& dropped) {
  for (const Export& entry : exports::list(tx, purpose.id)) {
    if (entry.status != ExportStatus::Done || !state.files.is_model_of(entry, dropped.name)) continue;
    exports::set_status(tx, entry, ExportStatus::Failed);
    dropped.reason += "; the export of " + purpose.id.text() + " to " + entry.platform + " has Failed";
  }
}

void lose_prediction(Transaction& tx, CustomVision& state, const Purpose& purpose,
                     lost_bytes::Dropped& dropped) {
  state.files.remove_prediction(tx, purpose.project, purpose.id);
  if (predictions::remove(tx, purpose.project, purpose.id))
    dropped.reason += "; the prediction " + purpose.id.text() + " was deleted";
}

}  // namespace

void forget_lost_files(Transaction& tx, CustomVision& state, std::vector<lost_bytes::Dropped>& dropped) {
  using Lose = void (*)(Transaction&, CustomVision&, const Purpose&, lost_bytes::Dropped&);
  const auto each = [&](Purpose::Kind kind, Lose lose) {
    for (lost_bytes::Dropped& one : dropped) {
      const auto purpose = state.files.purpose_of(one.account, one.container, one.name);
      if (purpose && purpose->kind == kind) lose(tx, state, *purpose, one);
    }
  };
  each(Purpose::Kind::Image, lose_image);
  each(Purpose::Kind::ImageCopy, draw_again);
  each(Purpose::Kind::Model, lose_model);
  each(Purpose::Kind::Prediction, lose_prediction);
}

}  // namespace cvemu::customvision
