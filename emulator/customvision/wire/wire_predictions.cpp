#include "customvision/wire/wire_predictions.h"

#include "base/times.h"
#include "customvision/errors.h"
#include "customvision/wire/wire_parts.h"

namespace cvemu::customvision::wire {

namespace {

std::optional<Instant> instant(const Json& object, std::string_view name) {
  const auto value = text(object, name);
  if (!value || value->empty()) return std::nullopt;
  const auto parsed = times::parse_iso(*value);
  if (!parsed) wrong_type(name, "a date");
  return parsed;
}

std::optional<Uuid> optional_id(const Json& object, std::string_view name) {
  const Json* value = member(object, name);
  if (!value) return std::nullopt;
  return id(*value, name);
}

Prediction prediction(const Json& value) {
  Prediction result;
  result.probability = static_cast<float>(number(value, "probability"));
  result.tag = optional_id(value, "tagId").value_or(Uuid());
  result.tag_name = text(value, "tagName").value_or("");
  result.tag_type = text(value, "tagType").value_or("");
  if (const Json* area = object_member(value, "boundingBox")) result.box = box(*area);
  return result;
}

void write_bounding_box(JsonWriter& json, const Box& box) {
  json.key("boundingBox").begin_object();
  write_box(json, box);
  json.end_object();
}

// Azure: no boundingBox key in classification; tagType comes last (recorded).
void write_list(JsonWriter& json, const Predictions& predictions, const PredictionForm& form) {
  json.begin_array();
  for (const Prediction& one : predictions) {
    json.begin_object().field("probability", one.probability).field("tagId", one.tag.text());
    json.field("tagName", one.tag_name);
    if (one.box) write_bounding_box(json, *one.box);
    if (form.tag_types) json.field("tagType", one.tag_type);
    json.end_object();
  }
  json.end_array();
}

std::string date(Instant t, const PredictionForm& form) {
  return form.ticks ? times::iso_ticks(t) : times::iso_millis(t);
}

// The members id, project, iteration, created and predictions of an open object.
void write_members(JsonWriter& json, const ImagePrediction& p, const std::string& created,
                   const PredictionForm& form) {
  json.field("id", p.id.text()).field("project", p.project.text()).field("iteration", p.iteration.text());
  json.field("created", created).key("predictions");
  write_list(json, p.predictions, form);
}

void write_links(JsonWriter& json, const ImageLinks& links) {
  json.field("resizedImageUri", links.resized).field("thumbnailUri", links.thumbnail);
  json.field("originalImageUri", links.original);
}

void instant_or_null(JsonWriter& json, std::string_view name, const std::optional<Instant>& value) {
  text_or_null(json, name, value ? std::optional(times::iso_millis(*value)) : std::nullopt);
}

void write_score(JsonWriter& json, const learning::Score& score) {
  json.field("precision", static_cast<float>(score.precision));
  json.field("precisionStdDeviation", static_cast<float>(score.precision_deviation));
  json.field("recall", static_cast<float>(score.recall));
  json.field("recallStdDeviation", static_cast<float>(score.recall_deviation));
  json.field("averagePrecision", static_cast<float>(score.average_precision));
}

}  // namespace

std::optional<std::string> read_image_url(std::string_view body) {
  return text(parse_object(body), "url");
}

PredictionQuery read_prediction_query(std::string_view body) {
  const Json json = parse_object(body);
  PredictionQuery query;
  query.session = text(json, "session");
  query.continuation = text(json, "continuation");
  query.max_count = integer(json, "maxCount", 0);
  query.order_by = text(json, "orderBy");
  if (const Json* values = array(json, "tags")) {
    query.tags.emplace();
    for (const Json& value : *values)
      query.tags->push_back(
          {required_id(value, "id"), number(value, "minThreshold", 0), number(value, "maxThreshold", 1)});
  }
  query.iteration = optional_id(json, "iterationId");
  query.start = instant(json, "startTime");
  query.end = instant(json, "endTime");
  query.application = text(json, "application");
  return query;
}

SuggestionQuery read_suggestion_query(std::string_view body) {
  const Json json = parse_object(body);
  return {ids(json, "tagIds"),        number(json, "threshold", 0), text(json, "session"),
          text(json, "continuation"), text(json, "sortBy"),         integer(json, "maxCount", 0)};
}

Predictions read_predictions(std::string_view text) {
  const Json json = try_parse_json(text).value_or(Json());
  if (!json.is_array()) throw errors::malformed_body("it is not a list of predictions");
  Predictions predictions;
  for (const Json& value : json) predictions.push_back(prediction(value));
  return predictions;
}

std::string to_json(const Predictions& predictions) {
  JsonWriter json;
  write_list(json, predictions, {});
  return json.take();
}

void write(JsonWriter& json, const ImagePrediction& prediction, const PredictionForm& form) {
  json.begin_object();
  write_members(json, prediction, date(prediction.created, form), form);
  json.end_object();
}

void write(JsonWriter& json, const PredictionQuery& query) {
  json.begin_object();
  text_or_null(json, "session", query.session);
  text_or_null(json, "continuation", query.continuation);
  json.field("maxCount", query.max_count);
  text_or_null(json, "orderBy", query.order_by);
  if (query.tags) {
    json.key("tags").begin_array();
    for (const TagThreshold& tag : *query.tags) {
      json.begin_object().field("id", tag.tag.text()).field("minThreshold", static_cast<float>(tag.least));
      json.field("maxThreshold", static_cast<float>(tag.most)).end_object();
    }
    json.end_array();
  } else {
    json.null_field("tags");
  }
  text_or_null(json, "iterationId", query.iteration ? std::optional(query.iteration->text()) : std::nullopt);
  instant_or_null(json, "startTime", query.start);
  instant_or_null(json, "endTime", query.end);
  text_or_null(json, "application", query.application);
  json.end_object();
}

// Azure: the three links come first, and there is neither width nor height (recorded).
void write(JsonWriter& json, const StoredPrediction& p, const ImageLinks& links, const Uuid& domain,
           const PredictionForm& form) {
  json.begin_object();
  write_links(json, links);
  json.field("domain", domain.text());
  write_members(json, {p.id, p.project, p.iteration, p.created, read_predictions(p.predictions)},
                date(p.created, form), form);
  json.end_object();
}

void write(JsonWriter& json, const std::vector<TagScore>& per_tag, const learning::Score& overall) {
  json.begin_object().key("perTagPerformance").begin_array();
  for (const TagScore& one : per_tag) {
    json.begin_object().field("id", one.tag.id.text()).field("name", one.tag.name);
    write_score(json, one.score);
    json.end_object();
  }
  json.end_array();
  write_score(json, overall);
  json.end_object();
}

void write_image_performance(JsonWriter& json, const TrainingImage& image, const ImageLinks& links,
                             const Predictions& predictions, const PredictionForm& form) {
  json.begin_object().key("predictions");
  write_list(json, predictions, form);
  json.field("id", image.id.text()).field("created", times::iso_naive(image.created));
  json.field("width", image.width).field("height", image.height);
  json.field("imageUri", links.original).field("thumbnailUri", links.thumbnail);
  if (!image.tags.empty()) write_tags(json, image.tags, true);
  if (!image.regions.empty()) write_regions(json, image.regions, true);
  json.end_object();
}

void write(JsonWriter& json, const Suggestion& suggestion, const PredictionForm& form) {
  json.begin_object();
  write_members(json, suggestion.prediction, date(suggestion.prediction.created, form), form);
  json.key("predictionUncertainty").number(suggestion.uncertainty).end_object();
}

// Azure: sortBy is UncertaintyAscending if none was asked for (recorded).
void write(JsonWriter& json, const SuggestionQuery& query) {
  json.begin_object();
  id_list(json, "tagIds", query.tags);
  json.key("threshold").number(query.threshold);
  text_or_null(json, "session", query.session);
  text_or_null(json, "continuation", query.continuation);
  json.field("maxCount", query.max_count);
  text_or_null(json, "sortBy", query.sort_by);
  json.end_object();
}

// Azure: the date has the form of an image's here (recorded).
void write_stored_suggestion(JsonWriter& json, const Suggestion& suggestion, const TrainingImage& image,
                             const ImageLinks& links, const Uuid& domain, const PredictionForm& form) {
  json.begin_object().field("width", image.width).field("height", image.height);
  write_links(json, links);
  json.field("domain", domain.text());
  write_members(json, suggestion.prediction, times::iso_naive(suggestion.prediction.created), form);
  json.key("predictionUncertainty").number(suggestion.uncertainty).end_object();
}

void write(JsonWriter& json, const Uuid& project, const Uuid& image,
           const std::vector<RegionProposal>& proposals) {
  json.begin_object().field("projectId", project.text()).field("imageId", image.text());
  json.key("proposals").begin_array();
  for (const RegionProposal& proposal : proposals) {
    json.begin_object().field("confidence", proposal.confidence);
    write_bounding_box(json, proposal.box);
    json.end_object();
  }
  json.end_array().end_object();
}

}  // namespace cvemu::customvision::wire
