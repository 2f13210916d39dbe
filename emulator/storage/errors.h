// Every error of the queue and the blob service: status, code and text are written in errors.cpp and nowhere
// else. Azure: the documentation's lists of common, queue and blob error codes.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http/message.h"
#include "http/service.h"

namespace cvemu::storage_errors {

// The answer: XML with Code, Message and the details, x-ms-error-code; HEAD and 304 have no body.
Response render(const ApiError&, const Exchange&);

// Requests in general
ApiError invalid_uri();
ApiError invalid_input(std::string_view reason = {});
ApiError unsupported_verb();
ApiError invalid_query_parameter(std::string_view name, std::string_view value, std::string_view reason = {});
ApiError out_of_range_query_parameter(std::string_view name, std::string_view value, std::int64_t minimum,
                                      std::int64_t maximum);
ApiError missing_query_parameter(std::string_view name);
ApiError invalid_header(std::string_view name, std::string_view value, std::string_view reason = {});
ApiError out_of_range_header(std::string_view name, std::string_view value, std::int64_t minimum,
                             std::int64_t maximum);  // InvalidHeaderValue with the bounds
ApiError missing_header(std::string_view name);
ApiError unsupported_header(std::string_view name, std::string_view reason);
ApiError header_not_implemented(std::string_view name);           // 501 APINotImplemented
ApiError query_parameter_not_implemented(std::string_view name);  // the same
ApiError condition_headers_not_supported(std::string_view name);
ApiError https_required(std::string_view header);
ApiError request_body_too_large(std::uint64_t limit);
ApiError invalid_xml(std::string_view reason = {}, int line = 0, int position = 0);  // InvalidXmlDocument
ApiError invalid_xml_node(std::string_view name, std::string_view value, std::string_view reason = {});
ApiError invalid_marker(std::string_view value);
ApiError not_implemented(std::string_view operation);  // 501 APINotImplemented
ApiError internal_error();
ApiError server_busy();
ApiError throttled(std::optional<std::int64_t> seconds);  // ServerBusy, with Retry-After if it is to be there
ApiError insufficient_storage();                          // 503 ServerBusy: the disk is full
ApiError likely(int status);    // the code that clients are most likely to meet with it
ApiError state_replaced();      // 503 ServerBusy: a reset or restore overtook the request
ApiError write_on_secondary();  // 403 InsufficientAccountPermissions

// Names and metadata
ApiError invalid_resource_name();
ApiError out_of_range_input();
ApiError invalid_metadata();
ApiError empty_metadata_key();
ApiError metadata_too_large();
ApiError resource_not_found();

// Authentication
ApiError no_authentication_information();
ApiError invalid_authentication_info(std::string_view detail);
ApiError authentication_failed(std::string_view detail);
ApiError authorization_permission_mismatch();
ApiError authorization_resource_type_mismatch();
ApiError authorization_service_mismatch();
ApiError authorization_protocol_mismatch();
ApiError authorization_source_ip_mismatch(std::string_view address);
ApiError cors_preflight_failure();
ApiError cors_header_missing(std::string_view name);

// Digests; the values are base64 as they stand in headers
ApiError invalid_md5(std::string_view value);
ApiError md5_mismatch(std::string_view given, std::string_view computed);
ApiError crc64_mismatch(std::string_view given, std::string_view computed);
ApiError both_crc64_and_md5();
ApiError both_crc64_and_blob_md5();                         // x-ms-blob-content-md5
ApiError both_crc64_and_md5_ranges();                       // x-ms-range-get-content-*
ApiError invalid_structured_body(std::string_view reason);  // InvalidInput

// Conditions and ranges. `validators` are the ETag and Last-Modified of a 304.
ApiError condition_not_met();                      // 412
ApiError not_modified(const Headers& validators);  // 304
ApiError source_condition_not_met();
ApiError unsatisfiable_condition();
ApiError multiple_condition_headers();
ApiError invalid_range(std::uint64_t size);  // 416 with Content-Range: bytes */size
ApiError invalid_page_range();

// Queue service
ApiError queue_not_found();
ApiError queue_already_exists();
ApiError message_not_found();
ApiError pop_receipt_mismatch();

// Containers and blobs
ApiError container_not_found();
ApiError container_already_exists();
ApiError blob_not_found();
ApiError blob_already_exists();
ApiError invalid_blob_type();
ApiError invalid_operation(std::string_view reason = {});
ApiError snapshots_present();
ApiError tier_not_supported_for_blob_type();
ApiError blob_archived();
ApiError blob_sealed();

// Blocks, appends, pages
ApiError invalid_block_list();
ApiError block_list_too_long();
ApiError block_count_exceeds_limit(std::int64_t limit);
ApiError invalid_blob_or_block();
ApiError append_position_not_met();
ApiError max_blob_size_not_met();
ApiError sequence_number_not_met();
ApiError sequence_number_increment_too_large();

// Leases
ApiError lease_already_present();
ApiError lease_id_missing();
ApiError lease_id_mismatch_with_lease_operation();
ApiError lease_id_mismatch_with_blob_operation();
ApiError lease_id_mismatch_with_container_operation();
ApiError lease_not_present_with_lease_operation();
ApiError lease_not_present_with_blob_operation();
ApiError lease_not_present_with_container_operation();
ApiError lease_is_breaking_and_cannot_be_acquired();
ApiError lease_is_breaking_and_cannot_be_changed();
ApiError lease_is_broken_and_cannot_be_renewed();
ApiError lease_lost();

// Copies, tags
ApiError cannot_verify_copy_source(int status, std::string_view reason);
ApiError invalid_source_blob_url();
ApiError copy_id_mismatch();
ApiError no_pending_copy();
ApiError both_user_tags_and_source_tags();
ApiError tags_too_large();
ApiError empty_tag_name();
ApiError duplicate_tag_names();
ApiError invalid_tags(std::string_view reason);

}  // namespace cvemu::storage_errors
