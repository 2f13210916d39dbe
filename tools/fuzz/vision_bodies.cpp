// Bodies and queries of Custom Vision: the first line says what the rest is.
#include "base/json.h"
#include "customvision/wire/metadata_filter.h"
#include "customvision/wire/query_tokens.h"
#include "customvision/wire/wire.h"
#include "target.h"

namespace {

using namespace cvemu;
using namespace cvemu::customvision;

void read_filter(std::string_view text) {
  const auto filter = parse_metadata_filter(text);
  const bool fits_none = filter("");
  fuzz::expect(filter("{}") == fits_none, "no metadata is empty metadata");
  filter(R"({"room": "2", "floor": "1'a"})");
}

void read_continuation_token(std::string_view text) {
  const auto place = read_continuation(std::string(text));
  if (!place) return;
  const auto again = read_continuation(to_continuation(*place));
  fuzz::expect(again && again->id == place->id && again->created == place->created,
               "a place that is written reads the same");
}

void read_metadata_object(std::string_view text) {
  const wire::Metadata metadata = wire::read_metadata(text);
  fuzz::expect(wire::read_metadata(wire::to_json(metadata)) == metadata,
               "metadata that is written reads the same");
}

void read_patch(std::string_view text) {
  const wire::ProjectPatch patch = wire::read_project_patch(text);
  if (!patch.augmentation) return;
  const std::string methods = wire::with_changes("{}", *patch.augmentation);
  fuzz::expect(wire::with_changes(methods, *patch.augmentation) == methods,
               "a change that is made again changes nothing");
}

struct Reader {
  std::string_view name;
  void (*read)(std::string_view text);
};
constexpr Reader kReaders[] = {
    {"create", [](std::string_view text) { wire::read_create_project_options(text); }},
    {"patch", read_patch},
    {"tag", [](std::string_view text) { wire::read_tag_patch(text); }},
    {"iteration", [](std::string_view text) { wire::read_iteration_name(text); }},
    {"files", [](std::string_view text) { wire::read_image_files(text); }},
    {"urls", [](std::string_view text) { wire::read_image_urls(text); }},
    {"ids", [](std::string_view text) { wire::read_image_ids(text); }},
    {"image tags", [](std::string_view text) { wire::read_image_tags(text); }},
    {"regions", [](std::string_view text) { wire::read_image_regions(text); }},
    {"metadata", read_metadata_object},
    {"training", [](std::string_view text) { wire::read_training_parameters(text); }},
    {"export", [](std::string_view text) { wire::read_project_export_note(text); }},
    {"filter", read_filter},
    {"continuation", read_continuation_token},
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest = fuzz::text_of(data, size);
  const std::string_view name = fuzz::take_line(rest);
  for (const Reader& reader : kReaders)
    if (reader.name == name) fuzz::refusal_of([&] { reader.read(rest); });
  return 0;
}
