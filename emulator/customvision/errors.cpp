#include "customvision/errors.h"

namespace cvemu::customvision::errors {

namespace {

ApiError bad_request(std::string code, std::string message) {
  return ApiError(400, "BadRequest" + std::move(code), std::move(message));
}

ApiError not_found(std::string code, std::string message) {
  return ApiError(404, "NotFound" + std::move(code), std::move(message));
}

std::string quoted(std::string_view text) {
  return '"' + std::string(text) + '"';
}

}  // namespace

// Azure: text on record (gateway of the AI services, Content-Length 224).
ApiError access_denied() {
  return ApiError(
      401, "401",
      "Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a "
      "valid key for an active subscription and use a correct regional API endpoint for your resource.");
}
ApiError route_not_found() {
  return ApiError(404, "404", "Resource not found");
}  // text on record

ApiError too_many_calls() {
  return throttled(1);
}

ApiError project_not_found(const Uuid& id) {
  return not_found("Project", "Project not found: " + id.text());
}
ApiError tag_not_found(const Uuid& id) {
  return not_found("Tag", "Tag not found: " + id.text());
}
ApiError image_not_found(const Uuid& id) {
  return not_found("Image", "Image not found: " + id.text());
}
ApiError iteration_not_found() {
  return not_found("Iteration", "Invalid iteration");
}  // text on record
ApiError domain_not_found(const Uuid& id) {
  return not_found("Domain", "Domain not found: " + id.text());
}

ApiError invalid_id(std::string_view parameter, std::string_view text) {
  return bad_request("InvalidIds",
                     "The value of " + std::string(parameter) + " is not a valid id: " + quoted(text));
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
ApiError unsupported_media_type(std::string_view type) {
  return ApiError(415, "UnsupportedMediaType", "The request body must be JSON, not " + quoted(type));
}
ApiError unsupported_encoding(std::string_view header, std::string_view value) {
  return ApiError(415, "UnsupportedMediaType",
                  "The request body cannot be read with " + std::string(header) + ": " + std::string(value));
}
ApiError partial_body(std::string_view header, std::string_view value) {
  return malformed_body("it is a part only, by " + std::string(header) + ": " + std::string(value));
}
ApiError image_stream(std::string_view reason) {
  return bad_request("ImageStream", "The images cannot be read: " + std::string(reason));
}
ApiError body_too_large() {
  return bad_request("ImageSizeBytes", "The request body is too large");
}
ApiError too_many_items(std::string_view what, std::size_t limit) {
  return bad_request("ExceededBatchSize", "More than " + std::to_string(limit) + ' ' + std::string(what));
}

// Emulator: codes of their own for images and predictions; which operation raises which is not on record.
ApiError too_many_ids(std::string_view parameter, std::size_t limit) {
  const std::string message = "More than " + std::to_string(limit) + ' ' + std::string(parameter);
  if (parameter == "imageIds") return bad_request("ImageExceededCount", message);
  if (parameter == "ids") return bad_request("PredictionIdsExceededCount", message);
  return too_many_items(parameter, limit);
}

ApiError project_limit(std::int64_t limit) {
  return bad_request("ExceedProjectLimit", "The resource may hold " + std::to_string(limit) + " projects");
}
ApiError tag_limit(std::int64_t limit) {
  return bad_request("ExceedTagPerProjectLimit", "A project may have " + std::to_string(limit) + " tags");
}
ApiError iteration_limit(std::int64_t limit) {
  return bad_request("ExceedIterationPerProjectLimit",
                     "A project may have " + std::to_string(limit) + " iterations");
}
ApiError prediction_quota(std::int64_t limit) {
  return bad_request("ExceededQuota", "The resource may predict " + std::to_string(limit) + " times a month");
}

ApiError project_name_missing() {
  return bad_request("ProjectName", "A project needs a name");
}
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
ApiError project_is_importing() {
  return bad_request("WorkspaceCannotBeModified", "The project cannot be changed while it is being imported");
}
ApiError augmentation_method(std::string_view name) {
  return bad_request("ProjectImagePreprocessingSettings",
                     "Not one of the augmentation methods, or neither true nor false: " + quoted(name));
}
ApiError storage_uri_refused(std::string_view parameter, std::string_view uri, std::string_view reason) {
  return bad_request("InvalidUri", std::string(parameter) + ' ' + quoted(uri) + ": " + std::string(reason));
}

ApiError tag_name_missing() {
  return bad_request("TagName", "A tag needs a name");
}
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

ApiError no_valid_image_files() {
  return bad_request("ImageBatch", "No valid image files");
}  // text on record
ApiError unknown_image_tags() {
  return bad_request("ImageTags", "Invalid tag ids");
}
ApiError illegal_region() {
  return bad_request("ImageRegions", "Illegal region");
}  // text on record
ApiError negative_and_regular_tag(const Uuid& image) {
  return bad_request("NegativeAndRegularTagOnSameImage",
                     "A negative tag and another tag cannot be on the same image: " + image.text());
}
ApiError metadata_key(std::string_view key, std::size_t limit) {
  return bad_request("ImageMetadataKey",
                     "A metadata key has 1 to " + std::to_string(limit) + " letters: " + quoted(key));
}
ApiError metadata_value(std::string_view key, std::size_t limit) {
  return bad_request("ImageMetadataValue", "The metadata value of " + quoted(key) + " has more than " +
                                               std::to_string(limit) + " letters");
}
ApiError metadata_filter(std::string_view reason) {
  return bad_request("Invalid", "The value of $filter is not valid: " + std::string(reason));
}
ApiError artifact_uri(std::string_view path) {
  return bad_request("InvalidArtifactUri", "This is no artifact of the project: " + quoted(path));
}

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

ApiError email_address(std::string_view text) {
  return bad_request("InvalidEmailAddress", "This is not an email address: " + quoted(text));
}
ApiError export_platform_in_advanced_training(std::string_view platform) {
  return bad_request("ExportPlatformNotSupportedForAdvancedTraining",
                     "Advanced training cannot train for the export platform " + std::string(platform));
}
ApiError base_model_not_completed() {
  return bad_request("CustomBaseModelIterationStatusNotCompleted",
                     "The base model's iteration is not completed");
}
ApiError base_model_of_another_domain() {
  return bad_request("CustomBaseModelDomainNotCompatible", "The base model was trained on another domain");
}

ApiError iteration_not_trained() {
  return bad_request("IterationIsNotTrained", "The iteration is not trained");
}
ApiError iteration_name_missing() {
  return bad_request("IterationName", "An iteration needs a name");
}
ApiError iteration_name_taken(std::string_view name) {
  return bad_request("IterationNameNotUnique", "Name not unique: " + std::string(name));
}
ApiError iteration_in_training() {
  return bad_request("WorkspaceNotDeletable", "An iteration cannot be deleted while it is training");
}
ApiError iteration_is_published(std::string_view publish_name) {
  return bad_request("IterationIsPublished",
                     "Iteration is already published as: " + std::string(publish_name));  // text on record
}
ApiError iteration_not_published() {
  return bad_request("IterationNotPublished", "The iteration is not published");
}
ApiError publish_name_taken(std::string_view name) {
  return bad_request("InvalidPublishName",
                     "Another iteration is published under this name: " + std::string(name));
}
ApiError publish_target(std::string_view resource) {
  return bad_request(
      "InvalidPublishTarget",
      "predictionId is not a resource id such as /subscriptions/{id}/resourceGroups/{name}/providers/"
      "Microsoft.CognitiveServices/accounts/{name}: " +
          quoted(resource));
}

ApiError export_not_supported(std::string_view reason) {
  return bad_request("ExportValidationFailed", std::string(reason));
}
ApiError export_already_queued(const Uuid& iteration) {
  return bad_request("ExportAlreadyInProgress",
                     iteration.text() + " is already queued for export");  // on record
}

ApiError image_format(const Uuid& image) {
  return bad_request("ImageFormat", "Bad Request Image Format, Uri: " + image.compact());  // text on record
}
ApiError image_too_large() {
  return bad_request("ImageSizeBytes", "The image has too many bytes");
}
ApiError image_dimensions() {
  return bad_request("ImageDimensions", "The image is too large, or too long for its width");
}
ApiError image_aspect_ratio() {
  return bad_request("ImageAspectRatio", "The image's longer side is more than 25 times its shorter one");
}
ApiError image_url(std::string_view url) {
  return bad_request("ImageUrl", "The image cannot be fetched: " + quoted(url));
}
// Emulator: the service's code is not on record.
ApiError wrong_project_kind() {
  return bad_request("NotSupported",
                     "The iteration is of the other kind: classification or object detection");
}
ApiError no_default_iteration() {
  return not_found("ProjectDefaultIteration",
                   "The project has no default iteration; name one with iterationId");
}
ApiError performance_not_found() {
  return not_found("IterationPerformance", "The iteration has no performance: it is not trained");
}
ApiError prediction_query(std::string_view reason) {
  return bad_request("PredictionInvalidQueryParameters", std::string(reason));
}
ApiError prediction_ids_missing() {
  return bad_request("PredictionIdsMissing", "Required parameter is missing: ids");
}
ApiError too_many_prediction_tags(std::size_t limit) {
  return bad_request("PredictionTagsExceededCount", "More than " + std::to_string(limit) + " tags");
}
ApiError too_many_predictions(std::int64_t limit) {
  return bad_request("PredictionResultsExceededCount", "maxCount is 0 to " + std::to_string(limit));
}
ApiError prediction_rule(std::string_view tag) {
  return ApiError(500, "ErrorPrediction",
                  "A prediction rule names a tag that the iteration was not trained on: " + quoted(tag));
}

ApiError export_while_training() {
  return bad_request("ExportWhileTraining", "A project cannot be exported while it is training");
}
ApiError import_token() {
  return bad_request("InvalidImportToken", "Invalid Token");
}  // the guide's wording

ApiError disk_full() {
  return ApiError(500, "ErrorUnknown", "The disk of the emulator is full");
}
ApiError likely(int status) {
  switch (status) {
    case 400:
      return ApiError(400, "BadRequest", "The request is not valid.");
    case 401:
      return access_denied();
    case 404:
      return route_not_found();
    case 429:
      return throttled({});
    case 503:
      return ApiError(503, "ServiceUnavailable", "The service is temporarily unavailable.");
  }
  ApiError error = unexpected();
  error.status = status;
  return error;
}
ApiError throttled(std::optional<std::int64_t> seconds) {
  ApiError error(429, "429", "Rate limit is exceeded. Try again later.");
  if (!seconds) return error;
  error.message = "Rate limit is exceeded. Try again in " + std::to_string(*seconds) + " seconds.";
  error.headers.set("Retry-After", std::to_string(*seconds));
  return error;
}
bool is_from_gateway(const ApiError& error) {
  return error.code == std::to_string(error.status);
}
ApiError unavailable() {
  return ApiError(503, "ErrorUnknown", "The emulator's state was replaced while this was under way");
}
ApiError unexpected() {
  return ApiError(500, "ErrorUnknown", "The emulator failed; see its log");
}

}  // namespace cvemu::customvision::errors
