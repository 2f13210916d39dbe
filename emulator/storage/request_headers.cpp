#include "storage/request_headers.h"

#include <array>
#include <vector>

#include "base/text.h"
#include "storage/errors.h"
#include "storage/structured_body.h"

namespace cvemu {

namespace {

using enum HeaderRule::Verdict;

// ---- values ----

bool is_structured_body(std::string_view value) {
  return value == kStructuredBody;
}
bool is_false(std::string_view value) {
  return iequals(value, "false");
}
bool is_boolean(std::string_view value) {
  return value.empty() || iequals(value, "true") || is_false(value);
}
bool is_priority(std::string_view value) {
  return value.empty() || iequals(value, "High") || iequals(value, "Standard");
}
bool is_update(std::string_view value) {
  return iequals(value, "update");
}
bool is_identity(std::string_view value) {
  return iequals(value, "identity");
}
// The scope that every account has.
bool is_account_key(std::string_view value) {
  return value == "$account-encryption-key";
}
// Azure: a list can be asked for in Arrow's format too; XML is the answer to all who take it.
bool takes_xml(std::string_view value) {
  const std::string types = to_lower(value);
  return types.find("arrow") == std::string::npos || types.find("xml") != std::string::npos ||
         types.find("*/*") != std::string::npos;
}

// ---- groups of operations ----

constexpr std::string_view kUploads = "PutBlob PutBlock AppendBlock PutPage";
constexpr std::string_view kFromUrl =
    "PutBlobFromURL CopyBlobFromURL PutBlockFromURL AppendBlockFromURL PutPageFromURL";
constexpr std::string_view kPartsFromUrl = "PutBlockFromURL AppendBlockFromURL PutPageFromURL";
constexpr std::string_view kCopies =
    "CopyBlob IncrementalCopyBlob PutBlobFromURL CopyBlobFromURL PutBlockFromURL AppendBlockFromURL "
    "PutPageFromURL";
constexpr std::string_view kRanged = "GetBlob GetPageRanges PutPage PutPageFromURL";
constexpr std::string_view kWithBody =
    "PutBlob PutBlock PutBlockList AppendBlock PutPage SetBlobTags SetContainerACL SetBlobServiceProperties "
    "GetUserDelegationKey SubmitBatch PutMessage UpdateMessage SetQueueACL SetQueueServiceProperties";
// Documents alone: the bytes of blobs are kept as they are sent.
constexpr std::string_view kDocuments =
    "SetBlobTags SetContainerACL SetBlobServiceProperties GetUserDelegationKey SubmitBatch PutMessage "
    "UpdateMessage "
    "SetQueueACL SetQueueServiceProperties";
constexpr std::string_view kOfQueues =
    "ListQueues CreateQueue DeleteQueue GetQueueMetadata SetQueueMetadata GetQueueACL SetQueueACL PutMessage "
    "GetMessages "
    "PeekMessages ClearMessages UpdateMessage DeleteMessage GetQueueServiceProperties "
    "SetQueueServiceProperties";
// Writes that no condition guards. Azure: of containers the dates are looked at alone, of tags x-ms-if-tags.
constexpr std::string_view kUnconditional =
    "PutBlock PutBlockFromURL UndeleteBlob SetBlobServiceProperties CreateQueue DeleteQueue SetQueueMetadata "
    "SetQueueACL "
    "SetQueueServiceProperties PutMessage UpdateMessage DeleteMessage ClearMessages";
constexpr std::string_view kImmutable =
    "PutBlob PutBlockList CopyBlob CopyBlobFromURL PutBlobFromURL SetBlobImmutabilityPolicy SetBlobLegalHold";
constexpr std::string_view kOtherPageProperties = "ResizePageBlob UpdatePageBlobSequenceNumber";
constexpr std::string_view kLists = "ListBlobs ListContainers FindBlobsByTags FindBlobsByTagsInContainer";
constexpr std::string_view kAll = "*";

// ---- the rules ----

constexpr HeaderRule kRules[] = {
    // Frames and digests of bodies.
    {"x-ms-structured-body", kUploads, Obeyed, is_structured_body},
    {"x-ms-structured-body", "GetBlob QueryBlobContents", NotYet},
    {"x-ms-structured-body", kAll, Unsupported},
    {"x-ms-structured-content-length", kUploads, Obeyed},
    {"x-ms-structured-content-length", kAll, Unsupported},
    {"content-md5", kWithBody, Obeyed},
    {"content-md5", "PutBlobFromURL AppendBlockFromURL", Obeyed},
    {"content-md5", kAll, Harmless},
    {"x-ms-content-crc64", kWithBody, Obeyed},
    {"x-ms-content-crc64", kFromUrl, Unsupported},
    {"x-ms-content-crc64", kAll, Harmless},
    {"content-encoding", kDocuments, Unsupported, is_identity},
    {"content-encoding", "PutBlob", Obeyed},
    {"content-encoding", kAll, Harmless},
    {"content-language", "PutBlob", Obeyed},
    {"content-language", kAll, Harmless},
    {"cache-control", "PutBlob", Obeyed},
    {"cache-control", kAll, Harmless},
    {"content-type", "PutBlob SubmitBatch", Obeyed},
    {"content-type", kAll, Harmless},
    {"content-length", kAll, Obeyed},
    {"content-range", "PutBlob", Unsupported},
    {"content-range", kAll, Harmless},

    // Encryption.
    {"x-ms-encryption-key", kOfQueues, Unsupported},
    {"x-ms-encryption-key", kAll, NeedsHttps},
    {"x-ms-encryption-key-sha256", kOfQueues, Unsupported},
    {"x-ms-encryption-key-sha256", kAll, NeedsHttps},
    {"x-ms-encryption-algorithm", kOfQueues, Unsupported},
    {"x-ms-encryption-algorithm", kAll, NeedsHttps},
    {"x-ms-source-encryption-key", kFromUrl, NeedsHttps},
    {"x-ms-source-encryption-key", kAll, Unsupported},
    {"x-ms-source-encryption-key-sha256", kFromUrl, NeedsHttps},
    {"x-ms-source-encryption-key-sha256", kAll, Unsupported},
    {"x-ms-source-encryption-algorithm", kFromUrl, NeedsHttps},
    {"x-ms-source-encryption-algorithm", kAll, Unsupported},
    {"x-ms-encryption-scope", kOfQueues, Unsupported},
    {"x-ms-encryption-scope", kAll, NotYet},
    {"x-ms-default-encryption-scope", "CreateContainer", NotYet, is_account_key},
    {"x-ms-default-encryption-scope", kAll, Unsupported},
    {"x-ms-deny-encryption-scope-override", "CreateContainer", NotYet, is_false},
    {"x-ms-deny-encryption-scope-override", kAll, Unsupported},
    {"?ses", kAll, NotYet},

    // Immutability.
    {"x-ms-immutability-policy-until-date", kImmutable, NotYet},
    {"x-ms-immutability-policy-until-date", kAll, Unsupported},
    {"x-ms-immutability-policy-mode", kImmutable, NotYet},
    {"x-ms-immutability-policy-mode", kAll, Unsupported},
    {"x-ms-legal-hold", kImmutable, NotYet, is_false},
    {"x-ms-legal-hold", kAll, Unsupported, is_false},

    // Copies.
    {"x-ms-copy-source", kCopies, Obeyed},
    {"x-ms-copy-source", kAll, Unsupported},
    {"x-ms-requires-sync", "CopyBlob CopyBlobFromURL", Obeyed, is_boolean},
    {"x-ms-requires-sync", kAll, Unsupported, is_false},
    {"x-ms-copy-source-authorization", kCopies, Obeyed},
    {"x-ms-copy-source-authorization", kAll, Unsupported},
    {"x-ms-copy-source-blob-properties", "PutBlobFromURL", Obeyed},
    {"x-ms-copy-source-blob-properties", kAll, Unsupported},
    {"x-ms-copy-source-tag-option", "PutBlobFromURL CopyBlobFromURL", Obeyed},
    {"x-ms-copy-source-tag-option", kAll, Unsupported},
    {"x-ms-file-request-intent", kCopies, Obeyed},
    {"x-ms-file-request-intent", kAll, Harmless},
    {"x-ms-source-range", kPartsFromUrl, Obeyed},
    {"x-ms-source-range", kAll, Unsupported},
    {"x-ms-source-content-md5", kFromUrl, Obeyed},
    {"x-ms-source-content-md5", kAll, Unsupported},
    {"x-ms-source-content-crc64", kFromUrl, Obeyed},
    {"x-ms-source-content-crc64", kAll, Unsupported},
    {"x-ms-source-if-match", kCopies, Obeyed},
    {"x-ms-source-if-match", kAll, NoConditions},
    {"x-ms-source-if-none-match", kCopies, Obeyed},
    {"x-ms-source-if-none-match", kAll, NoConditions},
    {"x-ms-source-if-modified-since", kCopies, Obeyed},
    {"x-ms-source-if-modified-since", kAll, NoConditions},
    {"x-ms-source-if-unmodified-since", kCopies, Obeyed},
    {"x-ms-source-if-unmodified-since", kAll, NoConditions},
    {"x-ms-source-if-tags", kCopies, Obeyed},
    {"x-ms-source-if-tags", kAll, NoConditions},
    // Azure: of Copy Blob not since version 2012-02-12 (documentation).
    {"x-ms-source-lease-id", "RenameContainer", Harmless},  // the operation is left out as a whole
    {"x-ms-source-lease-id", kAll, Unsupported},
    {"x-ms-source-container-name", kAll, Harmless},
    {"x-ms-seal-blob", "CopyBlob", Obeyed, is_boolean},
    {"x-ms-seal-blob", kAll, Unsupported, is_false},
    // Emulator: an archived blob is back at once, whatever the priority.
    {"x-ms-rehydrate-priority", "SetBlobTier CopyBlob", Obeyed, is_priority},
    {"x-ms-rehydrate-priority", kAll, Harmless},
    {"x-ms-copy-action", kAll, Obeyed},

    // Ranges.
    {"range", kRanged, Obeyed},
    {"range", "PutBlob PutBlobFromURL", Unsupported},
    {"range", kAll, Harmless},
    {"x-ms-range", kRanged, Obeyed},
    {"x-ms-range", "PutBlob PutBlobFromURL", Unsupported},
    {"x-ms-range", kAll, Harmless},
    {"x-ms-range-get-content-md5", "GetBlob", Obeyed, is_boolean},
    {"x-ms-range-get-content-md5", kAll, Unsupported, is_false},
    {"x-ms-range-get-content-crc64", "GetBlob", Obeyed, is_boolean},
    {"x-ms-range-get-content-crc64", kAll, Unsupported, is_false},
    {"x-ms-previous-snapshot-url", "GetPageRanges", Obeyed},
    {"x-ms-previous-snapshot-url", kAll, Unsupported},

    // Appends and pages.
    {"x-ms-blob-condition-maxsize", "AppendBlock AppendBlockFromURL", Obeyed},
    {"x-ms-blob-condition-maxsize", kAll, NoConditions},
    {"x-ms-blob-condition-appendpos", "AppendBlock AppendBlockFromURL SealAppendBlob", Obeyed},
    {"x-ms-blob-condition-appendpos", kAll, NoConditions},
    {"x-ms-if-sequence-number-le", "PutPage PutPageFromURL", Obeyed},
    {"x-ms-if-sequence-number-le", kAll, NoConditions},
    {"x-ms-if-sequence-number-lt", "PutPage PutPageFromURL", Obeyed},
    {"x-ms-if-sequence-number-lt", kAll, NoConditions},
    {"x-ms-if-sequence-number-eq", "PutPage PutPageFromURL", Obeyed},
    {"x-ms-if-sequence-number-eq", kAll, NoConditions},
    {"x-ms-page-write", "PutPageFromURL", Obeyed, is_update},
    {"x-ms-page-write", kAll, Obeyed},
    // Emulator: a request changes the size, the sequence number or the headers; Azure takes them together.
    {"x-ms-sequence-number-action", "ResizePageBlob", Unsupported},
    {"x-ms-sequence-number-action", kAll, Obeyed},
    {"x-ms-blob-sequence-number", "SetBlobProperties ResizePageBlob", Unsupported},
    {"x-ms-blob-sequence-number", kAll, Obeyed},
    {"x-ms-blob-content-length", "UpdatePageBlobSequenceNumber", Unsupported},
    {"x-ms-blob-content-length", kAll, Obeyed},
    {"x-ms-blob-content-type", kOtherPageProperties, Unsupported},
    {"x-ms-blob-content-type", kAll, Obeyed},
    {"x-ms-blob-content-encoding", kOtherPageProperties, Unsupported},
    {"x-ms-blob-content-encoding", kAll, Obeyed},
    {"x-ms-blob-content-language", kOtherPageProperties, Unsupported},
    {"x-ms-blob-content-language", kAll, Obeyed},
    {"x-ms-blob-content-disposition", kOtherPageProperties, Unsupported},
    {"x-ms-blob-content-disposition", kAll, Obeyed},
    {"x-ms-blob-cache-control", kOtherPageProperties, Unsupported},
    {"x-ms-blob-cache-control", kAll, Obeyed},
    {"x-ms-blob-content-md5", kOtherPageProperties, Unsupported},
    {"x-ms-blob-content-md5", kAll, Obeyed},

    // Conditions and leases.
    {"if-match", kUnconditional, NoConditions},
    {"if-match", kAll, Obeyed},
    {"if-none-match", kUnconditional, NoConditions},
    {"if-none-match", kAll, Obeyed},
    {"if-modified-since", kUnconditional, NoConditions},
    {"if-modified-since", kAll, Obeyed},
    {"if-unmodified-since", kUnconditional, NoConditions},
    {"if-unmodified-since", kAll, Obeyed},
    {"x-ms-if-tags", kUnconditional, NoConditions},
    {"x-ms-if-tags", kAll, Obeyed},
    {"x-ms-blob-if-match", "GetBlobTags SetBlobTags", Obeyed},
    {"x-ms-blob-if-match", kAll, NoConditions},
    {"x-ms-blob-if-none-match", "GetBlobTags SetBlobTags", Obeyed},
    {"x-ms-blob-if-none-match", kAll, NoConditions},
    {"x-ms-blob-if-modified-since", "GetBlobTags SetBlobTags", Obeyed},
    {"x-ms-blob-if-modified-since", kAll, NoConditions},
    {"x-ms-blob-if-unmodified-since", "GetBlobTags SetBlobTags", Obeyed},
    {"x-ms-blob-if-unmodified-since", kAll, NoConditions},
    {"x-ms-access-tier-if-modified-since", "DeleteBlob", NotYet},
    {"x-ms-access-tier-if-modified-since", kAll, NoConditions},
    {"x-ms-access-tier-if-unmodified-since", "DeleteBlob", NotYet},
    {"x-ms-access-tier-if-unmodified-since", kAll, NoConditions},
    {"x-ms-lease-id", kAll, Obeyed},
    {"x-ms-lease-action", kAll, Obeyed},
    {"x-ms-lease-duration", kAll, Obeyed},
    {"x-ms-lease-break-period", kAll, Obeyed},
    {"x-ms-proposed-lease-id", kAll, Obeyed},

    // Everything else.
    {"accept", kLists, NotYet, takes_xml},
    {"accept", kAll, Harmless},
    {"x-ms-expiry-option", "SetBlobExpiry", Obeyed},
    {"x-ms-expiry-option", "PutBlob", NotYet},
    {"x-ms-expiry-option", kAll, Unsupported},
    {"x-ms-expiry-time", "SetBlobExpiry", Obeyed},
    {"x-ms-expiry-time", "PutBlob", NotYet},
    {"x-ms-expiry-time", kAll, Unsupported},
    {"?deletetype", kAll, NotYet},
    {"x-ms-blob-type", kAll, Obeyed},
    {"x-ms-blob-public-access", kAll, Obeyed},
    {"x-ms-access-tier", kAll, Obeyed},
    {"x-ms-tags", kAll, Obeyed},
    {"x-ms-meta", kAll, Harmless},  // Azure: Python sends a header of just that name
    {"x-ms-meta-", kAll, Obeyed},
    {"x-ms-delete-snapshots", kAll, Obeyed},
    {"x-ms-deleted-container-name", kAll, Obeyed},
    {"x-ms-deleted-container-version", kAll, Obeyed},
    {"x-ms-version", kAll, Obeyed},
    {"x-ms-date", kAll, Obeyed},
    {"x-ms-client-request-id", kAll, Obeyed},
};

bool has_word(std::string_view words, std::string_view word) {
  for (std::size_t at = words.find(word); at != std::string_view::npos; at = words.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if ((at == 0 || words[at - 1] == ' ') && (end == words.size() || words[end] == ' ')) return true;
  }
  return false;
}

bool applies_to(const HeaderRule& rule, std::string_view operation) {
  return rule.operations == kAll || has_word(rule.operations, operation);
}

// Rules by the length of their names, so that a header is held against few.
class RuleIndex {
 public:
  RuleIndex() {
    for (const HeaderRule& rule : kRules) by_length_.at(rule.name.size()).push_back(&rule);
  }
  const HeaderRule* find(std::string_view name, std::string_view operation) const {
    if (name.size() >= by_length_.size()) return nullptr;
    for (const HeaderRule* rule : by_length_[name.size()])
      if (iequals(rule->name, name) && applies_to(*rule, operation)) return rule;
    return nullptr;
  }

 private:
  std::array<std::vector<const HeaderRule*>, 48> by_length_;
};

const RuleIndex& rule_index() {
  static const RuleIndex index;
  return index;
}

bool is_condition(std::string_view name) {
  return name.starts_with("if-") || name.find("-if-") != std::string_view::npos;
}

void check_value(const HeaderRule& rule, const Headers::Field& field, const Exchange& exchange) {
  if (rule.verdict == Obeyed) {
    if (rule.takes && !rule.takes(field.value)) throw storage_errors::invalid_header(rule.name, field.value);
    return;
  }
  if (field.value.empty() || (rule.takes && rule.takes(field.value))) return;
  switch (rule.verdict) {
    case Unsupported:
      throw storage_errors::unsupported_header(rule.name, "This operation does not take it.");
    case NoConditions:
      throw storage_errors::condition_headers_not_supported(rule.name);
    case NeedsHttps:
      if (!exchange.peer.encrypted) throw storage_errors::https_required(rule.name);
      [[fallthrough]];
    default:
      throw storage_errors::header_not_implemented(rule.name);
  }
}

// Only the first of a name is read: a second one must not say something else.
void check_single(const HeaderRule& rule, const Headers::Field& field, const Headers& headers) {
  if (headers.get(rule.name) == field.value) return;
  if (is_condition(rule.name)) throw storage_errors::multiple_condition_headers();
  throw storage_errors::unsupported_header(rule.name, "It is there twice, with two values.");
}

}  // namespace

std::span<const HeaderRule> request_header_rules() {
  return kRules;
}

const HeaderRule* find_header_rule(std::string_view name, std::string_view operation) {
  constexpr std::string_view kMetadata = "x-ms-meta-";
  return rule_index().find(istarts_with(name, kMetadata) ? kMetadata : name, operation);
}

void check_request_headers(const Exchange& exchange, std::string_view operation) {
  const Headers& headers = exchange.request.headers;
  for (const Headers::Field& field : headers) {
    const HeaderRule* rule = rule_index().find(field.name, operation);
    if (!rule || rule->verdict == Harmless) continue;
    check_value(*rule, field, exchange);
    check_single(*rule, field, headers);
  }
  for (const HeaderRule& rule : kRules)
    if (rule.name.starts_with('?') && exchange.query.find_nonempty(rule.name.substr(1)) &&
        applies_to(rule, operation))
      throw storage_errors::query_parameter_not_implemented(rule.name.substr(1));
}

}  // namespace cvemu
