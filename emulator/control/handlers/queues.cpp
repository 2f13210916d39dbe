// Queues from inside: every message, hidden ones too, without the effects of reading it.
#include "base/required.h"
#include "base/text.h"
#include "base/times.h"
#include "control/context.h"
#include "control/describe.h"
#include "control/json.h"
#include "control/resolve.h"
#include "runtime/housekeeping.h"
#include "store/queue/messages.h"

namespace cvemu::control {

namespace {

constexpr std::int64_t kMostQueues = 5000;  // in one answer
constexpr std::int64_t kUsualLimit = 1000;  // messages in one answer
constexpr Duration kUsualLife =
    std::chrono::hours(24 * 7);  // Azure: a message lives seven days if nothing is said

Queue find_queue(Transaction& tx, const ControlContext& control, const PathParams& path) {
  const std::string_view account = path.get("account"), name = path.get("queue");
  require_account(control, account);
  if (auto queue = queues::find(tx, account, name)) return *queue;
  std::vector<std::string> known;
  for (const ListedQueue& queue : queues::list(tx, account, "", "", kMostQueues)) known.push_back(queue.name);
  throw unknown_name("queue", name, known);
}

Uuid id_of(const PathParams& path) {
  return Uuid::parse(path.get("id")).value_or(Uuid());
}

void require(bool found, const PathParams& path) {
  if (!found) throw not_found("No message " + std::string(path.get("id")) + " in this queue.");
}

Response list_queues(ControlContext& control, RequestContext& context) {
  const std::string_view account = context.path.get("account");
  require_account(control, account);
  Transaction tx(control.environment.database);
  Json all = Json::array();
  for (const ListedQueue& listed : queues::list(tx, account, "", "", kMostQueues))
    all.push_back(
        {{"name", listed.name},
         {"messages", required(queues::find(tx, account, listed.name), "the queue").message_count}});
  return json_response(Json{{"queues", all}});
}

Response list_messages(ControlContext& control, RequestContext& context) {
  const std::int64_t limit = whole_parameter(context.query(), "limit", kUsualLimit);
  const Instant now = context.at();
  Transaction tx(control.environment.database);
  const Queue queue = find_queue(tx, control, context.path);
  Json all = Json::array();
  for (const Message& message : messages::all(tx, queue, limit, now)) all.push_back(describe(message, now));
  return json_response(Json{{"count", queue.message_count}, {"messages", all}});
}

Response put_message(ControlContext& control, RequestContext& context) {
  const Json body = body_of(context);
  allow_only(body, {"text", "visibleIn", "expiresIn"});
  if (!body.contains("text"))
    throw bad_field("InvalidField", "A message has a text; say {\"text\": \"\"} for an empty one.", "/text");
  const std::string words = text(body, "text");
  const Instant now = context.at();
  const Instant visible_at = now + duration(body, "visibleIn").value_or(Duration(0));
  const Instant expires_at = now + duration(body, "expiresIn").value_or(kUsualLife);
  IdSource& ids = control.environment.ids;
  Transaction tx(control.environment.database);
  Queue queue = find_queue(tx, control, context.path);
  const Uuid id = messages::put(tx, queue, {words, now, expires_at, visible_at, ids.number()}, ids.number());
  tx.commit();
  return json_response(Json{{"id", id.text()}}, 201);
}

Response show_message(ControlContext& control, RequestContext& context) {
  Transaction tx(control.environment.database);
  const Queue queue = find_queue(tx, control, context.path);
  require(messages::show(tx, queue, id_of(context.path), context.at()), context.path);
  tx.commit();
  return json_response(Json::object());
}

Response expire_message(ControlContext& control, RequestContext& context) {
  Transaction tx(control.environment.database);
  Queue queue = find_queue(tx, control, context.path);
  require(messages::expire(tx, queue, id_of(context.path), context.at()), context.path);
  if (messages::remove_expired(tx, queue, context.at())) control.environment.housekeeping.wake();
  tx.commit();
  return json_response(Json::object());
}

Response delete_message(ControlContext& control, RequestContext& context) {
  Transaction tx(control.environment.database);
  Queue queue = find_queue(tx, control, context.path);
  require(messages::discard(tx, queue, id_of(context.path)), context.path);
  tx.commit();
  return json_response(Json::object());
}

}  // namespace

std::span<const Operation<ControlContext>> queue_operations() {
  static constexpr Operation<ControlContext> operations[] = {
      {{"ListAllQueues", Method::Get, "/_emulator/storage/{account}/queues"},
       list_queues,
       {"The queues of an account with the number of their messages"}},
      {{"ListAllMessages", Method::Get, "/_emulator/storage/{account}/queues/{queue}/messages"},
       list_messages,
       {"Every message, hidden ones too, raw and decoded; nothing is touched", "", "", "limit"}},
      {{"PutAnyMessage", Method::Post, "/_emulator/storage/{account}/queues/{queue}/messages"},
       put_message,
       {"Puts any text into a queue", "text, visibleIn, expiresIn",
        R"({"text": "hello", "visibleIn": "10s"})"}},
      {{"ShowMessage", Method::Post, "/_emulator/storage/{account}/queues/{queue}/messages/{id}/show"},
       show_message,
       {"Makes a hidden message visible now"}},
      {{"ExpireMessage", Method::Post, "/_emulator/storage/{account}/queues/{queue}/messages/{id}/expire"},
       expire_message,
       {"Lets a message expire now"}},
      {{"DiscardMessage", Method::Delete, "/_emulator/storage/{account}/queues/{queue}/messages/{id}"},
       delete_message,
       {"Removes a message; no receipt is needed"}},
  };
  return operations;
}

}  // namespace cvemu::control
