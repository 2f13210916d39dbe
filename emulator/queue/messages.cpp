#include "store/queue/messages.h"
#include "storage/limits.h"

#include <array>

#include "base/text.h"
#include "base/times.h"
#include "queue/operations.h"
#include "storage/errors.h"
#include "storage/headers.h"
#include "storage/xml.h"
#include "storage/xml_bodies.h"

namespace cvemu::queue {

namespace limits = storage_limits;

namespace {

using std::chrono::seconds;

// --- pop receipts -----------------------------------------------------------------------------------------
// Base64 of the receipt number and of a second form of it, which tells a receipt from noise.

constexpr std::uint64_t kReceiptMark = 0x706f702072636570;
constexpr std::size_t kReceiptBytes = 16;

std::string receipt_text(std::uint64_t receipt) {
  const auto bytes = Uuid(scramble(receipt, kReceiptMark), receipt).bytes();
  return base64_encode({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

std::optional<std::uint64_t> parse_receipt(std::string_view text) {
  const auto decoded = base64_decode(text);
  if (!decoded || decoded->size() != kReceiptBytes) return std::nullopt;
  std::array<std::uint8_t, kReceiptBytes> bytes;
  std::copy(decoded->begin(), decoded->end(), bytes.begin());
  const Uuid halves(bytes);
  if (halves.high() != scramble(halves.low(), kReceiptMark)) return std::nullopt;
  return halves.low();
}

// Azure: what is no receipt at all is a bad parameter; only a receipt that is no longer valid is a mismatch.
std::uint64_t read_receipt(const Query& query) {
  const std::string_view text = required_query(query, "popreceipt");
  const auto receipt = parse_receipt(text);
  if (!receipt)
    throw storage_errors::invalid_query_parameter("popreceipt", text, "Invalid pop receipt format.");
  return *receipt;
}

// --- parameters -------------------------------------------------------------------------------------------

seconds read_visibility(const Query& query, std::int64_t least, std::int64_t otherwise) {
  return seconds(query_int(query, "visibilitytimeout", {least, limits::kVisibility}).value_or(otherwise));
}

std::int64_t read_count(const Query& query) {
  return query_int(query, "numofmessages", {1, limits::kMessagesPerRequest}).value_or(1);
}

// Azure: -1 is for ever; since version 2017-07-29 there is no upper limit.
Instant read_expiry(const Query& query, Instant now) {
  const std::int64_t ttl = query_int(query, "messagettl").value_or(limits::kDefaultTtl);
  if (ttl == limits::kForever) return times::kNever;
  if (ttl < 1 || ttl > limits::kTtl)
    throw storage_errors::invalid_query_parameter("messagettl", query.find("messagettl").value_or(""),
                                                  "Must be -1 or a positive number of seconds.");
  return now + seconds(ttl);
}

NewMessage read_times(const RequestContext& context) {
  const Instant now = context.at();
  const Instant expires_at = read_expiry(context.query(), now);
  const Instant visible_at = now + read_visibility(context.query(), 0, 0);
  if (visible_at >= expires_at)
    throw storage_errors::invalid_query_parameter("visibilitytimeout",
                                                  context.query().find("visibilitytimeout").value_or(""),
                                                  "messagettl must be greater than visibilitytimeout.");
  return {{}, now, expires_at, visible_at, 0};
}

std::string read_text(std::string_view document) {
  std::string text = read_queue_message(document);
  if (text.size() > limits::kMessageText) throw storage_errors::request_body_too_large(limits::kMessageText);
  return text;
}

// The message that the path names. Azure: an id that is no GUID is not found, like any other stranger.
Uuid message_id(const RequestContext& context) {
  const auto id = Uuid::parse(context.path.get("id"));
  if (!id) throw storage_errors::message_not_found();
  return *id;
}

void expect_done(messages::Outcome outcome) {
  if (outcome == messages::Outcome::NotFound) throw storage_errors::message_not_found();
  if (outcome == messages::Outcome::WrongReceipt) throw storage_errors::pop_receipt_mismatch();
}

// --- answers ----------------------------------------------------------------------------------------------

enum class Shape { Put, Get, Peek };

void write_message(XmlWriter& xml, const Message& message, Shape shape) {
  xml.open("QueueMessage");
  xml.element("MessageId", message.id.text());
  xml.element("InsertionTime", times::rfc1123(message.inserted_at));
  xml.element("ExpirationTime", times::rfc1123(message.expires_at));
  if (shape != Shape::Peek) {
    xml.element("PopReceipt", receipt_text(message.receipt));
    xml.element("TimeNextVisible", times::rfc1123(message.visible_at));
  }
  if (shape != Shape::Put) {
    xml.number("DequeueCount", message.dequeue_count);
    xml.element("MessageText", message.text);
  }
  xml.close("QueueMessage");
}

Response message_list(std::span<const Message> found, Shape shape, int status = 200) {
  constexpr std::size_t kSizeWithoutText = 450;
  std::size_t size = 150;
  for (const Message& message : found) size += kSizeWithoutText + message.text.size();
  XmlWriter xml(size);
  if (found.empty()) {
    Response response = xml_response(xml.empty("QueueMessagesList").take(), status);
    response.shows_pending = true;
    return response;
  }
  xml.open("QueueMessagesList");
  for (const Message& message : found) write_message(xml, message, shape);
  return xml_response(xml.close("QueueMessagesList").take(), status);
}

// --- operations -------------------------------------------------------------------------------------------

Response put_message(State& state, RequestContext& context) {
  NewMessage message = read_times(context);
  const std::string text = read_text(read_body(context, limits::kMessageDocument));
  message.text = text;
  message.receipt = state.ids.number();
  Uuid id;
  {
    Transaction tx(state.database);
    Queue queue = open_queue(tx, state, context);
    id = messages::put(tx, queue, message, state.ids.number());
    tx.commit();
  }
  const Message stored{id, message.inserted_at, message.expires_at, message.visible_at, 0, message.receipt,
                       {}};
  return message_list({&stored, 1}, Shape::Put, 201);
}

Response get_messages(State& state, RequestContext& context) {
  const std::int64_t limit = read_count(context.query());
  const Instant hidden_until = context.at() + read_visibility(context.query(), 1, limits::kDefaultVisibility);
  std::vector<Message> found;
  {
    Transaction tx(state.database);
    const Queue queue = open_queue(tx, state, context);
    found = messages::get(tx, queue, limit, context.at(), hidden_until, state.ids);
    tx.commit();
  }
  return message_list(found, Shape::Get);
}

Response peek_messages(State& state, RequestContext& context) {
  const std::int64_t limit = read_count(context.query());
  std::vector<Message> found;
  {
    Transaction tx(state.database);
    const Queue queue = open_queue(tx, state, context);
    found = messages::peek(tx, queue, limit, context.at());
    tx.commit();
  }
  return message_list(found, Shape::Peek);
}

// Azure: a request without a body keeps the text; with one, also an empty text replaces it.
Response update_message(State& state, RequestContext& context) {
  required_query(context.query(), "visibilitytimeout");
  const std::uint64_t receipt = read_receipt(context.query());
  const std::string document = read_body(context, limits::kMessageDocument);
  messages::MessageUpdate change{
      context.at() + read_visibility(context.query(), 0, 0), state.ids.number(), {}};
  std::string text;
  if (!document.empty()) change.text = text = read_text(document);
  {
    Transaction tx(state.database);
    const Queue queue = open_queue(tx, state, context);
    expect_done(messages::update(tx, queue, message_id(context), receipt, change));
    tx.commit();
  }
  Response response{204, {}, {}};
  response.headers.add("x-ms-popreceipt", receipt_text(change.receipt));
  response.headers.add("x-ms-time-next-visible", times::rfc1123(change.visible_at));
  return response;
}

Response delete_message(State& state, RequestContext& context) {
  const std::uint64_t receipt = read_receipt(context.query());
  Transaction tx(state.database);
  Queue queue = open_queue(tx, state, context);
  expect_done(messages::remove(tx, queue, message_id(context), receipt));
  tx.commit();
  return {204, {}, {}};
}

Response clear_messages(State& state, RequestContext& context) {
  Transaction tx(state.database);
  Queue queue = open_queue(tx, state, context);
  if (queues::clear(tx, queue)) state.request_garbage_collection(tx);
  tx.commit();
  return {204, {}, {}};
}

}  // namespace

// Azure: account SAS for single messages and for clearing asks for the object type (documentation); Azurite
// asks for the container type. Both are taken.
constexpr Operation<State> kMessageOperations[] = {
    {{"PutMessage", Method::Post, "/{queue}/messages", "", {.resource = "o", .account = "a", .service = "a"}},
     put_message},
    {{"GetMessages", Method::Get, "/{queue}/messages", "", {.resource = "o", .account = "p", .service = "p"}},
     get_messages},
    {{"PeekMessages",
      Method::Get,
      "/{queue}/messages?peekonly=true",
      "",
      {.resource = "o", .account = "r", .service = "r"}},
     peek_messages},
    {{"ClearMessages", Method::Delete, "/{queue}/messages", "", {.resource = "oc", .account = "d"}},
     clear_messages},
    {{"UpdateMessage",
      Method::Put,
      "/{queue}/messages/{id}",
      "",
      {.resource = "oc", .account = "u", .service = "u"}},
     update_message},
    {{"DeleteMessage",
      Method::Delete,
      "/{queue}/messages/{id}",
      "",
      {.resource = "oc", .account = "p", .service = "p"}},
     delete_message},
};
Rows message_operations() {
  return kMessageOperations;
}

}  // namespace cvemu::queue
