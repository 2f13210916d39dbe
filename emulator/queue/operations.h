// The operations of the Queue service and what they have in common. Rows leave out the account, which is part
// of the host name or of the path: the service adds it to the path's parameters as "account".
#pragma once
#include <span>
#include <string_view>
#include <vector>

#include "db/database.h"
#include "http/service.h"
#include "queue/service.h"
#include "storage/service_properties.h"
#include "store/queue/queues.h"

namespace cvemu::queue {

using Rows = std::span<const Operation<State>>;
Rows queue_operations();
Rows message_operations();
Rows property_operations();

std::string_view queue_name(const RequestContext& context);  // throws if no queue can have it

// The queue of the request, with what has expired removed; commit to keep that. Throws 404 QueueNotFound.
Queue open_queue(Transaction& tx, const State& state, const RequestContext& context);

// Those set for the account, or the defaults.
ServiceProperties load_properties(Transaction& tx, std::string_view account);

}  // namespace cvemu::queue
