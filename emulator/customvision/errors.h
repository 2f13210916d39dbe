// Everything that a Custom Vision call can fail with: code, status and text stand here and nowhere else.
// Azure: codes are those of CustomVisionErrorCodes; texts marked "on record" in errors.cpp were seen on the
// wire or in public reports, the others are our own words.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "base/ids.h"
#include "http/message.h"

namespace cvemu::customvision::errors {

// The gateway in front of the service answers these in shapes of its own.
ApiError access_denied();
ApiError route_not_found();
ApiError too_many_calls();

ApiError project_not_found(const Uuid& id);
ApiError tag_not_found(const Uuid& id);
ApiError image_not_found(const Uuid& id);
ApiError iteration_not_found();
ApiError domain_not_found(const Uuid& id);

ApiError invalid_id(std::string_view parameter, std::string_view text);
ApiError required_parameter(std::string_view name);
ApiError invalid_parameter(std::string_view name, std::string_view text);
ApiError malformed_body(std::string_view reason);
ApiError unsupported_media_type(std::string_view type);
ApiError unsupported_encoding(std::string_view header, std::string_view value);
ApiError partial_body(std::string_view header, std::string_view value);
ApiError image_stream(std::string_view reason);
ApiError body_too_large();
ApiError too_many_items(std::string_view what, std::size_t limit);
ApiError too_many_ids(std::string_view parameter, std::size_t limit);

ApiError project_limit(std::int64_t limit);
ApiError tag_limit(std::int64_t limit);
ApiError iteration_limit(std::int64_t limit);
ApiError prediction_quota(std::int64_t limit);

ApiError project_name_missing();
ApiError unknown_domain(std::string_view text);
ApiError unknown_classification(std::string_view text);
ApiError unsupported_export_platform(std::string_view text);
ApiError domain_type_change();
ApiError project_has_published_iteration();
ApiError project_is_importing();
ApiError augmentation_method(std::string_view name);
// Which URI, and what happened when it was tried.
ApiError storage_uri_refused(std::string_view parameter, std::string_view uri, std::string_view reason);

ApiError tag_name_missing();
ApiError tag_name_taken(std::string_view name);
ApiError unknown_tag_type(std::string_view text);
ApiError second_negative_tag();
ApiError second_general_product_tag();

ApiError no_valid_image_files();
ApiError unknown_image_tags();
ApiError illegal_region();
ApiError negative_and_regular_tag(const Uuid& image);
ApiError metadata_key(std::string_view key, std::size_t limit);
ApiError metadata_value(std::string_view key, std::size_t limit);
ApiError metadata_filter(std::string_view reason);
ApiError artifact_uri(std::string_view path);

ApiError training_in_progress();
ApiError training_not_needed();
ApiError not_enough_tags(std::string_view code);
ApiError not_enough_images(std::string_view code);
ApiError negative_tag_in_detection();
ApiError unknown_training_type(std::string_view text);
ApiError reserved_budget_missing();

ApiError email_address(std::string_view text);
ApiError export_platform_in_advanced_training(std::string_view platform);
ApiError base_model_not_completed();
ApiError base_model_of_another_domain();

ApiError iteration_not_trained();
ApiError iteration_name_missing();
ApiError iteration_name_taken(std::string_view name);
ApiError iteration_in_training();
ApiError iteration_is_published(std::string_view publish_name);
ApiError iteration_not_published();
ApiError publish_name_taken(std::string_view name);
ApiError publish_target(std::string_view resource);

ApiError export_not_supported(std::string_view reason);
ApiError export_already_queued(const Uuid& iteration);

// Endpoints of prediction. `image` stands in the text.
ApiError image_format(const Uuid& image);
ApiError image_too_large();
ApiError image_dimensions();
ApiError image_aspect_ratio();
ApiError image_url(std::string_view url);
ApiError wrong_project_kind();
ApiError no_default_iteration();
ApiError performance_not_found();
ApiError prediction_query(std::string_view reason);
ApiError prediction_ids_missing();
ApiError too_many_prediction_tags(std::size_t limit);
ApiError too_many_predictions(std::int64_t limit);
// A rule set by a test names a tag that the iteration does not know.
ApiError prediction_rule(std::string_view tag);

ApiError export_while_training();
ApiError import_token();

ApiError disk_full();
ApiError unexpected();
ApiError likely(int status);  // the code that clients are most likely to meet with it
ApiError throttled(std::optional<std::int64_t> seconds);  // after how many to try again, if it is to be said
// Azure: the gateway before the service answers 401, 404 and 429 in shapes of its own (recorded). Its codes
// are the statuses.
bool is_from_gateway(const ApiError& error);
ApiError unavailable();  // a reset or restore overtook the request

}  // namespace cvemu::customvision::errors
