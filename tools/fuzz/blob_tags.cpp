// Tags of blobs and markers of listings: the first line says what the rest is.
#include "blob/attributes/tags.h"

#include "base/text.h"
#include "blob/containers/markers.h"
#include "target.h"

namespace {

using namespace cvemu;
using namespace cvemu::blob;

const Pairs kTags = {{"colour", "red"}, {"size", "3"}, {"", "nothing"}};

void read_condition(std::string_view text) {
  const auto expression = TagExpression::parse_condition(text);
  expression.matches(kTags);
  expression.matches({});
  fuzz::expect(expression.named({}).empty(), "only tags that are there are named");
}

void read_where(std::string_view text) {
  const auto expression = TagExpression::parse_where(text);
  const bool fits = expression.matches(kTags);
  if (expression.container()) return;
  fuzz::expect(TagExpression::parse_condition(text).matches(kTags) == fits, "a search is a condition");
}

void read_header(std::string_view text) {
  Headers headers;
  headers.add("x-ms-tags", text);
  const std::string packed = read_tags_header(headers);
  const Pairs tags = unpack(packed);
  check_tags(tags);
  fuzz::expect(pack(tags) == packed, "tags that are kept read the same");
}

void read_packed(std::string_view text) {
  const Pairs pairs = unpack(text);
  fuzz::expect(unpack(pack(pairs)) == pairs, "pairs that are kept read the same");
}

void read_markers(std::string_view text) {
  const auto query_of = [](const std::string& marker) {
    return Query::parse("marker=" + percent_encode(marker));
  };
  const Position place = read_marker(query_of(std::string(text)));
  const Position again = read_marker(query_of(write_marker(place)));
  fuzz::expect(again.name == place.name && again.snapshot == place.snapshot,
               "a marker that is written reads the same");
  const TagMarker tag = read_tag_marker(query_of(std::string(text)));
  const TagMarker tag_again = read_tag_marker(query_of(write_tag_marker(tag)));
  fuzz::expect(tag_again.container == tag.container && tag_again.name == tag.name, "so does one of tags");
}

struct Reader {
  std::string_view name;
  void (*read)(std::string_view text);
};
constexpr Reader kReaders[] = {{"condition", read_condition},
                               {"where", read_where},
                               {"header", read_header},
                               {"packed", read_packed},
                               {"marker", read_markers}};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest = fuzz::text_of(data, size);
  const std::string_view name = fuzz::take_line(rest);
  for (const Reader& reader : kReaders)
    if (reader.name == name) fuzz::refusal_of([&] { reader.read(rest); });
  return 0;
}
