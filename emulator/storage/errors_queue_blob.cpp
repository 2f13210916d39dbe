// The errors that only one of the two services knows.
#include "storage/errors.h"

namespace cvemu::storage_errors {

namespace {

ApiError because(ApiError error, std::string_view reason) {
  if (!reason.empty()) error.details.emplace_back("Reason", reason);
  return error;
}

}  // namespace

ApiError queue_not_found() {
  return {404, "QueueNotFound", "The specified queue does not exist."};
}

ApiError queue_already_exists() {
  return {409, "QueueAlreadyExists", "The specified queue already exists."};
}

ApiError message_not_found() {
  return {404, "MessageNotFound", "The specified message does not exist."};
}

ApiError pop_receipt_mismatch() {
  return {400, "PopReceiptMismatch",
          "The specified pop receipt did not match the pop receipt for a dequeued message."};
}

ApiError container_not_found() {
  return {404, "ContainerNotFound", "The specified container does not exist."};
}

ApiError container_already_exists() {
  return {409, "ContainerAlreadyExists", "The specified container already exists."};
}

ApiError blob_not_found() {
  return {404, "BlobNotFound", "The specified blob does not exist."};
}

ApiError blob_already_exists() {
  return {409, "BlobAlreadyExists", "The specified blob already exists."};
}

ApiError invalid_blob_type() {
  return {409, "InvalidBlobType", "The blob type is invalid for this operation."};
}

ApiError invalid_operation(std::string_view reason) {
  return because({400, "InvalidOperation", "Invalid operation against the specified resource."}, reason);
}

ApiError snapshots_present() {
  return {409, "SnapshotsPresent", "This operation is not permitted because the blob has snapshots."};
}

ApiError tier_not_supported_for_blob_type() {
  return {400, "AccessTierNotSupportedForBlobType", "The access tier is not supported for this blob type."};
}

ApiError blob_archived() {
  return {409, "BlobArchived", "This operation is not permitted on an archived blob."};
}

ApiError blob_sealed() {
  return {409, "BlobIsSealed", "The specified blob is sealed and its contents can't be modified."};
}

ApiError invalid_block_list() {
  return {400, "InvalidBlockList", "The specified block list is invalid."};
}

ApiError block_list_too_long() {
  return {400, "BlockListTooLong", "The block list may not contain more than 50,000 blocks."};
}

ApiError block_count_exceeds_limit(std::int64_t limit) {
  ApiError error(409, "BlockCountExceedsLimit",
                 "The number of blocks of this blob has reached the maximum permissible limit.");
  error.details = {{"MaxLimit", std::to_string(limit)}};
  return error;
}

ApiError invalid_blob_or_block() {
  return {400, "InvalidBlobOrBlock", "The specified blob or block content is invalid."};
}

ApiError append_position_not_met() {
  return {412, "AppendPositionConditionNotMet", "The append position condition specified was not met."};
}

ApiError max_blob_size_not_met() {
  return {412, "MaxBlobSizeConditionNotMet", "The max blob size condition specified was not met."};
}

ApiError sequence_number_not_met() {
  return {412, "SequenceNumberConditionNotMet", "The sequence number condition specified was not met."};
}

ApiError sequence_number_increment_too_large() {
  return {409, "SequenceNumberIncrementTooLarge",
          "The sequence number increment cannot be performed because it would result in overflow of the "
          "sequence number."};
}

ApiError invalid_page_range() {
  return {416, "InvalidPageRange", "The page range specified is invalid."};
}

ApiError lease_already_present() {
  return {409, "LeaseAlreadyPresent", "There is already a lease present."};
}

ApiError lease_id_missing() {
  return {412, "LeaseIdMissing",
          "There is currently a lease on the resource and no lease ID was specified in the request."};
}

ApiError lease_id_mismatch_with_lease_operation() {
  return {409, "LeaseIdMismatchWithLeaseOperation",
          "The lease ID specified did not match the lease ID for the resource with the specified lease "
          "operation."};
}

ApiError lease_id_mismatch_with_blob_operation() {
  return {412, "LeaseIdMismatchWithBlobOperation",
          "The lease ID specified did not match the lease ID for the blob."};
}

ApiError lease_id_mismatch_with_container_operation() {
  return {412, "LeaseIdMismatchWithContainerOperation",
          "The lease ID specified did not match the lease ID for the container."};
}

ApiError lease_not_present_with_lease_operation() {
  return {409, "LeaseNotPresentWithLeaseOperation", "There is currently no lease on the resource."};
}

ApiError lease_not_present_with_blob_operation() {
  return {412, "LeaseNotPresentWithBlobOperation", "There is currently no lease on the blob."};
}

ApiError lease_not_present_with_container_operation() {
  return {412, "LeaseNotPresentWithContainerOperation", "There is currently no lease on the container."};
}

ApiError lease_is_breaking_and_cannot_be_acquired() {
  return {
      409, "LeaseIsBreakingAndCannotBeAcquired",
      "The lease ID matched, but the lease is currently in breaking state and cannot be acquired until it "
      "is broken."};
}

ApiError lease_is_breaking_and_cannot_be_changed() {
  return {409, "LeaseIsBreakingAndCannotBeChanged",
          "The lease ID matched, but the lease is currently in breaking state and cannot be changed."};
}

ApiError lease_is_broken_and_cannot_be_renewed() {
  return {409, "LeaseIsBrokenAndCannotBeRenewed",
          "The lease ID matched, but the lease has been broken explicitly and cannot be renewed."};
}

ApiError lease_lost() {
  return {412, "LeaseLost", "A lease ID was specified, but the lease for the resource has expired."};
}

ApiError cannot_verify_copy_source(int status, std::string_view reason) {
  return because(
      {status, "CannotVerifyCopySource", "Could not verify the copy source within the specified time."},
      reason);
}

ApiError invalid_source_blob_url() {
  return {400, "InvalidSourceBlobUrl",
          "The source URL for incremental copy request must be a valid blob URL."};
}

ApiError copy_id_mismatch() {
  return {409, "CopyIdMismatch",
          "The specified copy ID did not match the copy ID for the pending copy operation."};
}

ApiError no_pending_copy() {
  return {409, "NoPendingCopyOperation", "There is currently no pending copy operation."};
}

ApiError both_user_tags_and_source_tags() {
  return {400, "BothUserTagsAndSourceTagsCopyPresentException",
          "x-ms-tags header is not allowed when x-ms-copy-source-tag-option is COPY."};
}

ApiError tags_too_large() {
  return {400, "TagsTooLarge", "The tags specified exceed the maximum permissible limit."};
}

ApiError empty_tag_name() {
  return {400, "EmptyTagName", "The name of one of the tag key-value pairs is empty."};
}

ApiError duplicate_tag_names() {
  return {400, "DuplicateTagNames", "The tags specified contain duplicate names."};
}

ApiError invalid_tags(std::string_view reason) {
  return because(
      {400, "InvalidTags", "The tags specified are invalid. It contains characters that are not permitted."},
      reason);
}

}  // namespace cvemu::storage_errors
