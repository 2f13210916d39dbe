#include "store/blob/service_blobs.h"

#include "base/hashes.h"
#include "base/text.h"
#include "store/blob/blobs.h"
#include "store/blob/containers.h"
#include "store/blob/contents.h"

namespace cvemu::service_blobs {

namespace {

std::int64_t container_id(Transaction& tx, std::string_view account, std::string_view name, Instant now) {
  if (const auto id = containers::find_id(tx, account, name)) return *id;
  Container container;
  container.account = account;
  container.name = name;
  container.modified = now;
  containers::insert(tx, container);
  return container.id;
}

std::optional<Blob> find(Transaction& tx, std::string_view account, std::string_view container,
                         std::string_view name) {
  const auto id = containers::find_id(tx, account, container);
  if (!id) return std::nullopt;
  return blobs::find_any(tx, *id, name, Blob::kBase);
}

}  // namespace

void put(Transaction& tx, std::string_view account, std::string_view container, std::string_view name,
         std::string_view content_type, std::string_view bytes, Instant now) {
  Blob blob;
  blob.container = container_id(tx, account, container, now);
  blob.name = name;
  blob.created = now;
  blob.length = bytes.size();
  blob.content_type = content_type;
  blob.content_md5 = base64_encode(md5(bytes));
  blob.content = contents::store(tx, bytes);
  blobs::touch(blob, tx, now);
  if (const auto old = blobs::find_any(tx, blob.container, name, Blob::kBase))
    contents::release(tx, old->content);
  blobs::put(tx, blob);
}

void copy(Transaction& tx, std::string_view account, std::string_view from_container, std::string_view from,
          std::string_view to_container, std::string_view to, Instant now) {
  auto blob = find(tx, account, from_container, from);
  if (!blob) return;
  contents::add_ref(tx, blob->content);
  blob->container = container_id(tx, account, to_container, now);
  blob->name = to;
  blob->created = now;
  blobs::touch(*blob, tx, now);
  if (const auto old = blobs::find_any(tx, blob->container, to, Blob::kBase))
    contents::release(tx, old->content);
  blobs::put(tx, *blob);
}

std::optional<std::string> read(Transaction& tx, std::string_view account, std::string_view container,
                                std::string_view name) {
  const auto blob = find(tx, account, container, name);
  if (!blob || blob->state != BlobState::Live) return std::nullopt;
  return contents::read_all(tx, blob->content, blob->length);
}

void remove(Transaction& tx, std::string_view account, std::string_view container, std::string_view name) {
  if (const auto blob = find(tx, account, container, name)) blobs::remove(tx, *blob);
}

void remove_container(Transaction& tx, std::string_view account, std::string_view container) {
  const auto id = containers::find_id(tx, account, container);
  if (id) containers::remove(tx, *id, Instant{}, Instant{});
}

}  // namespace cvemu::service_blobs
