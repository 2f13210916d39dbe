// Both storage services in memory, with an account whose key is known and a clock that stands still.
#pragma once
#include <string>

#include "base/times.h"
#include "blob/service.h"
#include "queue/service.h"
#include "storage/test_service.h"
#include "target.h"

namespace cvemu::fuzz {

class NoNetwork : public Transport {
 public:
  Response receive(const Url&, Request, std::string, const TakePiece&) override {
    throw TransportError("there is no network");
  }
};

struct StorageServices : testing::ServiceBench {
  NoNetwork network;
  blob::BlobService blob;
  queue::QueueService queue;

  StorageServices()
      : ServiceBench(*times::parse_iso("2096-06-15T12:00:00Z")),
        blob(database, ids, network, accounts, {{}, {}, false, "cvemu-Blob"}, [](Transaction&) {}),
        queue(database, ids, accounts, {{}, {}, false, "cvemu-Queue"}, [](Transaction&) {}) {}

  using Fields = std::initializer_list<std::pair<std::string_view, std::string_view>>;

  // `target` without the account, signed.
  Response send(Service& service, Method method, std::string_view target, Fields fields = {},
                std::string body = {}) {
    Request request = testing::make_request(method, "/devstoreaccount1" + std::string(target),
                                            "127.0.0.1:10000", {fields.begin(), fields.size()}, body.size());
    return serve(service, signed_request(std::move(request)), std::move(body));
  }

  // Something of each kind, to be found by requests.
  void fill() {
    make(blob, Method::Put, "/con?restype=container", {{"x-ms-meta-colour", "red"}});
    make(blob, Method::Put, "/con/small",
         {{"x-ms-blob-type", "BlockBlob"}, {"x-ms-meta-a", "1"}, {"x-ms-tags", "k=v"}}, "some bytes");
    make(blob, Method::Put, "/con/large", {{"x-ms-blob-type", "BlockBlob"}}, std::string(100'000, 'x'));
    make(blob, Method::Put, "/con/pages",
         {{"x-ms-blob-type", "PageBlob"}, {"x-ms-blob-content-length", "1024"}});
    make(blob, Method::Put, "/con/log", {{"x-ms-blob-type", "AppendBlob"}});
    make(queue, Method::Put, "/que", {{"x-ms-meta-colour", "red"}});
    make(queue, Method::Post, "/que/messages", {},
         "<QueueMessage><MessageText>hello</MessageText></QueueMessage>");
  }

  // An exception is no finding.
  void try_blob(Method method, std::string_view target) { try_send(blob, method, target); }
  void try_queue(Method method, std::string_view target) { try_send(queue, method, target); }

 private:
  void make(Service& service, Method method, std::string_view target, Fields fields, std::string body = {}) {
    expect(send(service, method, target, fields, std::move(body)).status == 201,
           "what is to be found is made");
  }
  void try_send(Service& service, Method method, std::string_view target) {
    try {
      Response response = send(service, method, target);
      take_body(response);
    } catch (const std::exception&) {
      return;
    }
  }
};

}  // namespace cvemu::fuzz
