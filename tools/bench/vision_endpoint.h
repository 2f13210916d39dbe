// What the benchmarks of Custom Vision share: one connection to an embedded emulator that stays open, and a
// watch.
#pragma once
#include <cvemu/emulator.h>
#include <httplib.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

namespace bench {

using Json = nlohmann::json;
using Clock = std::chrono::steady_clock;

inline double seconds(Clock::time_point since) {
  return std::chrono::duration<double>(Clock::now() - since).count();
}

// Throws std::runtime_error for answers from 300 on.
class Endpoint {
 public:
  explicit Endpoint(const cvemu::Emulator& emulator) : client_("127.0.0.1", emulator.port()) {
    client_.set_keep_alive(true);
    client_.set_tcp_nodelay(true);
    client_.set_url_encode(false);
    client_.set_read_timeout(600);
    client_.set_default_headers({{"Training-Key", "k"}, {"Prediction-Key", "k"}});
  }

  std::string send(const char* method, const std::string& path, const std::string& body = "") {
    httplib::Request request;
    request.method = method;
    request.path = "/customvision/" + path;
    request.body = body;
    request.set_header("Content-Type",
                       body.starts_with('{') ? "application/json" : "application/octet-stream");
    auto result = client_.send(request);
    if (!result || result->status >= 300)
      throw std::runtime_error(path + ": " + (result ? result->body : "no answer"));
    return result->body;
  }
  Json json(const char* method, const std::string& path, const std::string& body = "") {
    return Json::parse(send(method, path, body));
  }

 private:
  httplib::Client client_;
};

}  // namespace bench
