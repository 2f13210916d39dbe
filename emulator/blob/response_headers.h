// What several operations put into their answers.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "blob/service.h"
#include "store/blob/blobs.h"
#include "store/blob/containers.h"

namespace cvemu::blob {

// "0x8D0000000000007" without quotes: upper-case hex, as Azure's look.
std::string etag_text(std::int64_t etag);
std::string quoted_etag(std::int64_t etag);

void add_validators(Headers&, std::int64_t etag, Instant modified);  // ETag and Last-Modified
void add_metadata(Headers&, std::string_view packed);
void add_lease(Headers&, const Lease&, Instant now);

// An empty answer with ETag and Last-Modified.
Response validators_only(int status, const Blob&);
Response validators_only(int status, const Container&);
// The same for what stored data: with x-ms-request-server-encrypted. The C++ SDK needs it.
Response written(const Blob&, int status = 201);

// Everything that Get Blob and its HEAD say of a blob but Content-Length, -Range and -MD5.
void add_blob_headers(Headers&, const Blob&, const BlobProperties&, const RequestContext&, bool is_head);

std::string_view kind_text(BlobKind);
std::string_view lease_state_text(LeaseState);
// "fixed" or "infinite".
std::string_view lease_duration_text(const Lease&);

// A deleted container's version: sixteen digits, upper-case hex.
std::string version_text(std::int64_t container);
std::optional<std::int64_t> parse_version(std::string_view text);

// Snapshot ids: ticks of 100 ns as "2020-11-06T17:40:45.4936770Z".
std::string snapshot_text(std::int64_t ticks);
std::optional<std::int64_t> parse_snapshot(std::string_view text);

}  // namespace cvemu::blob
