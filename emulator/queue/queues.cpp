#include "queue/operations.h"
#include "storage/errors.h"
#include "storage/headers.h"
#include "storage/limits.h"
#include "storage/metadata.h"
#include "storage/names.h"
#include "storage/xml.h"
#include "storage/xml_bodies.h"
#include "store/string_map.h"

namespace cvemu::queue {

namespace limits = storage_limits;

namespace {

// Emulator: the marker is the name after which the next page begins, so that queues that come and go between
// two pages neither hide nor repeat another one.
std::string_view checked_marker(const Query& query) {
  const std::string_view marker = query.find("marker").value_or("");
  try {
    if (!marker.empty()) check_queue_name(marker);
  } catch (const ApiError&) {
    throw storage_errors::invalid_marker(marker);
  }
  return marker;
}

struct Listing {
  std::string_view prefix, marker;
  std::int64_t page_size;
  bool with_metadata;
};

Listing read_listing(const Query& query) {
  return {query.find("prefix").value_or(""), checked_marker(query), max_results(query),
          !include_items(query, {"metadata"}).empty()};
}

void write_queue(XmlWriter& xml, const ListedQueue& queue, bool with_metadata) {
  xml.open("Queue").element("Name", queue.name);
  if (with_metadata) xml.metadata(unpack(queue.metadata));
  xml.close("Queue");
}

Response list_queues(State& state, RequestContext& context) {
  const Listing asked = read_listing(context.query());
  std::vector<ListedQueue> found;
  {
    Transaction tx(state.database);
    found = queues::list(tx, account_of(context), asked.prefix, asked.marker, asked.page_size + 1);
  }
  const bool more = found.size() > static_cast<std::size_t>(asked.page_size);
  if (more) found.pop_back();

  const Address address = resolve_address(context.exchange, state.accounts, state.addressing);
  XmlWriter xml(512 + 64 * found.size());
  xml.open("EnumerationResults", {{"ServiceEndpoint", endpoint_of(context.exchange, address)}});
  xml.element("Prefix", asked.prefix);
  if (!asked.marker.empty()) xml.element("Marker", asked.marker);
  if (context.query().has("maxresults")) xml.number("MaxResults", asked.page_size);
  xml.open("Queues");
  for (const ListedQueue& queue : found) write_queue(xml, queue, asked.with_metadata);
  xml.close("Queues");
  xml.element("NextMarker", more ? found.back().name : std::string_view());
  return xml_response(xml.close("EnumerationResults").take());
}

// Azure: creating what is there already is fine as long as the metadata says the same.
Response create_queue(State& state, RequestContext& context) {
  const std::string_view name = queue_name(context);
  const Metadata metadata = read_metadata(context.headers());
  Transaction tx(state.database);
  if (const auto existing = queues::find(tx, account_of(context), name)) {
    if (!same_metadata(unpack(queues::metadata(tx, *existing)), metadata))
      throw storage_errors::queue_already_exists();
    return {204, {}, {}};
  }
  queues::insert(tx, account_of(context), name, pack(metadata));
  tx.commit();
  return {201, {}, {}};
}

// Emulator: the name is free again at once. (Azure: QueueBeingDeleted for half a minute or more.)
Response delete_queue(State& state, RequestContext& context) {
  Transaction tx(state.database);
  const Queue queue = open_queue(tx, state, context);
  if (queues::remove(tx, queue)) state.request_garbage_collection(tx);
  tx.commit();
  return {204, {}, {}};
}

Response get_queue_metadata(State& state, RequestContext& context) {
  Transaction tx(state.database);
  const Queue queue = open_queue(tx, state, context);
  Response response;
  write_metadata(response.headers, unpack(queues::metadata(tx, queue)));
  response.headers.add("x-ms-approximate-messages-count", std::to_string(queue.message_count));
  tx.commit();
  return response;
}

Response set_queue_metadata(State& state, RequestContext& context) {
  const Metadata metadata = read_metadata(context.headers());
  Transaction tx(state.database);
  queues::set_metadata(tx, open_queue(tx, state, context), pack(metadata));
  tx.commit();
  return {204, {}, {}};
}

Response get_queue_acl(State& state, RequestContext& context) {
  Transaction tx(state.database);
  std::string acl = queues::acl(tx, open_queue(tx, state, context));
  tx.commit();
  return xml_response(acl.empty() ? write_signed_identifiers({}) : std::move(acl));
}

Response set_queue_acl(State& state, RequestContext& context) {
  const auto policies = read_signed_identifiers(read_body(context, limits::kDocument), kQueuePermissions);
  Transaction tx(state.database);
  queues::set_acl(tx, open_queue(tx, state, context),
                  policies.empty() ? std::string() : write_signed_identifiers(policies));
  tx.commit();
  return {204, {}, {}};
}

}  // namespace

constexpr Operation<State> kQueueOperations[] = {
    {{"ListQueues", Method::Get, "/?comp=list", "", {.resource = "s", .account = "l"}}, list_queues},
    {{"CreateQueue", Method::Put, "/{queue}", "", {.resource = "c", .account = "cw"}}, create_queue},
    {{"DeleteQueue", Method::Delete, "/{queue}", "", {.resource = "c", .account = "d"}}, delete_queue},
    {{"GetQueueMetadata",
      Method::Get,
      "/{queue}?comp=metadata",
      "",
      {.resource = "c", .account = "r", .service = "r"}},
     get_queue_metadata},
    {{"GetQueueMetadata",
      Method::Head,
      "/{queue}?comp=metadata",
      "",
      {.resource = "c", .account = "r", .service = "r"}},
     get_queue_metadata},
    {{"SetQueueMetadata", Method::Put, "/{queue}?comp=metadata", "", {.resource = "c", .account = "w"}},
     set_queue_metadata},
    {{"GetQueueACL", Method::Get, "/{queue}?comp=acl", "", {}}, get_queue_acl},
    {{"GetQueueACL", Method::Head, "/{queue}?comp=acl", "", {}}, get_queue_acl},
    {{"SetQueueACL", Method::Put, "/{queue}?comp=acl", "", {}}, set_queue_acl},
};
Rows queue_operations() {
  return kQueueOperations;
}

}  // namespace cvemu::queue
