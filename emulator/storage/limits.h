// Limits of the queue and the blob service, each with its source. Documentation: the page of the operation in
// the REST reference of Azure Storage, or its page on names. Sizes are bytes unless a comment says otherwise.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace cvemu::storage_limits {

// Both services.
constexpr std::size_t kShortestName = 3;               // documentation: queues and containers; characters
constexpr std::size_t kLongestName = 63;               // documentation: the same
constexpr std::size_t kMetadata = 8 * 1024;            // documentation: names and values together
constexpr std::size_t kClientRequestId = 1024;         // documentation: characters
constexpr int kListingPage = 5000;                     // documentation: maxresults; also if it is absent
constexpr std::size_t kSignedIdentifiers = 5;          // documentation: Set Container ACL, Set Queue ACL
constexpr std::size_t kSignedIdentifierId = 64;        // documentation: the same; characters
constexpr std::size_t kCorsRules = 5, kCorsList = 64;  // documentation: CORS; items of one list
constexpr int kRetentionDays = 365;                    // documentation: Set Service Properties
constexpr std::chrono::minutes kClockSkew{15};         // documentation: Shared Key
constexpr std::size_t kDocument = 64 * 1024;           // Emulator: ACL, properties, tags, key; XML as sent
constexpr int kDocumentDepth = 32;                     // Emulator: the protocol needs five

// Queues. Times are seconds.
constexpr std::size_t kMessageText = 64 * 1024;        // documentation: UTF-8, after XML is decoded
constexpr std::size_t kMessageDocument = 1024 * 1024;  // Emulator: a reference may be ten bytes for one
constexpr std::int64_t kMessagesPerRequest = 32;       // documentation: Get Messages, Peek Messages
constexpr std::int64_t kVisibility = 7 * 24 * 3600;    // documentation
constexpr std::int64_t kDefaultVisibility = 30;        // documentation: Get Messages
constexpr std::int64_t kDefaultTtl = 7 * 24 * 3600;    // documentation
constexpr std::int64_t kForever = -1;                  // documentation: a messagettl
constexpr std::int64_t kTtl = 0x7fffffff;              // Emulator: 32 bits; no limit since 2017-07-29

// Blobs.
constexpr std::uint64_t kMiB = 1024 * 1024;
constexpr std::size_t kBlobName = 1024;                 // documentation: characters
constexpr std::size_t kBlobSegments = 254;              // documentation: of the path
constexpr std::uint64_t kPutBlob = 5000 * kMiB;         // documentation: since version 2019-12-12
constexpr std::uint64_t kPutBlobFromUrl = 5000 * kMiB;  // documentation
constexpr std::uint64_t kCopyFromUrl = 256 * kMiB;      // documentation: Copy Blob From URL
constexpr std::uint64_t kRangeDigest = 4 * kMiB;        // documentation: Get Blob, MD5 or CRC64 of a range
constexpr std::uint64_t kBlock = 4000 * kMiB;           // documentation: Put Block, Put Block From URL
constexpr std::size_t kBlockId = 64;                    // documentation: Put Block; decoded
constexpr std::int64_t kUncommittedBlocks = 100'000;    // documentation: Put Block
constexpr std::chrono::days kUncommittedLife{7};        // documentation: Put Block; after the last one
constexpr std::size_t kCommittedBlocks = 50'000;        // documentation: Put Block List
constexpr std::size_t kBlockListDocument = 16 * kMiB;   // Emulator: a full list with the longest ids
constexpr std::uint64_t kAppend = 100 * kMiB;           // documentation: Append Block
constexpr std::int64_t kAppendedBlocks = 50'000;        // documentation: Append Block
constexpr std::uint64_t kPage = 512;                    // documentation: Put Page
constexpr std::uint64_t kPageWrite = 4 * kMiB;          // documentation: Put Page
constexpr std::int64_t kPageBlob = 8LL << 40;           // documentation: Put Blob
constexpr std::size_t kTags = 10;                       // documentation: Set Blob Tags
constexpr std::size_t kTagKey = 128, kTagValue = 256;   // documentation: Set Blob Tags
constexpr std::size_t kBatchParts = 256;                // documentation: Blob Batch
constexpr std::size_t kBatch = 4 * kMiB;                // documentation: Blob Batch
constexpr std::int64_t kShortestLease = 15, kLongestLease = 60;  // documentation: Lease Blob; seconds
constexpr std::int64_t kLeaseBreak = 60;                         // documentation: Lease Blob; seconds

}  // namespace cvemu::storage_limits
