// The source of a copy: a blob of this emulator, or whatever a URL answers through the Transport.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/url.h"
#include "blob/blob_lookup.h"
#include "storage/ranges_and_digests.h"
#include "store/blob/contents.h"

namespace cvemu::blob {

// Found, allowed to be read, and past its x-ms-source-if-* conditions. While it lives the bytes stay.
class CopySource {
 public:
  // x-ms-copy-source. Its host is this emulator's if it is the one of the request, or that of an account of
  // ours; a source in another account or with a SAS must then be readable with what the URL carries, which is
  // tried. Throws 400 InvalidHeaderValue, 404 (or the source's own status) CannotVerifyCopySource, 409
  // BlobArchived, 412 SourceConditionNotMet. With no Transaction open.
  CopySource(State&, const RequestContext&);

  const std::string& url() const { return text_; }  // as the client wrote it
  bool is_local() const { return is_local_; }
  // Local: the row. Otherwise what the answer told; its content is contents::kNone.
  const Blob& blob() const { return blob_; }
  const BlobProperties& properties() const { return properties_; }

  // x-ms-source-range, or all of it.
  Slice slice_wanted(const RequestContext&) const;
  // Hands on the bytes, past the digests that the client announced for them. 413 beyond `limit`.
  void receive(const Slice&, ContentWriter&, ContentCheck&, std::uint64_t limit) const;
  // A content for the whole: the same one if it is local, else fetched.
  std::int64_t content(Transaction&, ContentWriter& fetched) const;

 private:
  void find_local(const RequestContext&, const Address&);
  void ask(const RequestContext&);
  void verify_access(const RequestContext&) const;
  void check_conditions(const RequestContext&) const;
  Response send(Method, std::string_view more_query, const Slice*, const TakePiece& = {}) const;
  void each_local(const Slice&, const std::function<void(std::string_view)>&) const;
  void each_remote(const Slice&, const std::function<void(std::string_view)>&) const;

  State& state_;
  std::string text_, authorization_, intent_, etag_;
  Url url_;
  bool is_local_ = false;
  Blob blob_;
  BlobProperties properties_;
  std::unique_ptr<ContentPin> pin_;
};

// Digests announced for the source: x-ms-source-content-md5 and -crc64.
ContentCheck source_check(const Headers&, ContentCheck::Md5Use);

}  // namespace cvemu::blob
