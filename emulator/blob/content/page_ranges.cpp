// Get Page Ranges, also as the difference to an earlier snapshot.
#include <algorithm>

#include "base/text.h"
#include "base/url.h"
#include "blob/blob_lookup.h"
#include "blob/operations.h"
#include "blob/response_headers.h"
#include "storage/errors.h"
#include "storage/headers.h"
#include "storage/ranges_and_digests.h"
#include "storage/xml.h"
#include "store/blob/parts.h"

namespace cvemu::blob {

namespace errors = storage_errors;

namespace {

struct PageRange {
  std::uint64_t start = 0, end = 0;
  bool cleared = false;
};

void add_range(std::vector<PageRange>& ranges, PageRange range) {
  if (!ranges.empty() && ranges.back().end == range.start && ranges.back().cleared == range.cleared)
    ranges.back().end = range.end;
  else
    ranges.push_back(range);
}

// Which bytes of which content stand at `at`; {0, 0} for none. `next` is lowered to where that changes.
std::pair<std::int64_t, std::uint64_t> origin(const std::vector<ContentPart>& parts, std::uint64_t at,
                                              std::uint64_t& next) {
  const auto after =
      std::upper_bound(parts.begin(), parts.end(), at,
                       [](std::uint64_t offset, const ContentPart& part) { return offset < part.start; });
  if (after != parts.end()) next = std::min(next, after->start);
  if (after == parts.begin() || std::prev(after)->end() <= at) return {0, 0};
  const ContentPart& part = *std::prev(after);
  next = std::min(next, part.end());
  return {part.content, part.skip + (at - part.start)};
}

// Contents never change: the same bytes of the same content are the same page.
std::vector<PageRange> difference(const std::vector<ContentPart>& now, const std::vector<ContentPart>& before,
                                  const Slice& slice) {
  std::vector<PageRange> ranges;
  const std::uint64_t end = slice.offset + slice.length;
  for (std::uint64_t at = slice.offset, next = end; at < end; at = next, next = end) {
    const auto here = origin(now, at, next);
    const auto there = origin(before, at, next);
    if (here != there) add_range(ranges, {at, next, here.first == 0});
  }
  return ranges;
}

std::vector<ContentPart> parts_of(Transaction& tx, const Blob& blob) {
  return blob.content == 0 ? std::vector<ContentPart>() : parts::list(tx, blob.content);
}

constexpr std::string_view kPreviousUrl = "x-ms-previous-snapshot-url";

// The snapshot of the same blob that the URL names; its host is not looked at.
std::optional<std::int64_t> snapshot_in_url(const RequestContext& context, std::string_view text) {
  const auto url = Url::parse(text);
  if (!url) return std::nullopt;
  const auto path = percent_decode(url->path);
  const std::string blob =
      '/' + std::string(context.path.get("container")) + '/' + std::string(context.path.get("blob"));
  if (!path || !path->ends_with(blob)) return std::nullopt;
  return parse_snapshot(Query::parse(url->query).find("snapshot").value_or(""));
}

// The one of prevsnapshot or x-ms-previous-snapshot-url; nothing for an ordinary request.
std::optional<std::int64_t> previous_snapshot(const RequestContext& context) {
  const auto text = context.query().find_nonempty("prevsnapshot");
  const std::string_view url = context.headers().get(kPreviousUrl);
  if (!url.empty() && text) throw errors::invalid_header(kPreviousUrl, url, "prevsnapshot is there, too");
  const auto ticks = text ? parse_snapshot(*text) : snapshot_in_url(context, url);
  if (text && !ticks) throw errors::invalid_query_parameter("prevsnapshot", *text);
  if (!url.empty() && !ticks) throw errors::invalid_header(kPreviousUrl, url, "no snapshot of this blob");
  return ticks;
}

// An ordinary request is the difference to an empty blob.
std::vector<ContentPart> parts_before(Transaction& tx, const RequestContext& context, const Blob& blob) {
  const auto ticks = previous_snapshot(context);
  if (!ticks) return {};
  const auto snapshot = blobs::find(tx, blob.container, blob.name, *ticks, context.at());
  if (!snapshot) throw errors::blob_not_found();
  if (snapshot->snapshot > blob.snapshot)
    throw errors::invalid_query_parameter("prevsnapshot", snapshot_text(*ticks), "later than the blob");
  return parts_of(tx, *snapshot);
}

// A marker is the offset at which the next page of the answer begins.
Slice slice_wanted(const RequestContext& context, const Blob& blob) {
  Slice slice{0, blob.length};
  if (const auto range = read_range(context.headers())) slice = slice_of(*range, blob.length);
  const auto marker = context.query().find_nonempty("marker");
  if (!marker) return slice;
  const std::int64_t from = query_int(context.query(), "marker", {0, INT64_MAX}).value_or(0);
  const std::uint64_t end = slice.offset + slice.length;
  slice.offset = std::clamp(static_cast<std::uint64_t>(from), slice.offset, end);
  slice.length = end - slice.offset;
  return slice;
}

std::string write_ranges(const std::vector<PageRange>& ranges, std::optional<std::int64_t> limit) {
  XmlWriter xml;
  xml.open("PageList");
  std::int64_t count = 0;
  std::string next;
  for (const PageRange& range : ranges) {
    if (limit && count++ == *limit) {
      next = std::to_string(range.start);
      break;
    }
    const std::string_view name = range.cleared ? "ClearRange" : "PageRange";
    xml.open(name).number("Start", static_cast<std::int64_t>(range.start));
    xml.number("End", static_cast<std::int64_t>(range.end) - 1).close(name);
  }
  if (limit) xml.element("NextMarker", next);
  return xml.close("PageList").take();
}

Response get_page_ranges(State& state, RequestContext& context) {
  const Target target = target_of(context);
  const auto limit = query_int(context.query(), "maxresults", {1, INT64_MAX});
  Transaction tx(state.database);
  const Blob blob = blob_to_read(tx, context, target);
  if (blob.kind != BlobKind::Page) throw errors::invalid_blob_type();
  const auto ranges =
      difference(parts_of(tx, blob), parts_before(tx, context, blob), slice_wanted(context, blob));
  Response response = xml_response(write_ranges(ranges, limit));
  add_validators(response.headers, blob.etag, blob.modified);
  response.headers.add("x-ms-blob-content-length", std::to_string(blob.length));
  return response;
}

}  // namespace

Rows page_range_operations() {
  static constexpr Operation<State> operations[] = {
      {{"GetPageRanges",
        Method::Get,
        "/{container}/{blob...}?comp=pagelist",
        "",
        {.resource = "o", .account = "r", .service = "r", .open = Access::Open::Blob}},
       get_page_ranges},
  };
  return operations;
}

}  // namespace cvemu::blob
