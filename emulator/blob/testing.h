// For tests: a blob service in memory, and requests to it, signed with the development key.
#pragma once
#include <doctest/doctest.h>

#include <initializer_list>
#include <string>

#include "blob/service.h"
#include "storage/test_service.h"

namespace cvemu::blob {

// Answers nothing: a test that needs no copies over the network.
class NoTransport : public Transport {
 public:
  Response receive(const Url&, Request, std::string, const TakePiece&) override {
    throw TransportError("there is no network");
  }
};

struct TestService : testing::ServiceBench {
  NoTransport no_transport;
  int collections_requested = 0;  // how often it was asked for
  BlobService service;

  TestService()
      : ServiceBench(Instant{std::chrono::seconds{4'000'000'000}}),
        service(database, ids, no_transport, accounts, {{}, {}, false, "cvemu-Blob"},
                [this](Transaction&) { ++collections_requested; }) {}

  using Fields = std::initializer_list<std::pair<std::string_view, std::string_view>>;

  // `target` without the account: "/c/b?comp=..."; "" for the account itself.
  Response send(Method method, std::string_view target, Fields fields = {}, std::string body = {}) {
    return serve(signed_request(unsigned_request(method, target, fields, body.size())), std::move(body));
  }
  Response put(std::string_view target, Fields fields = {}, std::string body = {}) {
    return send(Method::Put, target, fields, std::move(body));
  }
  Response get(std::string_view target, Fields fields = {}) { return send(Method::Get, target, fields); }
  Response head(std::string_view target, Fields fields = {}) { return send(Method::Head, target, fields); }
  Response remove(std::string_view target, Fields fields = {}) {
    return send(Method::Delete, target, fields);
  }

  Response anonymous(Method method, std::string_view target, Fields fields = {}, std::string body = {}) {
    return serve(unsigned_request(method, target, fields, body.size()), std::move(body));
  }

  // The two that nearly every test begins with.
  void create_container(std::string_view name = "c") {
    REQUIRE(put('/' + std::string(name) + "?restype=container").status == 201);
  }
  Response put_block_blob(std::string_view target, std::string body, Fields more = {}) {
    Request request = unsigned_request(Method::Put, target, more, body.size());
    request.headers.add("x-ms-blob-type", "BlockBlob");
    return serve(signed_request(std::move(request)), std::move(body));
  }

  void collect_garbage() {
    service.begin_garbage_collection();
    while (service.collect_garbage_slice(clock.now())) {
    }
  }

  Response serve(const Request& request, std::string body) {
    return ServiceBench::serve(service, request, std::move(body));
  }

  static Request unsigned_request(Method method, std::string_view target, Fields fields, std::size_t length) {
    return testing::make_request(method, '/' + std::string(kDevelopmentAccount) + std::string(target),
                                 "127.0.0.1:10000", fields, length);
  }
};

inline std::string body_of(const Response& response) {
  if (const auto* text = std::get_if<std::string>(&response.body)) return *text;
  std::string all;
  std::get<Stream>(response.body).produce([&](std::string_view piece) { all += piece; });
  return all;
}

inline std::string code_of(const Response& response) {
  return std::to_string(response.status) + ' ' + std::string(response.headers.get("x-ms-error-code"));
}

// The text of <name>...</name> or <name />; "-" if there is none.
inline std::string element_of(std::string_view xml, std::string_view name) {
  if (xml.find('<' + std::string(name) + " />") != std::string_view::npos) return "";
  const std::string open = '<' + std::string(name) + '>';
  const std::size_t begin = xml.find(open);
  if (begin == std::string_view::npos) return "-";
  const std::size_t end = xml.find("</" + std::string(name) + '>', begin);
  return std::string(xml.substr(begin + open.size(), end - begin - open.size()));
}

// The texts of all <Name> elements, joined by blanks.
inline std::string names_of(std::string_view xml, std::string_view element = "Name") {
  const std::string open = '<' + std::string(element) + '>';
  std::string names;
  for (std::size_t at = xml.find(open); at != std::string_view::npos; at = xml.find(open, at + 1)) {
    const std::size_t begin = at + open.size();
    if (!names.empty()) names += ' ';
    names += xml.substr(begin, xml.find('<', begin) - begin);
  }
  return names;
}

}  // namespace cvemu::blob
