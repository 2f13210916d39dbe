#include <unordered_map>

#include "base/text.h"
#include "blob/blob_lookup.h"
#include "blob/content/put_block.h"
#include "blob/content/upload.h"
#include "blob/operations.h"
#include "blob/response_headers.h"
#include "storage/errors.h"
#include "storage/headers.h"
#include "storage/limits.h"
#include "storage/ranges_and_digests.h"
#include "storage/xml.h"
#include "storage/xml_bodies.h"
#include "store/blob/blocks.h"
#include "store/blob/parts.h"

namespace cvemu::blob {

namespace errors = storage_errors;
namespace limits = storage_limits;

namespace {

std::size_t decoded_length(std::string_view id) {
  return base64_decode(id).value_or("").size();
}

void forget_old_blocks(Transaction& tx, Blob& row, BlobProperties& properties, Instant now) {
  if (properties.pending_blocks == 0 ||
      from_micros(properties.pending_since) + limits::kUncommittedLife > now)
    return;
  blocks::discard(tx, row.container, row.name);
  properties.pending_blocks = 0;
}

// ---- Put Block List ----

class BlockPicker {
 public:
  BlockPicker(Transaction& tx, const WriteSlot& slot, const std::string& name) {
    if (slot.existing)
      for (ContentPart& part : parts::list(tx, slot.existing->content))
        committed_.try_emplace(part.block, ContentPart{0, part.length, part.content, part.skip, part.block});
    for (const Block& block : blocks::list(tx, slot.container, name))
      uncommitted_.try_emplace(block.id, ContentPart{0, block.length, block.content, 0, block.id});
  }

  // The part without its place. 400 InvalidBlockList.
  ContentPart pick(const BlockReference& reference) const {
    const ContentPart* found = nullptr;
    if (reference.kind != BlockReference::Kind::Committed) found = find(uncommitted_, reference.id);
    if (!found && reference.kind != BlockReference::Kind::Uncommitted) found = find(committed_, reference.id);
    if (!found) throw errors::invalid_block_list();
    return *found;
  }

 private:
  using ById = std::unordered_map<std::string, ContentPart>;
  static const ContentPart* find(const ById& blocks, const std::string& id) {
    const auto found = blocks.find(id);
    return found == blocks.end() ? nullptr : &found->second;
  }
  ById committed_, uncommitted_;
};

std::vector<ContentPart> pick_parts(Transaction& tx, const WriteSlot& slot, const std::string& name,
                                    const std::vector<BlockReference>& references) {
  const BlockPicker picker(tx, slot, name);
  std::vector<ContentPart> picked;
  std::uint64_t length = 0;
  for (const BlockReference& reference : references) {
    ContentPart part = picker.pick(reference);
    part.start = length;
    length = part.end();
    contents::add_ref(tx, part.content);
    picked.push_back(std::move(part));
  }
  return picked;
}

Response put_block_list(State& state, RequestContext& context) {
  const Target target = base_target_of(context);
  Blob blob;
  BlobProperties properties;
  read_new_blob(context.headers(), blob, properties);
  blob.properties = properties.pack();
  // Azure: kept as given; it is not compared with the blocks.
  blob.content_md5 = read_content_md5(context.headers());
  ContentCheck check(context.headers());
  const std::vector<BlockReference> references =
      read_block_list(read_body(context, limits::kBlockListDocument, check));
  if (references.size() > limits::kCommittedBlocks) throw errors::block_list_too_long();
  Transaction tx(state.database);
  const WriteSlot slot = slot_to_write(tx, context, target);
  if (slot.existing && slot.existing->kind != BlobKind::Block) throw errors::invalid_blob_type();
  const std::vector<ContentPart> picked = pick_parts(tx, slot, target.name, references);
  if (!picked.empty()) blob.content = parts::create(tx, picked);
  blob.length = picked.empty() ? 0 : picked.back().end();
  write_blob(tx, context, target, slot, blob);
  tx.commit();
  Response response = written(blob);
  check.add_headers(response.headers);
  return response;
}

// ---- Put Block ----

Response put_block(State& state, RequestContext& context) {
  const Target target = base_target_of(context);
  const std::string id = block_id_of(context);
  ContentCheck check(context.headers());
  check_block_place(state, context, target, id);
  ContentWriter writer(state.database);
  receive(context, writer, check, limits::kBlock);
  store_block(state, context, target, id, writer);
  Response response{201, {}, {}};
  add_receipt(response.headers, context, check);
  response.headers.add("x-ms-request-server-encrypted", "true");
  return response;
}

// ---- Get Block List ----

enum class ListType { Committed, Uncommitted, All };

ListType list_type_of(const Query& query) {
  const std::string_view text = query.find_nonempty("blocklisttype").value_or("committed");
  if (iequals(text, "committed")) return ListType::Committed;
  if (iequals(text, "uncommitted")) return ListType::Uncommitted;
  if (iequals(text, "all")) return ListType::All;
  throw errors::invalid_query_parameter("blocklisttype", text);
}

void write_block(XmlWriter& xml, std::string_view id, std::uint64_t size) {
  xml.open("Block").element("Name", id).number("Size", static_cast<std::int64_t>(size)).close("Block");
}

std::string write_lists(Transaction& tx, const Blob& blob, ListType type) {
  XmlWriter xml;
  xml.open("BlockList");
  if (type != ListType::Uncommitted) {
    xml.open("CommittedBlocks");
    for (const ContentPart& part : parts::list(tx, blob.content)) write_block(xml, part.block, part.length);
    xml.close("CommittedBlocks");
  }
  if (type != ListType::Committed) {
    xml.open("UncommittedBlocks");
    if (!blob.is_snapshot())
      for (const Block& block : blocks::list(tx, blob.container, blob.name))
        write_block(xml, block.id, block.length);
    xml.close("UncommittedBlocks");
  }
  return xml.close("BlockList").take();
}

// A blob that has only uncommitted blocks has a list too, also where a deleted one can be brought back.
Blob blob_with_blocks(Transaction& tx, const RequestContext& context, const Target& target) {
  auto row = require_spot(tx, target, target.snapshot).row;
  const bool waits =
      row && row->state != BlobState::Live && BlobProperties::unpack(row->properties).pending_blocks > 0;
  if (!waits) return blob_to_read(tx, context, target);
  Blob uncommitted;
  uncommitted.container = row->container;
  uncommitted.name = row->name;
  uncommitted.state = BlobState::Uncommitted;
  return uncommitted;
}

Response get_block_list(State& state, RequestContext& context) {
  const Target target = target_of(context);
  const ListType type = list_type_of(context.query());
  Transaction tx(state.database);
  const Blob blob = blob_with_blocks(tx, context, target);
  if (blob.kind != BlobKind::Block) throw errors::invalid_blob_type();
  Response response = xml_response(write_lists(tx, blob, type));
  if (blob.state == BlobState::Live) add_validators(response.headers, blob.etag, blob.modified);
  response.headers.add("x-ms-blob-content-length", std::to_string(blob.length));
  return response;
}

// What must hold where a block is put: the row that stands there, with blocks that are too old forgotten.
struct BlockPlace {
  std::int64_t container = 0;
  std::optional<Blob> row;
  BlobProperties properties;
};

BlockPlace block_place(Transaction& tx, const RequestContext& context, const Target& target,
                       const std::string& id) {
  auto [container, row] = require_spot(tx, target, Blob::kBase);
  BlockPlace place{container, std::move(row), {}};
  if (place.row) place.properties = BlobProperties::unpack(place.row->properties);
  const bool is_live = place.row && blobs::is_live(*place.row, context.at());
  if (is_live && place.row->kind != BlobKind::Block) throw errors::invalid_blob_type();
  check_lease_for_write(is_live ? Lease::unpack(place.row->lease) : Lease(), context);
  if (place.row) forget_old_blocks(tx, *place.row, place.properties, context.at());
  const auto other = blocks::find_one(tx, place.container, target.name);
  if (other && decoded_length(other->id) != decoded_length(id)) throw errors::invalid_blob_or_block();
  if (place.properties.pending_blocks >= limits::kUncommittedBlocks &&
      !blocks::find(tx, place.container, target.name, id))
    throw errors::block_count_exceeds_limit(limits::kUncommittedBlocks);
  return place;
}

}  // namespace

std::string block_id_of(const RequestContext& context) {
  const std::string id(required_query(context.query(), "blockid"));
  const std::size_t length = decoded_length(id);
  if (length == 0) throw errors::invalid_query_parameter("blockid", id, "not base64");
  if (length > limits::kBlockId) throw errors::out_of_range_input();
  return id;
}

void check_block_place(State& state, const RequestContext& context, const Target& target,
                       const std::string& id) {
  Transaction tx(state.database);
  block_place(tx, context, target, id);
}

void store_block(State& state, const RequestContext& context, const Target& target, const std::string& id,
                 ContentWriter& writer) {
  if (writer.length() == 0)
    throw errors::invalid_header("Content-Length", "0", "a block has at least one byte");
  Transaction tx(state.database);
  BlockPlace place = block_place(tx, context, target, id);
  Blob row;
  if (place.row) row = *place.row;
  if (!place.row) {
    row.container = place.container;
    row.name = target.name;
    row.state = BlobState::Uncommitted;
    row.created = context.at();
    blobs::touch(row, tx, context.at());
  }
  const std::uint64_t length = writer.length();
  if (blocks::put(tx, row.container, row.name, {id, length, writer.seal(tx)}))
    ++place.properties.pending_blocks;
  place.properties.pending_since = to_micros(context.at());
  row.properties = place.properties.pack();
  blobs::put(tx, row);
  tx.commit();
}

Rows block_blob_operations() {
  static constexpr Operation<State> operations[] = {
      {{"PutBlock",
        Method::Put,
        "/{container}/{blob...}?comp=block",
        "",
        {.resource = "o", .account = "w", .service = "w"}},
       put_block},
      {{"PutBlockList",
        Method::Put,
        "/{container}/{blob...}?comp=blocklist",
        "",
        {.resource = "o", .account = "w", .service = "w"}},
       put_block_list},
      {{"GetBlockList",
        Method::Get,
        "/{container}/{blob...}?comp=blocklist",
        "",
        {.resource = "o", .account = "r", .service = "r", .open = Access::Open::Blob}},
       get_block_list},
  };
  return operations;
}

}  // namespace cvemu::blob
