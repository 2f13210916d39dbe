// Predictions that were kept: looked through and deleted.
#include <algorithm>
#include <map>

#include "base/text.h"
#include "customvision/api/request_reader.h"
#include "customvision/files.h"
#include "customvision/limits.h"
#include "customvision/wire/query_tokens.h"
#include "customvision/wire/wire_predictions.h"
#include "store/customvision/predictions.h"

namespace cvemu::customvision {

namespace {

using Order = PredictionFilter::Order;

// Emulator: what "Suggested" means is not on record; here, those a model was least sure of come first.
Order order_of(const wire::PredictionQuery& query) {
  const std::string name = query.order_by.value_or("Newest");
  if (name.empty() || iequals(name, "Newest")) return Order::Newest;
  if (iequals(name, "Oldest")) return Order::Oldest;
  if (iequals(name, "Suggested")) return Order::MostUncertain;
  throw errors::invalid_parameter("orderBy", name);
}

std::string_view name_of(Order order) {
  if (order == Order::Newest) return "Newest";
  return order == Order::Oldest ? "Oldest" : "Suggested";
}

// Emulator: two tags must both be predicted within their limits.
bool has_tags(const StoredPrediction& stored, const std::vector<wire::TagThreshold>& wanted) {
  const wire::Predictions predictions = wire::read_predictions(stored.predictions);
  return std::all_of(wanted.begin(), wanted.end(), [&](const wire::TagThreshold& tag) {
    return std::any_of(predictions.begin(), predictions.end(), [&](const wire::Prediction& one) {
      return one.tag == tag.tag && one.probability >= tag.least && one.probability <= tag.most;
    });
  });
}

PredictionFilter filter_of(const wire::PredictionQuery& query) {
  PredictionFilter filter;
  filter.order = order_of(query);
  filter.iteration = query.iteration;
  filter.start = query.start;
  filter.end = query.end;
  if (query.application && !query.application->empty()) filter.application = query.application;
  filter.after = read_continuation(query.continuation);
  if (query.tags && !query.tags->empty())
    filter.accepts = [tags = *query.tags](const StoredPrediction& stored) { return has_tags(stored, tags); };
  return filter;
}

struct Page {
  std::vector<StoredPrediction> results;
  std::map<Uuid, Uuid> domains;  // of their iterations
};

Page read_page(CustomVision& state, RequestContext& context, const PredictionFilter& filter,
               std::size_t count) {
  Page page;
  Transaction tx(state.environment.database);
  const Project project = require_project(tx, context);
  page.results = predictions::list(tx, project.id, filter, count);
  for (const StoredPrediction& stored : page.results) {
    const auto [entry, is_new] = page.domains.try_emplace(stored.iteration, project.settings.domain);
    if (!is_new) continue;
    if (const auto iteration = iterations::find(tx, project.id, stored.iteration))
      entry->second = iteration->domain;
  }
  return page;
}

Response query_predictions(CustomVision& state, RequestContext& context) {
  wire::PredictionQuery query = wire::read_prediction_query(json_body(context));
  if (query.tags && query.tags->size() > limits::kTagsPerPredictionQuery)
    throw errors::too_many_prediction_tags(limits::kTagsPerPredictionQuery);
  const PredictionFilter filter = filter_of(query);
  const std::size_t count = page_size(query.max_count);
  Page page = read_page(state, context, filter, count + 1);
  // Azure: the query comes back with a session and, while there is more, a continuation (recorded).
  query.session = session_of(state, query.session);
  query.order_by = name_of(filter.order);
  query.continuation.reset();
  if (page.results.size() > count) {
    page.results.pop_back();
    const StoredPrediction& last = page.results.back();
    query.continuation = to_continuation({last.created, last.uncertainty, last.id});
  }
  const wire::PredictionForm form{version_of(context) >= ApiVersion::V3_3,
                                  version_of(context) == ApiVersion::V3_0};
  JsonWriter json;
  wire::write(json.begin_object().key("token"), query);
  json.key("results").begin_array();
  for (const StoredPrediction& stored : page.results)
    wire::write(json, stored, state.files.prediction_links(context.exchange, stored),
                page.domains.at(stored.iteration), form);
  json.end_array().end_object();
  return json_response(json);
}

// Emulator: ids nobody knows are passed over; the service's answer is not on record.
Response delete_prediction(CustomVision& state, RequestContext& context) {
  const std::vector<Uuid> ids = query_ids(context, "ids", limits::kPredictionsPerDelete);
  if (ids.empty()) throw errors::prediction_ids_missing();
  Transaction tx(state.environment.database);
  const Project project = require_project(tx, context);
  for (const Uuid& id : ids)
    if (predictions::remove(tx, project.id, id)) state.files.remove_prediction(tx, project.id, id);
  tx.commit();
  return no_content();
}

}  // namespace

std::span<const Operation<CustomVision>> stored_prediction_operations() {
  static constexpr Operation<CustomVision> operations[] = {
      {{"QueryPredictions",
        Method::Post,
        "/customvision/{version}/training/projects/{projectId}/predictions/query",
        "",
        {.key = Access::Key::Training, .since = "v3.0"}},
       query_predictions},
      {{"DeletePrediction",
        Method::Delete,
        "/customvision/{version}/training/projects/{projectId}/predictions",
        "",
        {.key = Access::Key::Training, .since = "v3.0"}},
       delete_prediction},
  };
  return operations;
}

}  // namespace cvemu::customvision
