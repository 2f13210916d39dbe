#include "customvision/jobs/storage_link.h"

#include "base/text.h"
#include "base/xml_text.h"
#include "storage/addressing.h"
#include "storage/shared_key.h"
#include "store/identity.h"

namespace cvemu::customvision {

namespace {

Url parse_uri(std::string_view text) {
  auto url = Url::parse(text);
  if (!url) throw LinkError("this is not an http or https URL");
  while (url->path.ends_with('/')) url->path.pop_back();
  if (url->path.empty()) throw LinkError("the URL names an account, but no queue or container");
  return *std::move(url);
}

// What the other side said: the error code of a storage answer, or the bare status.
std::string refusal(const Response& response) {
  const std::string_view code = response.headers.get("x-ms-error-code");
  return "the storage service answered " + std::to_string(response.status) +
         (code.empty() ? "" : " " + std::string(code));
}

std::string message_xml(std::string_view text) {
  std::string xml = "<QueueMessage><MessageText>";
  append_xml(xml, text, XmlQuotes::Keep);
  return xml + "</MessageText></QueueMessage>";
}

Headers with_type(std::string_view content_type) {
  Headers headers;
  headers.add("Content-Type", content_type);
  return headers;
}

}  // namespace

// A SAS speaks for itself; everything else is done in the name of the resource's identity (how-to,
// prerequisites).
void StorageLink::require_role(Role role, bool has_sas) const {
  Identity who;
  {
    Transaction tx(database_);
    who = identity::find(tx);
  }
  if (who.multi_service_resource)
    throw LinkError("the key belongs to a multi-service resource, which has no storage integration");
  if (has_sas) return;
  if (!who.managed_identity) throw LinkError("the Custom Vision resource has no managed identity");
  const bool granted = role == Role::Blobs ? who.blob_contributor : who.queue_contributor;
  if (!granted)
    throw LinkError(std::string("the managed identity lacks the role Storage ") +
                    (role == Role::Blobs ? "Blob" : "Queue") + " Data Contributor");
}

// Another server goes by wall time, wherever the emulator's clock is.
void StorageLink::sign(Request& request, const Url& url) const {
  if (const Account* account = foreign_.find(url)) {
    shared_key::sign(request, *account,
                     std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()));
    return;
  }
  const auto address = find_address(url.host, url.path, accounts_);
  const Account* account = address ? accounts_.find(address->account) : nullptr;
  if (!account) throw LinkError("the URL carries no SAS, and the emulator has no key for its account");
  shared_key::sign(request, *account, clock_.now());
}

Response StorageLink::send(Role role, Url url, Request request, std::string body) {
  request.target = url.target();
  request.headers.set("Content-Length", std::to_string(body.size()));
  const bool has_sas = Query::parse(url.query).has("sig");
  require_role(role, has_sas);
  if (has_sas) {
    request.headers.set("x-ms-version", "2021-12-02");
  } else {
    sign(request, url);
  }
  try {
    return transport_.send(url, std::move(request), std::move(body));
  } catch (const TransportError& error) {
    throw LinkError(error.what());
  }
}

void StorageLink::send_message(std::string_view queue_uri, std::string_view json, Delivery delivery) {
  Url url = parse_uri(queue_uri);
  url.path += "/messages";
  const std::string text = base64_messages_ ? base64_encode(json) : std::string(json);
  Request request{Method::Post, {}, with_type("application/xml"), std::move(delivery)};
  const Response response = send(Role::Queues, std::move(url), std::move(request), message_xml(text));
  if (response.status != 201) throw LinkError(refusal(response));
}

void StorageLink::put_blob(std::string_view container_uri, std::string_view name, std::string bytes,
                           std::string_view content_type, Delivery delivery) {
  Url url = parse_uri(container_uri);
  url.path += '/' + percent_encode(name, true);
  Request request{Method::Put, {}, with_type(content_type), std::move(delivery)};
  request.headers.add("x-ms-blob-type", "BlockBlob");
  const Response response = send(Role::Blobs, std::move(url), std::move(request), std::move(bytes));
  if (response.status != 201) throw LinkError(refusal(response));
}

void StorageLink::delete_blob(std::string_view container_uri, std::string_view name) {
  Url url = parse_uri(container_uri);
  url.path += '/' + percent_encode(name, true);
  const Response response = send(Role::Blobs, std::move(url), {Method::Delete, {}, {}}, "");
  if (response.status != 202 && response.status != 404) throw LinkError(refusal(response));
}

std::string StorageLink::blob_url(std::string_view container_uri, std::string_view name) {
  Url url = parse_uri(container_uri);
  url.path += '/' + percent_encode(name, true);
  url.query.clear();
  return url.text();
}

}  // namespace cvemu::customvision
