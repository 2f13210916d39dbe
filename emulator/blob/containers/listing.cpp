#include <algorithm>

#include "base/text.h"
#include "base/times.h"
#include "blob/blob_lookup.h"
#include "blob/containers/markers.h"
#include "blob/operations.h"
#include "blob/response_headers.h"
#include "storage/errors.h"
#include "storage/headers.h"
#include "storage/xml.h"
#include "store/string_map.h"

namespace cvemu::blob {

namespace errors = storage_errors;

namespace {

// Times repeat from row to row: the last text is kept.
class DateText {
 public:
  const std::string& operator()(Instant t) {
    const Instant second = std::chrono::floor<std::chrono::seconds>(t);
    if (text_.empty() || second != second_) text_ = times::rfc1123(t);
    second_ = second;
    return text_;
  }

 private:
  Instant second_{};
  std::string text_;
};

void write_if(XmlWriter& xml, std::string_view name, std::string_view text) {
  if (!text.empty()) xml.element(name, text);
}

void write_lease(XmlWriter& xml, const Lease& lease, Instant now) {
  xml.element("LeaseStatus", lease.is_locked(now) ? "locked" : "unlocked");
  xml.element("LeaseState", lease_state_text(lease.at(now)));
  if (lease.at(now) == LeaseState::Leased) xml.element("LeaseDuration", lease_duration_text(lease));
}

int days_left(Instant now, const std::optional<Instant>& ends) {
  if (!ends) return 0;
  return static_cast<int>(std::chrono::floor<std::chrono::days>(*ends - now).count());
}

// ---- List Containers ----

void write_container(XmlWriter& xml, const Container& container, bool with_metadata, Instant now) {
  xml.open("Container").element("Name", container.name);
  if (container.deleted) xml.element("Deleted", "true").element("Version", version_text(container.id));
  xml.open("Properties");
  xml.element("Last-Modified", times::rfc1123(container.modified))
      .element("Etag", quoted_etag(container.etag));
  write_lease(xml, container.lease, now);
  write_if(xml, "PublicAccess", container.public_access);
  xml.element("DefaultEncryptionScope", "$account-encryption-key")
      .element("DenyEncryptionScopeOverride", "false");
  xml.element("HasImmutabilityPolicy", "false").element("HasLegalHold", "false");
  if (container.deleted) {
    xml.element("DeletedTime", times::rfc1123(*container.deleted));
    xml.number("RemainingRetentionDays", days_left(now, container.ends));
  }
  xml.close("Properties");
  if (with_metadata && !container.metadata.empty()) xml.metadata(unpack(container.metadata));
  xml.close("Container");
}

// A live container stands behind the deleted ones of its name, whatever their ids.
Position position_of(const Container& container) {
  return {container.name, container.deleted ? container.id : INT64_MAX};
}

Response list_containers(State& state, RequestContext& context) {
  const Query& query = context.query();
  const auto include = include_items(query, {"metadata", "deleted", "system"});
  const auto includes = [&](std::string_view item) {
    return std::find(include.begin(), include.end(), item) != include.end();
  };
  const std::size_t limit = static_cast<std::size_t>(max_results(query));
  const Position from = read_marker(query);
  containers::ListOptions options;
  options.prefix = query.find("prefix").value_or("");
  options.from = from.name;
  options.from_id = from.snapshot;
  options.limit = limit + 1;
  options.with_deleted = includes("deleted");
  std::vector<Container> found;
  {
    Transaction tx(state.database);
    found = containers::list(tx, context.path.get("account"), options, context.at());
  }
  std::string next;
  if (found.size() > limit) {
    next = write_marker(position_of(found.back()));
    found.pop_back();
  }
  XmlWriter xml;
  xml.open("EnumerationResults", {{"ServiceEndpoint", endpoint_of(state, context)}});
  write_if(xml, "Prefix", options.prefix);
  write_if(xml, "Marker", query.find("marker").value_or(""));
  if (query.find_nonempty("maxresults")) xml.number("MaxResults", static_cast<std::int64_t>(limit));
  xml.open("Containers");
  for (const Container& container : found)
    write_container(xml, container, includes("metadata"), context.at());
  xml.close("Containers").element("NextMarker", next).close("EnumerationResults");
  return xml_response(xml.take());
}

// ---- List Blobs ----

// Of a blob without metadata and a name of usual length; room that is not used is never touched.
constexpr std::size_t kEntrySize = 768;

struct ListQuery {
  std::string prefix, delimiter, marker, end_before;
  Position from;
  std::size_t limit = 0;
  bool limit_given = false;
  bool copy = false, deleted = false, metadata = false, snapshots = false, tags = false, uncommitted = false;
};

ListQuery read_list_query(const Query& query) {
  ListQuery list;
  list.prefix = query.find("prefix").value_or("");
  list.delimiter = query.find("delimiter").value_or("");
  list.marker = query.find("marker").value_or("");
  list.end_before = query.find("endBefore").value_or("");
  list.limit = static_cast<std::size_t>(max_results(query));
  list.limit_given = query.find_nonempty("maxresults").has_value();
  // Emulator: there are no versions, policies or holds; asking for them is allowed and shows none.
  for (const std::string& item : include_items(
           query, {"copy", "deleted", "metadata", "snapshots", "tags", "uncommittedblobs", "versions",
                   "permissions", "immutabilitypolicy", "legalhold", "deletedwithversions"})) {
    list.copy |= item == "copy";
    list.deleted |= item == "deleted" || item == "deletedwithversions";
    list.metadata |= item == "metadata";
    list.snapshots |= item == "snapshots";
    list.tags |= item == "tags";
    list.uncommitted |= item == "uncommittedblobs";
  }
  // Azure: documentation of List Blobs.
  if (list.snapshots && !list.delimiter.empty())
    throw errors::invalid_query_parameter("include", "snapshots", "not together with a delimiter");
  list.from = read_marker(query);
  const Position least{std::max(list.prefix, std::string(query.find("startFrom").value_or(""))), 0};
  if (list.from.name < least.name) list.from = least;
  return list;
}

class BlobPage {
 public:
  BlobPage(XmlWriter& xml, const ListQuery& list, Instant now) : xml_(xml), list_(list), now_(now) {}

  // Writes the page's entries; the marker of the next page, or "".
  std::string write(Transaction& tx, std::int64_t container) {
    const std::string before = lesser(blobs::after_prefix(list_.prefix), list_.end_before);
    Position from = list_.from;
    Blob blob;
    while (true) {
      const auto [outcome, next] = write_run(tx, container, from, before, blob);
      if (outcome == Outcome::End) return "";
      if (outcome == Outcome::Full) return write_marker({blob.name, blob.snapshot});
      // The names under a prefix are passed over by one search.
      from = {next, 0};
      if (next.empty()) return "";
    }
  }

 private:
  enum class Outcome { End, Full, Skip };

  static std::string lesser(const std::string& a, const std::string& b) {
    if (a.empty() || b.empty()) return a.empty() ? b : a;
    return std::min(a, b);
  }

  // Until the end, a full page, or a prefix; `blob` is then the row that was reached.
  std::pair<Outcome, std::string> write_run(Transaction& tx, std::int64_t container, const Position& from,
                                            const std::string& before, Blob& blob) {
    blobs::Cursor rows(tx, container, from.name, from.snapshot, before);
    while (rows.next(blob)) {
      if (!is_shown(blob)) continue;
      if (count_++ == list_.limit) return {Outcome::Full, ""};
      const std::size_t cut =
          list_.delimiter.empty() ? std::string::npos : blob.name.find(list_.delimiter, list_.prefix.size());
      if (cut == std::string::npos) {
        write_blob(blob);
        continue;
      }
      const std::string folder = blob.name.substr(0, cut + list_.delimiter.size());
      xml_.open("BlobPrefix").name(folder).close("BlobPrefix");
      return {Outcome::Skip, blobs::after_prefix(folder)};
    }
    return {Outcome::End, ""};
  }

  bool is_shown(const Blob& blob) const {
    if (blob.ends && *blob.ends <= now_) return false;
    if (blob.is_snapshot() && !list_.snapshots) return false;
    if (blob.state == BlobState::Uncommitted) return list_.uncommitted;
    if (blob.state == BlobState::Deleted) return list_.deleted;
    return true;
  }

  void write_blob(const Blob& blob) {
    xml_.open("Blob").name(blob.name);
    if (blob.state == BlobState::Deleted) xml_.element("Deleted", "true");
    if (blob.is_snapshot()) xml_.element("Snapshot", snapshot_text(blob.snapshot));
    xml_.open("Properties");
    if (blob.state == BlobState::Uncommitted)
      xml_.number("Content-Length", 0).element("BlobType", "BlockBlob");
    else
      write_properties(blob);
    xml_.close("Properties");
    if (list_.metadata && !blob.metadata.empty()) xml_.metadata(unpack(blob.metadata));
    if (list_.tags && !blob.tags.empty()) write_tag_set(xml_, unpack(blob.tags));
    xml_.close("Blob");
  }

  void write_properties(const Blob& blob) {
    xml_.element("Creation-Time", created_(blob.created)).element("Last-Modified", modified_(blob.modified));
    xml_.element("Etag", etag_text(blob.etag));
    xml_.number("Content-Length", static_cast<std::int64_t>(blob.length))
        .element("Content-Type", blob.content_type);
    const bool is_plain = blob.properties.empty() && blob.lease.empty() && blob.tags.empty() && !blob.ends;
    if (is_plain && blob.kind == BlobKind::Block && !blob.is_snapshot()) return write_plain(blob);
    write_all(blob, BlobProperties::unpack(blob.properties));
  }

  // What write_all comes to for nearly every blob: ready text, which halves the time of a long page.
  void write_plain(const Blob& blob) {
    xml_.raw("<Content-Encoding /><Content-Language />").element("Content-MD5", blob.content_md5);
    xml_.raw(
        "<Content-Disposition /><Cache-Control /><BlobType>BlockBlob</BlobType>"
        "<LeaseStatus>unlocked</LeaseStatus><LeaseState>available</LeaseState>"
        "<ServerEncrypted>true</ServerEncrypted><AccessTier>Hot</AccessTier>"
        "<AccessTierInferred>true</AccessTierInferred>");
  }

  void write_all(const Blob& blob, const BlobProperties& properties) {
    xml_.element("Content-Encoding", properties.encoding).element("Content-Language", properties.language);
    xml_.element("Content-MD5", blob.content_md5).element("Content-Disposition", properties.disposition);
    xml_.element("Cache-Control", properties.cache_control);
    if (blob.kind == BlobKind::Page) xml_.number("x-ms-blob-sequence-number", properties.sequence_number);
    xml_.element("BlobType", kind_text(blob.kind));
    if (!blob.is_snapshot()) write_lease(xml_, Lease::unpack(blob.lease), now_);
    if (list_.copy) write_copy(properties);
    xml_.element("ServerEncrypted", "true");
    if (blob.state == BlobState::Deleted) write_deletion(blob, properties);
    write_tier(blob, properties);
    write_rest(blob, properties);
  }

  void write_copy(const BlobProperties& properties) {
    if (properties.copy_id.empty()) return;
    xml_.element("CopyId", properties.copy_id).element("CopyStatus", properties.copy_status);
    xml_.element("CopySource", properties.copy_source);
    xml_.element("CopyProgress",
                 std::to_string(properties.copy_done) + '/' + std::to_string(properties.copy_length));
    if (properties.copy_finished != 0)
      xml_.element("CopyCompletionTime", times::rfc1123(from_micros(properties.copy_finished)));
    write_if(xml_, "CopyStatusDescription", properties.copy_status_text);
    if (properties.incremental == 0) return;
    xml_.element("IncrementalCopy", "true");
    if (properties.copy_snapshot != 0)
      xml_.element("DestinationSnapshot", snapshot_text(properties.copy_snapshot));
  }

  void write_deletion(const Blob& blob, const BlobProperties& properties) {
    xml_.element("DeletedTime", times::rfc1123(from_micros(properties.deleted)));
    xml_.number("RemainingRetentionDays", days_left(now_, blob.ends));
  }

  void write_tier(const Blob& blob, const BlobProperties& properties) {
    if (blob.kind == BlobKind::Append || (blob.kind == BlobKind::Page && properties.tier.empty())) return;
    xml_.element("AccessTier", properties.tier.empty() ? "Hot" : properties.tier);
    if (properties.tier.empty()) xml_.element("AccessTierInferred", "true");
    if (properties.tier_changed != 0)
      xml_.element("AccessTierChangeTime", times::rfc1123(from_micros(properties.tier_changed)));
  }

  void write_rest(const Blob& blob, const BlobProperties& properties) {
    if (!blob.tags.empty())
      xml_.number("TagCount",
                  static_cast<std::int64_t>(std::count(blob.tags.begin(), blob.tags.end(), '\n')));
    if (blob.ends && blob.state == BlobState::Live) xml_.element("Expiry-Time", times::rfc1123(*blob.ends));
    if (properties.sealed != 0) xml_.element("Sealed", "true");
  }

  XmlWriter& xml_;
  const ListQuery& list_;
  const Instant now_;
  std::size_t count_ = 0;
  DateText created_, modified_;
};

Response list_blobs(State& state, RequestContext& context) {
  const ListQuery list = read_list_query(context.query());
  XmlWriter xml(list.limit * kEntrySize);
  xml.open("EnumerationResults", {{"ServiceEndpoint", endpoint_of(state, context)},
                                  {"ContainerName", context.path.get("container")}});
  write_if(xml, "Prefix", list.prefix);
  write_if(xml, "Marker", list.marker);
  if (list.limit_given) xml.number("MaxResults", static_cast<std::int64_t>(list.limit));
  write_if(xml, "Delimiter", list.delimiter);
  xml.open("Blobs");
  std::string next;
  {
    Transaction tx(state.database);
    const Container container = require_container(tx, context);
    next = BlobPage(xml, list, context.at()).write(tx, container.id);
  }
  xml.close("Blobs").element("NextMarker", next).close("EnumerationResults");
  return xml_response(xml.take());
}

}  // namespace

Rows listing_operations() {
  static constexpr Operation<State> operations[] = {
      {{"ListContainers", Method::Get, "/?comp=list", "", {.resource = "s", .account = "l"}},
       list_containers},
      {{"ListBlobs",
        Method::Get,
        "/{container}?restype=container&comp=list",
        "",
        {.resource = "c", .account = "l", .service = "l", .open = Access::Open::Container}},
       list_blobs},
  };
  return operations;
}

}  // namespace cvemu::blob
