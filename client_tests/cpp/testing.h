// All there is of a test framework: an HTTP client for each endpoint, and what the how-to needs of storage.
#pragma once
#include <cvemu/emulator.h>

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace testing {

using Json = nlohmann::ordered_json;

struct Answer {
  int status = 0;
  std::string body;
  std::multimap<std::string, std::string> headers;  // names in lower case

  Json json() const { return Json::parse(body); }
  std::string header(const std::string& name) const;
};

std::string percent_encode(std::string_view text);
std::string base64_encode(std::string_view bytes);

// The path of a folder that nobody has made yet. What is there at the end is removed.
struct Folder {
  std::filesystem::path path;

  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
};

// One request on a connection of its own.
Answer send(const std::string& method, const std::string& url, const std::string& body = "",
            std::vector<std::pair<std::string, std::string>> headers = {});

// A control route, as any language would ask it: call_control(emulator, "POST", "/clock/advance",
// R"({"by":"1h"})").
Answer call_control(const cvemu::Emulator& emulator, const std::string& method, const std::string& path,
                    const std::string& body = "");

// The Training API of version 3.3 with a key. A thread keeps its connection between calls.
class Training {
 public:
  explicit Training(const cvemu::Emulator& emulator, std::string version = "v3.3")
      : base_(emulator.training_endpoint() + "/customvision/" + version + "/training") {}

  Answer get(const std::string& path) const { return call("GET", path); }
  Answer post(const std::string& path, const std::string& body = "") const {
    return call("POST", path, body);
  }
  Answer patch(const std::string& path, const std::string& body) const { return call("PATCH", path, body); }
  Answer remove(const std::string& path) const { return call("DELETE", path); }

 private:
  Answer call(const std::string& method, const std::string& path, const std::string& body = "") const;
  std::string base_;
};

// Queues and containers of the first account, requests signed with its key.
class Storage {
 public:
  explicit Storage(const cvemu::Emulator& emulator) : emulator_(emulator) {}

  std::string create_queue(const std::string& name) const;      // its URL
  std::string create_container(const std::string& name) const;  // its URL
  void remove_queue(const std::string& name) const;
  void remove_container(const std::string& name) const;
  std::vector<std::string> messages(const std::string& queue) const;  // texts, oldest first; takes them away
  std::vector<std::string> blob_names(const std::string& container) const;
  Answer get_blob(const std::string& container, const std::string& name) const;
  Answer signed_request(const std::string& method, const std::string& url, const std::string& body = "",
                        std::vector<std::pair<std::string, std::string>> headers = {}) const;
  // The headers of such a request, signature and all.
  std::vector<std::pair<std::string, std::string>> signed_headers(
      const std::string& method, const std::string& url, std::size_t body_size,
      std::vector<std::pair<std::string, std::string>> headers = {}) const;

 private:
  const cvemu::Emulator& emulator_;
};

// A PNG of one colour and size, different for each `shade`.
std::string png(int width, int height, int shade);

// A project on the compact domain with two tags and five images each, ready to be trained. Answers its id.
std::string trainable_project(const Training& training, const std::string& query = "");

}  // namespace testing
