// Counters of workspaces and order of images, held against what the rows themselves say.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>

#include "store/customvision/images.h"
#include "store/customvision/iterations.h"
#include "store/customvision/projects.h"
#include "store/customvision/regions.h"
#include "store/customvision/tags.h"
#include "store/customvision/workspaces.h"

namespace cvemu::customvision_workspaces_test {

namespace {

struct WorkspaceFixture {
  Database database;
  IdSource ids{7};
  Project project = [this] {
    Project p;
    p.id = ids.uuid();
    return p;
  }();

  WorkspaceFixture() {
    Transaction tx(database);
    projects::insert(tx, project);
    tx.commit();
  }

  Uuid tag(Transaction& tx) {
    const Tag tag{project.id,   ids.uuid(),       "tag" + std::to_string(ids.number()),
                  std::nullopt, TagType::Regular, 0};
    tags::insert(tx, tag);
    return tag.id;
  }
  Uuid image(Transaction& tx, std::int64_t at) {
    TrainingImage image;
    image.id = ids.uuid();
    image.project = project.id;
    image.created = from_micros(at);
    image.digest = image.id.text();
    images::insert(tx, image);
    return image.id;
  }
};

// The counters, compared with what the images show.
void check_counts(Transaction& tx, const Uuid& workspace) {
  const auto all = images::list(tx, workspace, {}, {false, 0, INT64_MAX});
  std::int64_t tagged = 0, regions = 0;
  std::map<Uuid, std::int64_t> per_tag;
  for (const TrainingImage& image : all) {
    tagged += !image.tags.empty();
    regions += std::ssize(image.regions);
    for (const ImageTag& tag : image.tags) ++per_tag[tag.tag];
  }
  const WorkspaceCounts counts = workspaces::counts(tx, workspace);
  CHECK(counts.images == std::ssize(all));
  CHECK(counts.tagged_images == tagged);
  CHECK(counts.regions == regions);
  for (const Tag& tag : tags::list(tx, workspace)) CHECK(tag.image_count == per_tag[tag.id]);
}

}  // namespace

TEST_CASE("Counters agree with the rows after any of 3000 random changes") {
  WorkspaceFixture f;
  Transaction tx(f.database);
  std::vector<Uuid> tag_ids, image_ids, region_ids;
  for (int i = 0; i < 4; ++i) tag_ids.push_back(f.tag(tx));
  const auto pick = [&](const std::vector<Uuid>& from) { return from[f.ids.number() % from.size()]; };
  const Uuid ws = f.project.id;
  for (int step = 0; step < 3000; ++step) {
    switch (f.ids.number() % 9) {
      case 0:
      case 1:
        image_ids.push_back(f.image(tx, step));
        break;
      case 2:
      case 3:
        if (const Uuid id = image_ids.empty() ? Uuid() : pick(image_ids); images::contains(tx, ws, id))
          images::add_tag(tx, ws, id, pick(tag_ids), from_micros(step));
        break;
      case 4:
        if (!image_ids.empty()) images::remove_tag(tx, ws, pick(image_ids), pick(tag_ids));
        break;
      case 5:
        if (const Uuid id = image_ids.empty() ? Uuid() : pick(image_ids); images::contains(tx, ws, id)) {
          region_ids.push_back(f.ids.uuid());
          regions::add(tx, ws, id, {region_ids.back(), pick(tag_ids), "", from_micros(step), {0, 0, 1, 1}});
        }
        break;
      case 6:
        if (!region_ids.empty()) regions::remove(tx, ws, {pick(region_ids)});
        break;
      case 7:
        if (!image_ids.empty()) images::take_out(tx, ws, {pick(image_ids)});
        break;
      default:
        if (f.ids.number() % 20 != 0) break;
        const std::size_t which = f.ids.number() % tag_ids.size();
        tags::remove(tx, ws, tag_ids[which]);
        tag_ids[which] = f.tag(tx);
    }
    if (step % 50 == 0) check_counts(tx, ws);
  }
  check_counts(tx, ws);
  images::take_out_all(tx, ws);
  check_counts(tx, ws);
  CHECK(images::remove_unused(tx, ws).size() > 100);
}

TEST_CASE("A copied workspace is the same and then goes its own way") {
  WorkspaceFixture f;
  Transaction tx(f.database);
  const Uuid tag = f.tag(tx), kept = f.image(tx, 1), gone = f.image(tx, 2), copy = f.ids.uuid();
  images::add_tag(tx, f.project.id, gone, tag, from_micros(3));
  workspaces::copy(tx, f.project.id, copy, f.project.id);
  images::take_out(tx, f.project.id, {gone});
  CHECK(images::remove_unused(tx, {gone, kept}).empty());  // the copy holds it
  CHECK(images::find(tx, copy, gone)->tags.size() == 1);
  CHECK_FALSE(images::find(tx, f.project.id, gone));
  CHECK(workspaces::count_tag_rows(tx, f.project.id) == 2);
  check_counts(tx, copy);
  check_counts(tx, f.project.id);
  workspaces::remove(tx, copy);
  CHECK(images::remove_unused(tx, f.project.id) == std::vector{gone});
}

TEST_CASE("Pages: newest first, equal times as uniqueidentifier_less has it; oldest first is the reverse") {
  WorkspaceFixture f;
  Transaction tx(f.database);
  for (int i = 0; i < 40; ++i) f.image(tx, i / 8);
  const auto newest = images::list(tx, f.project.id, {}, {false, 0, 100});
  const auto before = [](const TrainingImage& a, const TrainingImage& b) {
    return a.created != b.created ? a.created > b.created : uniqueidentifier_less(a.id, b.id);
  };
  CHECK(std::is_sorted(newest.begin(), newest.end(), before));
  const auto oldest = images::list(tx, f.project.id, {}, {true, 0, 100});
  CHECK(std::equal(newest.begin(), newest.end(), oldest.rbegin(), oldest.rend(),
                   [](const auto& a, const auto& b) { return a.id == b.id; }));
  const auto page = images::list(tx, f.project.id, {}, {false, 10, 5});
  CHECK(page.size() == 5);
  CHECK(page[0].id == newest[10].id);
}

}  // namespace cvemu::customvision_workspaces_test
