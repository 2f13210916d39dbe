// For tests: a Queue service in memory, and requests to it, signed with the development key.
#pragma once
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/times.h"
#include "queue/service.h"
#include "storage/test_service.h"
#include "storage/xml.h"

namespace cvemu::queue {

struct Answer {
  int status;
  Headers headers;
  std::string body;

  std::string_view header(std::string_view name) const { return headers.get(name); }
  std::string_view code() const { return headers.get("x-ms-error-code"); }
  std::string outcome() const {
    return std::to_string(status) + ' ' + std::string(code());
  }  // "404 QueueNotFound"
  XmlElement xml(std::string_view root) const { return parse_xml(body, root); }
  std::string detail(std::string_view name) const { return std::string(xml("Error").text_of(name)); }
};

using Fields = std::initializer_list<std::pair<std::string_view, std::string_view>>;

class QueueBench : public testing::ServiceBench {
 public:
  explicit QueueBench(StorageOptions options = {{}, {}, false, "cvemu-Queue"})
      : ServiceBench(kStart), service_(database, ids, accounts, std::move(options), count_collections()) {}

  // `path` follows the account: "/q?comp=metadata". Signed with the account's key.
  Answer send(Method method, std::string_view path, std::string_view body = {}, Fields fields = {}) {
    return serve(signed_request(make(method, "/devstoreaccount1" + std::string(path), fields, body.size())),
                 body);
  }
  Answer get(std::string_view path, Fields fields = {}) { return send(Method::Get, path, {}, fields); }
  Answer put(std::string_view path, std::string_view body = {}, Fields fields = {}) {
    return send(Method::Put, path, body, fields);
  }
  Answer post(std::string_view path, std::string_view body = {}) { return send(Method::Post, path, body); }
  Answer erase(std::string_view path) { return send(Method::Delete, path); }

  // As it stands: whole target, no signature.
  Answer raw(Method method, std::string_view target, std::string_view body = {}, Fields fields = {}) {
    return serve(make(method, target, fields, body.size()), body);
  }

  Answer serve(const Request& request, std::string_view body) {
    Response response = ServiceBench::serve(service_, request, std::string(body));
    return {response.status, std::move(response.headers), std::get<std::string>(std::move(response.body))};
  }

  static constexpr Instant kStart{std::chrono::hours(24 * 365 * 70)};
  int collections_requested = 0;  // how often a collection was asked for

 private:
  static Request make(Method method, std::string_view target, Fields fields, std::size_t length) {
    return testing::make_request(method, target, "127.0.0.1:10001", fields, length);
  }
  RequestGarbageCollection count_collections() {
    return [this](Transaction&) { ++collections_requested; };
  }

  QueueService service_;
};

// What Put Message and Update Message carry; `text` is XML already.
inline std::string message_body(std::string_view text) {
  return "<QueueMessage><MessageText>" + std::string(text) + "</MessageText></QueueMessage>";
}

// The messages of a QueueMessagesList.
inline std::vector<XmlElement> messages_of(const Answer& answer) {
  return answer.xml("QueueMessagesList").children;
}

}  // namespace cvemu::queue
