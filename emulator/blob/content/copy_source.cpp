#include "blob/content/copy_source.h"

#include "base/text.h"
#include "base/times.h"
#include "blob/attributes/tags.h"
#include "blob/response_headers.h"
#include "storage/errors.h"
#include "storage/headers.h"
#include "storage/metadata.h"
#include "storage/names.h"

namespace cvemu::blob {

namespace errors = storage_errors;

namespace {

constexpr int kNotFound = 404;

Url source_url(const Headers& headers) {
  const std::string_view text = required_header(headers, "x-ms-copy-source");
  auto url = Url::parse(text);
  if (!url) throw errors::invalid_header("x-ms-copy-source", text);
  return *std::move(url);
}

// Whether the URL leads to where the request came in: by the same name, or by another of this machine.
bool is_same_endpoint(const Url& url, std::string_view host) {
  if (iequals(url.authority(), host)) return true;
  const auto own = Url::parse("http://" + std::string(host));
  return own && own->port == url.port && is_this_machine(own->host) && is_this_machine(url.host);
}

// The address if the URL names a blob of this very emulator.
std::optional<Address> local_address(const State& state, const RequestContext& context, const Url& url) {
  const auto address = find_address(url.authority(), url.path, state.accounts);
  if (!address) return std::nullopt;
  const bool same_endpoint = is_same_endpoint(url, context.headers().get("Host"));
  return same_endpoint || address->product_style ? address : std::nullopt;
}

// "/container/blob", raw.
std::pair<std::string, std::string> names_in(std::string_view path) {
  const std::size_t slash = path.find('/', 1);
  if (slash == std::string_view::npos)
    throw errors::cannot_verify_copy_source(kNotFound, "the URL names no blob");
  const auto container = percent_decode(path.substr(1, slash - 1));
  const auto name = percent_decode(path.substr(slash + 1));
  if (!container || !name) throw errors::invalid_header("x-ms-copy-source", path);
  return {*container, checked_blob_name(*name)};
}

BlobKind kind_of(std::string_view text) {
  if (iequals(text, "AppendBlob")) return BlobKind::Append;
  return iequals(text, "PageBlob") ? BlobKind::Page : BlobKind::Block;
}

// Azure: an archived blob comes back by being copied, inside its account, to a tier that can be read.
void check_source_tier(const RequestContext& context, bool same_account, const BlobProperties& source) {
  const std::string_view tier = context.headers().get("x-ms-access-tier");
  const bool comes_back = same_account && !tier.empty() && tier != "Archive";
  if (!comes_back) check_online(source);
}

}  // namespace

CopySource::CopySource(State& state, const RequestContext& context)
    : state_(state),
      text_(required_header(context.headers(), "x-ms-copy-source")),
      authorization_(context.headers().get("x-ms-copy-source-authorization")),
      intent_(context.headers().get("x-ms-file-request-intent")),
      url_(source_url(context.headers())),
      pin_(std::make_unique<ContentPin>()) {
  const auto address = local_address(state, context, url_);
  is_local_ = address.has_value();
  const bool same_account = is_local_ && address->account == context.path.get("account");
  if (!is_local_) {
    ask(context);
  } else {
    const bool is_trusted = same_account && !Query::parse(url_.query).has("sig");
    if (!is_trusted) verify_access(context);
    find_local(context, *address);
  }
  check_source_tier(context, same_account, properties_);
  check_conditions(context);
}

Response CopySource::send(Method method, std::string_view more_query, const Slice* slice,
                          const TakePiece& take) const {
  Url url = url_;
  if (!more_query.empty()) url.query += (url.query.empty() ? "" : "&") + std::string(more_query);
  Request request;
  request.method = method;
  if (!authorization_.empty()) request.headers.add("Authorization", authorization_);
  if (!intent_.empty()) request.headers.add("x-ms-file-request-intent", intent_);
  request.headers.add("x-ms-version", kNewestStorageVersion);
  if (slice)
    request.headers.add("Range", "bytes=" + std::to_string(slice->offset) + '-' +
                                     std::to_string(slice->offset + slice->length - 1));
  try {
    return state_.transport.receive(url, std::move(request), "", take);
  } catch (const TransportError& error) {
    throw errors::cannot_verify_copy_source(kNotFound, error.what());
  }
}

// Azure: the failure of the source is passed on with its status.
void CopySource::verify_access(const RequestContext&) const {
  const Response answer = send(Method::Get, "comp=metadata", nullptr);
  if (answer.status >= 300)
    throw errors::cannot_verify_copy_source(answer.status, answer.headers.get("x-ms-error-code"));
}

void CopySource::find_local(const RequestContext& context, const Address& address) {
  const auto [container, name] = names_in(address.path);
  const Query query = Query::parse(url_.query);
  const auto snapshot = query.find_nonempty("snapshot");
  const auto ticks = snapshot ? parse_snapshot(*snapshot) : Blob::kBase;
  if (!ticks) throw errors::invalid_header("x-ms-copy-source", text_);
  Transaction tx(state_.database);
  const auto id = containers::find_id(tx, address.account, container);
  const bool can_be_there = id && !query.find_nonempty("versionid");
  auto found = can_be_there ? blobs::find(tx, *id, name, *ticks, context.at()) : std::nullopt;
  if (!found) throw errors::cannot_verify_copy_source(kNotFound, "the source does not exist");
  blob_ = *std::move(found);
  properties_ = BlobProperties::unpack(blob_.properties);
  etag_ = etag_text(blob_.etag);
  pin_->take(tx, blob_.content);
}

void CopySource::ask(const RequestContext& context) {
  const Response answer = send(Method::Head, "", nullptr);
  if (answer.status >= 300)
    throw errors::cannot_verify_copy_source(answer.status, answer.headers.get("x-ms-error-code"));
  const Headers& headers = answer.headers;
  blob_.kind = kind_of(headers.get("x-ms-blob-type"));
  blob_.length = static_cast<std::uint64_t>(parse_int(headers.get("Content-Length")).value_or(0));
  blob_.content_type = headers.get("Content-Type");
  blob_.content_md5 = headers.get("Content-MD5");
  blob_.metadata = pack(read_metadata(headers));
  blob_.modified = times::parse_rfc1123(headers.get("Last-Modified")).value_or(context.at());
  etag_ = headers.get("ETag");
  properties_.encoding = headers.get("Content-Encoding");
  properties_.language = headers.get("Content-Language");
  properties_.disposition = headers.get("Content-Disposition");
  properties_.cache_control = headers.get("Cache-Control");
  properties_.tier = headers.get("x-ms-access-tier") == "Archive" ? "Archive" : "";
  properties_.sequence_number = parse_int(headers.get("x-ms-blob-sequence-number")).value_or(0);
  properties_.block_count = parse_int(headers.get("x-ms-blob-committed-block-count")).value_or(0);
}

void CopySource::check_conditions(const RequestContext& context) const {
  const Conditions conditions = read_conditions(context.headers(), "x-ms-source-");
  const bool tags_match = conditions.if_tags.empty() ||
                          TagExpression::parse_condition(conditions.if_tags).matches(unpack(blob_.tags));
  check_source(conditions, {etag_, blob_.modified, tags_match});
}

Slice CopySource::slice_wanted(const RequestContext& context) const {
  const std::string_view text = context.headers().get("x-ms-source-range");
  if (text.empty()) return {0, blob_.length};
  const auto range = parse_range(text);
  if (!range) throw errors::invalid_header("x-ms-source-range", text);
  return slice_of(*range, blob_.length);
}

void CopySource::each_local(const Slice& slice, const std::function<void(std::string_view)>& take) const {
  std::optional<ContentReader> reader;
  {
    Transaction tx(state_.database);
    reader.emplace(state_.database, tx, blob_.content, slice.offset, slice.length);
  }
  for (std::string_view piece; !(piece = reader->next()).empty();) take(piece);
}

// A host that knows no ranges sends all from the beginning.
void CopySource::each_remote(const Slice& slice, const std::function<void(std::string_view)>& take) const {
  std::uint64_t skipped = 0, taken = 0;
  const auto take_piece = [&](const Response& head, std::string_view piece) {
    if (head.status == 200 && skipped < slice.offset) {
      const auto skip = std::min<std::uint64_t>(piece.size(), slice.offset - skipped);
      piece.remove_prefix(static_cast<std::size_t>(skip));
      skipped += skip;
    }
    piece = piece.substr(0, static_cast<std::size_t>(slice.length - taken));
    if (!piece.empty()) take(piece);
    taken += piece.size();
    return taken < slice.length;
  };
  if (slice.length == 0) return;
  const Response answer = send(Method::Get, "", &slice, take_piece);
  if (answer.status >= 300)
    throw errors::cannot_verify_copy_source(answer.status, answer.headers.get("x-ms-error-code"));
  if (taken != slice.length) throw errors::cannot_verify_copy_source(kNotFound, "the source has changed");
}

void CopySource::receive(const Slice& slice, ContentWriter& writer, ContentCheck& check,
                         std::uint64_t limit) const {
  if (slice.length > limit) throw errors::request_body_too_large(limit);
  const auto take = [&](std::string_view piece) {
    check.update(piece);
    writer.write(piece);
  };
  is_local_ ? each_local(slice, take) : each_remote(slice, take);
  check.verify();
}

std::int64_t CopySource::content(Transaction& tx, ContentWriter& fetched) const {
  if (!is_local_) return fetched.seal(tx);
  contents::add_ref(tx, blob_.content);
  return blob_.content;
}

ContentCheck source_check(const Headers& headers, ContentCheck::Md5Use use) {
  Headers renamed;
  if (const auto md5 = headers.find("x-ms-source-content-md5")) renamed.add("Content-MD5", *md5);
  if (const auto crc = headers.find("x-ms-source-content-crc64")) renamed.add("x-ms-content-crc64", *crc);
  return ContentCheck(renamed, use);
}

}  // namespace cvemu::blob
