// Headers, metadata, tags, tier and expiry of blobs.
#include "base/text.h"
#include "base/times.h"
#include "blob/attributes/tags.h"
#include "blob/blob_lookup.h"
#include "blob/content/upload.h"
#include "blob/operations.h"
#include "blob/response_headers.h"
#include "storage/errors.h"
#include "storage/headers.h"
#include "storage/limits.h"
#include "storage/metadata.h"
#include "storage/xml.h"
#include "storage/xml_bodies.h"
#include "store/string_map.h"

namespace cvemu::blob {

namespace errors = storage_errors;
namespace limits = storage_limits;

namespace {

Response set_blob_properties(State& state, RequestContext& context) {
  const Target target = base_target_of(context);
  Transaction tx(state.database);
  Blob blob = blob_to_change(tx, context, target);
  BlobProperties properties = BlobProperties::unpack(blob.properties);
  check_online(properties);
  read_content_headers(context.headers(), blob, properties);
  blob.content_md5 = read_content_md5(context.headers());
  save_change(tx, context, blob, properties);
  tx.commit();
  Response response = validators_only(200, blob);
  if (blob.kind == BlobKind::Page)
    response.headers.add("x-ms-blob-sequence-number", std::to_string(properties.sequence_number));
  return response;
}

Response get_blob_metadata(State& state, RequestContext& context) {
  const Target target = target_of(context);
  Transaction tx(state.database);
  const Blob blob = blob_to_read(tx, context, target);
  Response response = validators_only(200, blob);
  add_metadata(response.headers, blob.metadata);
  return response;
}

Response set_blob_metadata(State& state, RequestContext& context) {
  const Target target = base_target_of(context);
  const std::string metadata = pack(read_metadata(context.headers()));
  Transaction tx(state.database);
  Blob blob = blob_to_change(tx, context, target);
  check_online(BlobProperties::unpack(blob.properties));
  blob.metadata = metadata;
  save_change(tx, context, blob);
  tx.commit();
  return written(blob, 200);
}

Response get_blob_tags(State& state, RequestContext& context) {
  const Target target = target_of(context);
  Transaction tx(state.database);
  const Blob blob = blob_with_tags(tx, context, target);
  return xml_response(write_tags(unpack(blob.tags)));
}

Response set_blob_tags(State& state, RequestContext& context) {
  const Target target = target_of(context);
  const Tags tags = read_tags(read_body(context, limits::kDocument));
  check_tags(tags);
  Transaction tx(state.database);
  Blob blob = blob_to_tag(tx, context, target);
  blob.tags = pack(tags);
  blobs::put(tx, blob);
  tx.commit();
  return {204, {}, {}};
}

// Azure: neither the ETag nor the time of change moves with the tier, and a lease does not guard it.
Response set_blob_tier(State& state, RequestContext& context) {
  const Target target = target_of(context);
  const std::string tier(required_header(context.headers(), "x-ms-access-tier"));
  Transaction tx(state.database);
  Blob blob = blob_to_change_unguarded(tx, context, target);
  check_lease_for_read(Lease::unpack(blob.lease), context);
  if (!is_tier(blob.kind, tier)) throw errors::tier_not_supported_for_blob_type();
  BlobProperties properties = BlobProperties::unpack(blob.properties);
  // Emulator: an archived blob is back at once; Azure takes hours and answers 202 all the same.
  const bool leaves_archive = properties.tier == "Archive" && tier != "Archive";
  if (properties.tier != tier) properties.tier_changed = to_micros(context.at());
  properties.tier = tier;
  blob.properties = properties.pack();
  blobs::put(tx, blob);
  tx.commit();
  return {leaves_archive ? 202 : 200, {}, {}};
}

std::optional<Instant> expiry_of(const RequestContext& context, const Blob& blob) {
  const Headers& headers = context.headers();
  const std::string_view option = required_header(headers, "x-ms-expiry-option");
  if (iequals(option, "NeverExpire")) return std::nullopt;
  const std::string_view text = required_header(headers, "x-ms-expiry-time");
  if (iequals(option, "Absolute")) {
    const auto time = times::parse_rfc1123(text);
    if (!time) throw errors::invalid_header("x-ms-expiry-time", text);
    return time;
  }
  const bool from_creation = iequals(option, "RelativeToCreation");
  if (!from_creation && !iequals(option, "RelativeToNow"))
    throw errors::invalid_header("x-ms-expiry-option", option);
  // A year times ten thousand: beyond that no time can be written.
  constexpr std::int64_t kMostMillis = 10'000LL * 366 * 24 * 3600 * 1000;
  const std::int64_t millis = required_header_int(headers, "x-ms-expiry-time", {0, kMostMillis});
  return (from_creation ? blob.created : context.at()) + std::chrono::milliseconds(millis);
}

// Emulator: on every account; Azure has it on those with a hierarchical namespace.
Response set_blob_expiry(State& state, RequestContext& context) {
  const Target target = base_target_of(context);
  Transaction tx(state.database);
  Blob blob = blob_to_change(tx, context, target);
  blob.ends = expiry_of(context, blob);
  blobs::put(tx, blob);
  tx.commit();
  return validators_only(200, blob);
}

}  // namespace

Rows property_operations() {
  static constexpr Operation<State> operations[] = {
      {{"SetBlobProperties",
        Method::Put,
        "/{container}/{blob...}?comp=properties",
        "",
        {.resource = "o", .account = "w", .service = "w"}},
       set_blob_properties},
      {{"GetBlobMetadata",
        Method::Get,
        "/{container}/{blob...}?comp=metadata",
        "",
        {.resource = "o", .account = "r", .service = "r", .open = Access::Open::Blob}},
       get_blob_metadata},
      {{"SetBlobMetadata",
        Method::Put,
        "/{container}/{blob...}?comp=metadata",
        "",
        {.resource = "o", .account = "w", .service = "w"}},
       set_blob_metadata},
      {{"GetBlobTags",
        Method::Get,
        "/{container}/{blob...}?comp=tags",
        "",
        {.resource = "o", .account = "t", .service = "t"}},
       get_blob_tags},
      {{"SetBlobTags",
        Method::Put,
        "/{container}/{blob...}?comp=tags",
        "",
        {.resource = "o", .account = "t", .service = "t"}},
       set_blob_tags},
      {{"SetBlobTier",
        Method::Put,
        "/{container}/{blob...}?comp=tier",
        "",
        {.resource = "o", .account = "w", .service = "w"}},
       set_blob_tier},
      {{"SetBlobExpiry",
        Method::Put,
        "/{container}/{blob...}?comp=expiry",
        "",
        {.resource = "o", .account = "w", .service = "w"}},
       set_blob_expiry},
  };
  return operations;
}

}  // namespace cvemu::blob
