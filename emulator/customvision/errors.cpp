#include "customvision/errors.h"

namespace cvemu::customvision::errors {

namespace {

ApiError bad_request(std::string code, std::string message) {
  return ApiError(400, "BadRequest" + std::move(code), std::move(message));
}

ApiError not_found(std::string code, std::string message) {
  return ApiError(404, "NotFound" + std::move(code), std::move(message));
}

std::string quoted(std::string_view text) { return '"' + std::string(text) + '"'; }

}  // namespace

// A code of digits only tells render() to use the gateway's shape.
// Azure: text on record (gateway of the AI services, Content-Length 224).
ApiError access_denied() {
  return ApiError(401, "401",
                  "Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a "
                  "valid key for an active subscription and use a correct regional API endpoint for your resource.");
}
ApiError route_not_found() { return ApiError(404, "404", "Resource not found"); }  // text on record

ApiError project_not_found(const Uuid& id) { return not_found("Project", "Project not found: " + id.text()); }
ApiError tag_not_found(const Uuid& id) { return not_found("Tag", "Tag not found: " + id.text()); }
ApiError iteration_not_found() { return not_found("Iteration", "Invalid iteration"); }  // text on record
ApiError domain_not_found(const Uuid& id) { return not_found("Domain", "Domain not found: " + id.text()); }

ApiError invalid_id(std::string_view parameter, std::string_view text) {
  return bad_request("InvalidIds", "The value of " + std::string(parameter) + " is not a valid id: " + quoted(text));
}
ApiError required_parameter(std::string_view name) {
  return bad_request("RequiredParamIsNull", "Required parameter is missing: " + std::string(name));
}
ApiError invalid_parameter(std::string_view name, std::string_view text) {
  return bad_request("Invalid", "The value of " + std::string(name) + " is not valid: " + quoted(text));
}
ApiError malformed_body(std::string_view reason) {
  return bad_request("", "The request body cannot be read: " + std::string(reason));
}
ApiError body_too_large() { return bad_request("ImageSizeBytes", "The request body is too large"); }
ApiError too_many_items(std::string_view what, std::size_t limit) {
  return bad_request("ExceededBatchSize", "More than " + std::to_string(limit) + ' ' + std::string(what));
}

ApiError project_name_missing() { return bad_request("ProjectName", "A project needs a name"); }
ApiError unknown_domain(std::string_view text) {
  return bad_request("ProjectUnknownDomain", "Unknown domain: " + quoted(text));
}
ApiError unknown_classification(std::string_view text) {
  return bad_request("ProjectUnknownClassification", "Unknown classification type: " + quoted(text));
}
ApiError unsupported_export_platform(std::string_view text) {
  return bad_request("ProjectUnsupportedExportPlatform", "Unsupported export platform: " + quoted(text));
}
ApiError domain_type_change() {
  return bad_request("ProjectUnsupportedDomainTypeChange",
                     "A project cannot change between classification and object detection");
}
ApiError project_has_published_iteration() {
  return bad_request("IterationIsPublished", "Unpublish the project's iterations before deleting it");
}
ApiError storage_uri_refused(std::string_view parameter, std::string_view uri, std::string_view reason) {
  return bad_request("InvalidUri", std::string(parameter) + ' ' + quoted(uri) + ": " + std::string(reason));
}

ApiError tag_name_missing() { return bad_request("TagName", "A tag needs a name"); }
ApiError tag_name_taken(std::string_view name) {
  return bad_request("TagNameNotUnique", "Name not unique: " + std::string(name));  // beginning on record
}
ApiError unknown_tag_type(std::string_view text) {
  return bad_request("TagType", "Unknown tag type: " + quoted(text));
}
ApiError second_negative_tag() {
  return bad_request("MultipleNegativeTag", "The project already has a negative tag");
}
ApiError second_general_product_tag() {
  return bad_request("MultipleGeneralProductTag", "The project already has a general product tag");
}

ApiError no_valid_image_files() { return bad_request("ImageBatch", "No valid image files"); }  // text on record
ApiError unknown_image_tags() { return bad_request("ImageTags", "Invalid tag ids"); }
ApiError illegal_region() { return bad_request("ImageRegions", "Illegal region"); }  // text on record

ApiError training_in_progress() {
  return bad_request("TrainingAlreadyInProgress", "Training is already in progress");
}
ApiError training_not_needed() {
  return bad_request("TrainingNotNeeded", "Nothing changed since last training");  // text on record
}
ApiError not_enough_tags(std::string_view code) {
  return bad_request(std::string(code), "Not enough tags for training");
}
ApiError not_enough_images(std::string_view code) {
  return bad_request(std::string(code), "Not enough images per tag for training");  // text on record
}
ApiError negative_tag_in_detection() {
  return bad_request("DetectionTrainingNotAllowNegativeTag", "Object detection cannot train a negative tag");
}
ApiError unknown_training_type(std::string_view text) {
  return bad_request("Invalid", "Unknown training type: " + quoted(text));
}
ApiError reserved_budget_missing() {
  return bad_request("ReservedBudgetInHoursNotEnoughForAdvancedTraining",
                     "Advanced training needs a reserved budget of at least one hour");
}

ApiError iteration_not_trained() { return bad_request("IterationIsNotTrained", "The iteration is not trained"); }
ApiError export_not_supported(std::string_view reason) {
  return bad_request("ExportValidationFailed", std::string(reason));
}
ApiError export_already_queued(const Uuid& iteration) {
  return bad_request("ExportAlreadyInProgress", iteration.text() + " is already queued for export");  // on record
}

ApiError unexpected() { return ApiError(500, "ErrorUnknown", "The emulator failed; see its log"); }

}  // namespace cvemu::customvision::errors
