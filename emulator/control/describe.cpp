#include "control/describe.h"

#include "base/text.h"
#include "base/times.h"

namespace cvemu::control {

namespace {

// Base64 that hides readable text is how Azure Functions want their messages.
std::optional<std::string> decoded(const std::string& text) {
  auto bytes = text.empty() ? std::nullopt : base64_decode(text);
  return bytes && is_valid_utf8(*bytes) ? std::move(bytes) : std::nullopt;
}

std::string_view kind_name(BlobKind kind) {
  if (kind == BlobKind::Append) return "append";
  return kind == BlobKind::Page ? "page" : "block";
}

}  // namespace

Json text_or_null(const std::optional<std::string>& text) {
  return text ? Json(*text) : Json();
}

Json describe(const Message& message, Instant now) {
  Json out = {{"id", message.id.text()}, {"text", message.text}};
  const auto plain = decoded(message.text);
  out["encoding"] = plain ? "base64" : "plain";
  out["decoded"] = plain.value_or(message.text);
  out["dequeueCount"] = message.dequeue_count;
  out["visible"] = message.visible_at <= now;
  out["insertedAt"] = times::iso_millis(message.inserted_at);
  out["visibleAt"] = times::iso_millis(message.visible_at);
  out["expiresAt"] = times::iso_millis(message.expires_at);
  return out;
}

Json describe(const Blob& blob) {
  return {{"name", blob.name},
          {"length", blob.length},
          {"kind", kind_name(blob.kind)},
          {"contentType", blob.content_type},
          {"contentMd5", blob.content_md5},
          {"createdAt", times::iso_millis(blob.created)},
          {"modifiedAt", times::iso_millis(blob.modified)}};
}

Json describe(Transaction& tx, const Iteration& iteration) {
  Json all = Json::array();
  for (const Export& entry : exports::list(tx, iteration.id))
    all.push_back(
        {{"platform", entry.platform}, {"flavor", entry.flavor}, {"status", to_text(entry.status)}});
  return {{"id", iteration.id.text()},
          {"name", iteration.name},
          {"status", to_text(iteration.status)},
          {"publishName", text_or_null(iteration.publish_name)},
          {"errorDetails", text_or_null(iteration.error_details)},
          {"exports", all}};
}

}  // namespace cvemu::control
