// Short values of headers, queries and bodies: the first line says what the rest is.
#include "base/durations.h"
#include "base/ids.h"
#include "base/text.h"
#include "base/times.h"
#include "http/request_head.h"
#include "storage/conditions.h"
#include "storage/headers.h"
#include "storage/metadata.h"
#include "storage/names.h"
#include "storage/ranges_and_digests.h"
#include "target.h"

namespace {

using namespace cvemu;

void read_duration(std::string_view text) {
  const auto duration = parse_duration(text);
  if (!duration) return;
  fuzz::expect(*duration >= Duration(0) && *duration <= std::chrono::days(36500),
               "a duration lies in its bounds");
  const auto micros = text.ends_with("us") ? parse_int(text.substr(0, text.size() - 2)) : std::nullopt;
  fuzz::expect(!micros || *micros == duration->count(), "microseconds are read as they are");
  fuzz::expect(parse_duration(duration_text(*duration)) == duration,
               "a duration that is written reads the same");
}

void read_iso(std::string_view text) {
  const auto time = times::parse_iso(text);
  if (!time) return;
  fuzz::expect(times::parse_iso(times::iso_ticks(*time)) == time, "a time that is written reads the same");
  fuzz::expect(times::parse_iso(times::iso_naive(*time)) == time, "so does one without a zone");
  fuzz::expect(times::parse_iso(times::iso_seconds(*time)) <= time, "seconds are rounded down");
}

void read_rfc1123(std::string_view text) {
  const auto time = times::parse_rfc1123(text);
  fuzz::expect(!time || times::parse_rfc1123(times::rfc1123(*time)) == time,
               "a date that is written reads the same");
}

void read_range(std::string_view text) {
  const auto range = parse_range(text);
  if (!range) return;
  for (const std::uint64_t size : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{1000}, UINT64_MAX})
    fuzz::refusal_of([&] {
      const Slice slice = slice_of(*range, size);
      fuzz::expect(slice.length > 0 && slice.offset < size && slice.length <= size - slice.offset,
                   "a range lies within the blob");
      const std::string content = content_range(slice, size);
      fuzz::expect(parse_range("bytes=" + content.substr(6, content.find('/') - 6)) ==
                       ByteRange{slice.offset, slice.offset + slice.length - 1},
                   "a range that is written reads the same");
    });
}

void read_integer(std::string_view text) {
  const auto number = parse_int(text);
  fuzz::expect(!number || parse_int(std::to_string(*number)) == number,
               "a number that is written reads the same");
}

void read_id(std::string_view text) {
  const auto id = Uuid::parse(text);
  fuzz::expect(!id || Uuid::parse(id->text()) == id, "an id that is written reads the same");
  const auto compact = Uuid::parse_compact(text);
  fuzz::expect(!compact || Uuid::parse_compact(compact->compact()) == compact, "so does one without dashes");
}

void read_names(std::string_view text) {
  fuzz::expect(fuzz::refusal_of([&] { check_queue_name(text); }).empty() == is_queue_name(text),
               "both ways agree");
  fuzz::refusal_of([&] {
    const std::string name = checked_blob_name(text);
    fuzz::expect(checked_blob_name(name) == name, "a name that is kept stays");
  });
}

// A head without its request line: all that the storage services read from headers.
void read_headers(std::string_view text) {
  std::string head = "GET / HTTP/1.1\n" + std::string(text) + "\n\n";
  head.resize(find_head_end(head));
  Headers headers;
  try {
    headers = parse_head(head).request.headers;
  } catch (const WireError&) {
    return;
  }
  const Conditional blob{"\"0x8D4BCC2E4835CD0\"", times::kNever - std::chrono::years(7000)};
  for (const std::string_view prefix : {"", "x-ms-source-", "x-ms-blob-"})
    fuzz::refusal_of([&] {
      const Conditions conditions = read_conditions(headers, prefix);
      fuzz::refusal_of([&] { check_read(conditions, &blob); });
      fuzz::refusal_of([&] { check_write(conditions, &blob, WriteKind::Create); });
      fuzz::refusal_of([&] { check_write(conditions, nullptr, WriteKind::Change); });
      fuzz::refusal_of([&] { check_source(conditions, blob); });
    });
  fuzz::refusal_of([&] {
    Headers again;
    const Metadata metadata = read_metadata(headers);
    write_metadata(again, metadata);
    fuzz::expect(same_metadata(read_metadata(again), metadata), "metadata that is written reads the same");
  });
  fuzz::refusal_of([&] { ContentCheck check(headers); });
  fuzz::refusal_of([&] { header_int(headers, "x-ms-lease-duration", {-1, 60}); });
  fuzz::refusal_of([&] { header_bool(headers, "x-ms-delete-snapshots"); });
  cvemu::read_range(headers);
}

struct Reader {
  std::string_view name;
  void (*read)(std::string_view text);
};
constexpr Reader kReaders[] = {
    {"duration", read_duration}, {"iso", read_iso}, {"rfc1123", read_rfc1123}, {"range", read_range},
    {"integer", read_integer},   {"id", read_id},   {"name", read_names},      {"headers", read_headers}};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest = fuzz::text_of(data, size);
  const std::string_view name = fuzz::take_line(rest);
  for (const Reader& reader : kReaders)
    if (reader.name == name) reader.read(rest);
  return 0;
}
