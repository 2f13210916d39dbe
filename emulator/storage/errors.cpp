#include "storage/errors.h"

#include "base/times.h"
#include "storage/xml.h"

namespace cvemu::storage_errors {

namespace {

ApiError with(ApiError error, std::string_view name, std::string_view value) {
  if (!value.empty()) error.details.emplace_back(name, value);
  return error;
}

std::string error_document(const ApiError& error, const Exchange& exchange) {
  XmlWriter xml;
  xml.open("Error").element("Code", error.code);
  xml.element("Message", error.message + "\nRequestId:" + exchange.id.text() +
                             "\nTime:" + times::iso_ticks(exchange.at));
  for (const auto& [name, value] : error.details) xml.element(name, value);
  xml.close("Error");
  return xml.take();
}

// Azure: version 2019-12-12 and later challenges; the C++ and Python SDKs read these two names.
constexpr std::string_view kChallenge =
    "Bearer authorization_uri=https://login.microsoftonline.com/common/oauth2/authorize "
    "resource_id=https://storage.azure.com";

}  // namespace

Response render(const ApiError& error, const Exchange& exchange) {
  Response response;
  response.status = error.status;
  response.headers = error.headers;
  response.headers.set("x-ms-error-code", error.code);
  if (error.status == 304 || exchange.request.method == Method::Head) return response;
  response.headers.set("Content-Type", "application/xml");
  response.body = error_document(error, exchange);
  return response;
}

ApiError invalid_uri() {
  return {400, "InvalidUri", "The requested URI does not represent any resource on the server."};
}

ApiError invalid_input(std::string_view reason) {
  return with({400, "InvalidInput", "One of the request inputs is not valid."}, "Reason", reason);
}

ApiError unsupported_verb() {
  return {405, "UnsupportedHttpVerb", "The resource doesn't support specified Http Verb."};
}

ApiError invalid_query_parameter(std::string_view name, std::string_view value, std::string_view reason) {
  ApiError error(400, "InvalidQueryParameterValue",
                 "Value for one of the query parameters specified in the request URI is invalid.");
  error.details = {{"QueryParameterName", std::string(name)}, {"QueryParameterValue", std::string(value)}};
  return with(std::move(error), "Reason", reason);
}

ApiError out_of_range_query_parameter(std::string_view name, std::string_view value, std::int64_t minimum,
                                      std::int64_t maximum) {
  ApiError error(
      400, "OutOfRangeQueryParameterValue",
      "One of the query parameters specified in the request URI is outside the permissible range.");
  error.details = {{"QueryParameterName", std::string(name)},
                   {"QueryParameterValue", std::string(value)},
                   {"MinimumAllowed", std::to_string(minimum)},
                   {"MaximumAllowed", std::to_string(maximum)}};
  return error;
}

ApiError missing_query_parameter(std::string_view name) {
  return with({400, "MissingRequiredQueryParameter",
               "A query parameter that's mandatory for this request is not specified."},
              "QueryParameterName", name);
}

ApiError invalid_header(std::string_view name, std::string_view value, std::string_view reason) {
  ApiError error(400, "InvalidHeaderValue",
                 "The value for one of the HTTP headers is not in the correct format.");
  error.details = {{"HeaderName", std::string(name)}, {"HeaderValue", std::string(value)}};
  return with(std::move(error), "Reason", reason);
}

ApiError out_of_range_header(std::string_view name, std::string_view value, std::int64_t minimum,
                             std::int64_t maximum) {
  ApiError error = invalid_header(name, value);
  error.details.emplace_back("MinimumAllowed", std::to_string(minimum));
  error.details.emplace_back("MaximumAllowed", std::to_string(maximum));
  return error;
}

ApiError missing_header(std::string_view name) {
  return with(
      {400, "MissingRequiredHeader", "An HTTP header that's mandatory for this request is not specified."},
      "HeaderName", name);
}

// The value is left out: it may be a key.
ApiError unsupported_header(std::string_view name, std::string_view reason) {
  return with(
      with({400, "UnsupportedHeader", "One of the HTTP headers specified in the request is not supported."},
           "HeaderName", name),
      "Reason", reason);
}

// Emulator: Azure obeys it, and knows no such error.
ApiError header_not_implemented(std::string_view name) {
  return with(
      {501, "APINotImplemented", "The emulator does not support the header " + std::string(name) + " yet."},
      "HeaderName", name);
}

ApiError query_parameter_not_implemented(std::string_view name) {
  return with({501, "APINotImplemented",
               "The emulator does not support the query parameter " + std::string(name) + " yet."},
              "QueryParameterName", name);
}

ApiError condition_headers_not_supported(std::string_view name) {
  return with({400, "ConditionHeadersNotSupported", "Condition headers are not supported."}, "HeaderName",
              name);
}

ApiError https_required(std::string_view header) {
  return with({400, "HttpsRequired", "The request should be sent using https."}, "HeaderName", header);
}

ApiError request_body_too_large(std::uint64_t limit) {
  return with({413, "RequestBodyTooLarge",
               "The request body is too large and exceeds the maximum permissible limit."},
              "MaxLimit", std::to_string(limit));
}

ApiError invalid_xml(std::string_view reason, int line, int position) {
  ApiError error(400, "InvalidXmlDocument", "XML specified is not syntactically valid.");
  if (line > 0) {
    error.details.emplace_back("LineNumber", std::to_string(line));
    error.details.emplace_back("LinePosition", std::to_string(position));
  }
  return with(std::move(error), "Reason", reason);
}

ApiError invalid_xml_node(std::string_view name, std::string_view value, std::string_view reason) {
  ApiError error(400, "InvalidXmlNodeValue",
                 "The value for one of the XML nodes is not in the correct format.");
  error.details = {{"XmlNodeName", std::string(name)}, {"XmlNodeValue", std::string(value)}};
  return with(std::move(error), "Reason", reason);
}

ApiError invalid_marker(std::string_view value) {
  return with({400, "InvalidMarker", "The specified marker is invalid."}, "QueryParameterValue", value);
}

// Emulator: Azure has no such code; Azurite's is used, so that its users know it.
ApiError not_implemented(std::string_view operation) {
  return with({501, "APINotImplemented", "This operation is not part of the emulator."}, "Operation",
              operation);
}

ApiError internal_error() {
  return {500, "InternalError", "The server encountered an internal error. Please retry the request."};
}

ApiError server_busy() {
  return {503, "ServerBusy", "The server is busy."};
}

ApiError throttled(std::optional<std::int64_t> seconds) {
  ApiError error = server_busy();
  if (seconds) error.headers.set("Retry-After", std::to_string(*seconds));
  return error;
}

ApiError likely(int status) {
  switch (status) {
    case 400:
      return invalid_input();
    case 403:
      return {403, "AuthorizationFailure", "This request is not authorized to perform this operation."};
    case 404:
      return resource_not_found();
    case 409:
      return {409, "ResourceAlreadyExists", "The specified resource already exists."};
    case 412:
      return condition_not_met();
    case 500:
      return {500, "OperationTimedOut", "Operation could not be completed within the permitted time."};
    case 503:
      return server_busy();
  }
  ApiError error = internal_error();
  error.status = status;
  return error;
}

ApiError state_replaced() {
  return with(server_busy(), "Reason", "The emulator's state was replaced while this was under way.");
}

ApiError insufficient_storage() {
  return with(server_busy(), "Reason", "The disk of the emulator is full.");
}

ApiError write_on_secondary() {
  return {403, "InsufficientAccountPermissions", "Write operations are not allowed."};
}

ApiError invalid_resource_name() {
  return {400, "InvalidResourceName", "The specified resource name contains invalid characters."};
}

ApiError out_of_range_input() {
  return {400, "OutOfRangeInput", "The specified resource name length is not within the permissible limits."};
}

ApiError invalid_metadata() {
  return {400, "InvalidMetadata",
          "The metadata specified is invalid. It has characters that are not permitted."};
}

ApiError empty_metadata_key() {
  return {400, "EmptyMetadataKey", "The key for one of the metadata key-value pairs is empty."};
}

ApiError metadata_too_large() {
  return {400, "MetadataTooLarge", "The metadata specified exceeds the maximum permissible limit (8KB)."};
}

ApiError resource_not_found() {
  return {404, "ResourceNotFound", "The specified resource does not exist."};
}

ApiError no_authentication_information() {
  ApiError error(401, "NoAuthenticationInformation",
                 "Server failed to authenticate the request. Please refer to the information in the "
                 "www-authenticate header.");
  error.headers.add("WWW-Authenticate", kChallenge);
  return error;
}

ApiError invalid_authentication_info(std::string_view detail) {
  return with({400, "InvalidAuthenticationInfo",
               "Authentication information is not given in the correct format. Check the value of "
               "Authorization header."},
              "AuthenticationErrorDetail", detail);
}

ApiError authentication_failed(std::string_view detail) {
  return with({403, "AuthenticationFailed",
               "Server failed to authenticate the request. Make sure the value of Authorization header is "
               "formed correctly including the signature."},
              "AuthenticationErrorDetail", detail);
}

ApiError authorization_permission_mismatch() {
  return {403, "AuthorizationPermissionMismatch",
          "This request is not authorized to perform this operation using this permission."};
}

ApiError authorization_resource_type_mismatch() {
  return {403, "AuthorizationResourceTypeMismatch",
          "This request is not authorized to perform this operation using this resource type."};
}

ApiError authorization_service_mismatch() {
  return {403, "AuthorizationServiceMismatch",
          "This request is not authorized to perform this operation using this service."};
}

ApiError authorization_protocol_mismatch() {
  return {403, "AuthorizationProtocolMismatch",
          "This request is not authorized to perform this operation using this protocol."};
}

ApiError authorization_source_ip_mismatch(std::string_view address) {
  return with({403, "AuthorizationSourceIPMismatch",
               "This request is not authorized to perform this operation using this source IP."},
              "SourceIP", address);
}

ApiError cors_preflight_failure() {
  return {403, "CorsPreflightFailure", "CORS not enabled or no matching rule found for this request."};
}

ApiError cors_header_missing(std::string_view name) {
  return with({400, "InvalidHeaderValue", "A required CORS header is not present."}, "MessageDetails",
              "Invalid required CORS header " + std::string(name));
}

ApiError invalid_md5(std::string_view value) {
  return with({400, "InvalidMd5",
               "The MD5 value specified in the request is invalid. The MD5 value must be 128 bits and "
               "Base64-encoded."},
              "UserSpecifiedMd5", value);
}

ApiError md5_mismatch(std::string_view given, std::string_view computed) {
  return with(with({400, "Md5Mismatch",
                    "The MD5 value specified in the request did not match with the MD5 value calculated by "
                    "the server."},
                   "UserSpecifiedMd5", given),
              "ServerCalculatedMd5", computed);
}

// Azure: the names of the two elements are on record.
ApiError crc64_mismatch(std::string_view given, std::string_view computed) {
  return with(with({400, "Crc64Mismatch",
                    "The CRC64 value specified in the request did not match with the CRC64 value calculated "
                    "by the server."},
                   "UserSpecifiedCrc", given),
              "ServerCalculatedCrc", computed);
}

ApiError both_crc64_and_md5() {
  return {400, "BothCrc64AndMd5HeaderPresent",
          "Both x-ms-content-crc64 header and Content-MD5 header are present."};
}

ApiError both_crc64_and_blob_md5() {
  return {400, "BothCrc64AndMsMd5HeaderPresent",
          "Both x-ms-content-crc64 header and x-ms-blob-content-md5 header are present."};
}

ApiError both_crc64_and_md5_ranges() {
  return {400, "BothCrc64AndMd5RangeHeaderPresent",
          "Both x-ms-range-get-content-crc64 header and x-ms-range-get-content-md5 header are present."};
}

// Emulator: the service's code for a broken frame is not on record.
ApiError invalid_structured_body(std::string_view reason) {
  return invalid_input("x-ms-structured-body: " + std::string(reason) + '.');
}

ApiError condition_not_met() {
  return {412, "ConditionNotMet", "The condition specified using HTTP conditional header(s) is not met."};
}

ApiError not_modified(const Headers& validators) {
  ApiError error(304, "ConditionNotMet", "");
  error.headers = validators;
  return error;
}

ApiError source_condition_not_met() {
  return {412, "SourceConditionNotMet",
          "The source condition specified using HTTP conditional header(s) is not met."};
}

ApiError unsatisfiable_condition() {
  return {400, "UnsatisfiableCondition",
          "The request includes an unsatisfiable condition for this operation."};
}

ApiError multiple_condition_headers() {
  return {400, "MultipleConditionHeadersNotSupported", "Multiple condition headers are not supported."};
}

ApiError invalid_range(std::uint64_t size) {
  ApiError error(416, "InvalidRange", "The range specified is invalid for the current size of the resource.");
  error.headers.add("Content-Range", "bytes */" + std::to_string(size));
  return error;
}

}  // namespace cvemu::storage_errors
