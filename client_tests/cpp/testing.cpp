#include "testing.h"

#include <httplib.h>
#include <zlib.h>

#include <memory>
#include <pugixml.hpp>
#include <stdexcept>

#include "base/ids.h"
#include "base/text.h"
#include "base/url.h"
#include "storage/shared_key.h"

namespace testing {

std::string percent_encode(std::string_view text) {
  return cvemu::percent_encode(text);
}

std::string base64_encode(std::string_view bytes) {
  return cvemu::base64_encode(bytes);
}

Folder::Folder()
    : path(std::filesystem::temp_directory_path() / ("cvemu-" + cvemu::IdSource().uuid().compact())) {}

Folder::~Folder() {
  std::filesystem::remove_all(path);
}

std::string Answer::header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? "" : found->second;
}

namespace {

std::unique_ptr<httplib::Client> connect_to(const cvemu::Url& url) {
  auto client = std::make_unique<httplib::Client>(url.host, url.port);
  client->set_tcp_nodelay(true);
  client->set_url_encode(false);
  client->set_read_timeout(60);
  return client;
}

Answer send_with(httplib::Client& client, const std::string& method, const std::string& target,
                 const std::string& body, const std::vector<std::pair<std::string, std::string>>& headers) {
  httplib::Request request;
  request.method = method;
  request.path = target;
  request.body = body;
  for (const auto& [name, value] : headers) request.set_header(name, value);
  const auto result = client.send(request);
  if (!result) throw std::runtime_error(method + ' ' + target + ": " + httplib::to_string(result.error()));
  Answer answer{result->status, result->body, {}};
  for (const auto& [name, value] : result->headers) answer.headers.emplace(cvemu::to_lower(name), value);
  return answer;
}

cvemu::Url parsed(const std::string& text) {
  const auto url = cvemu::Url::parse(text);
  if (!url) throw std::runtime_error("no URL: " + text);
  return *url;
}

// A connection that this thread keeps for its next request to the same endpoint.
httplib::Client& kept_connection(const cvemu::Url& url) {
  struct Kept {
    std::string host;
    int port = 0;
    std::unique_ptr<httplib::Client> client;
  };
  thread_local Kept kept;
  if (kept.client && kept.host == url.host && kept.port == url.port) return *kept.client;
  kept = {url.host, url.port, connect_to(url)};
  kept.client->set_keep_alive(true);
  return *kept.client;
}

}  // namespace

Answer send(const std::string& method, const std::string& url_text, const std::string& body,
            std::vector<std::pair<std::string, std::string>> headers) {
  const cvemu::Url url = parsed(url_text);
  return send_with(*connect_to(url), method, url.target(), body, headers);
}

Answer call_control(const cvemu::Emulator& emulator, const std::string& method, const std::string& path,
                    const std::string& body) {
  return send(method, emulator.training_endpoint() + "/_emulator" + path, body);
}

Answer Training::call(const std::string& method, const std::string& path, const std::string& body) const {
  const cvemu::Url url = parsed(base_ + path);
  return send_with(kept_connection(url), method, url.target(), body,
                   {{"Training-Key", "any key"}, {"Content-Type", "application/json"}});
}

Answer Storage::signed_request(const std::string& method, const std::string& url, const std::string& body,
                               std::vector<std::pair<std::string, std::string>> headers) const {
  return send(method, url, body, signed_headers(method, url, body.size(), std::move(headers)));
}

std::vector<std::pair<std::string, std::string>> Storage::signed_headers(
    const std::string& method, const std::string& url, std::size_t body_size,
    std::vector<std::pair<std::string, std::string>> headers) const {
  cvemu::Request request{cvemu::parse_method(method), cvemu::Url::parse(url)->target(), {}};
  for (const auto& [name, value] : headers) request.headers.add(name, value);
  if (!request.headers.has("Content-Type")) request.headers.add("Content-Type", "application/octet-stream");
  request.headers.add("Content-Length", std::to_string(body_size));
  const auto accounts = cvemu::Accounts::development();
  cvemu::shared_key::sign(request, *accounts.begin(),
                          std::chrono::time_point_cast<cvemu::Duration>(std::chrono::system_clock::now()));
  std::vector<std::pair<std::string, std::string>> all;
  for (const auto& field : request.headers) all.emplace_back(field.name, field.value);
  return all;
}

std::string Storage::create_queue(const std::string& name) const {
  const std::string url = emulator_.queue_endpoint() + '/' + name;
  if (const Answer answer = signed_request("PUT", url); answer.status != 201)
    throw std::runtime_error(answer.body);
  return url;
}

std::string Storage::create_container(const std::string& name) const {
  const std::string url = emulator_.blob_endpoint() + '/' + name;
  if (const Answer answer = signed_request("PUT", url + "?restype=container"); answer.status != 201)
    throw std::runtime_error(answer.body);
  return url;
}

void Storage::remove_queue(const std::string& name) const {
  signed_request("DELETE", emulator_.queue_endpoint() + '/' + name);
}

void Storage::remove_container(const std::string& name) const {
  signed_request("DELETE", emulator_.blob_endpoint() + '/' + name + "?restype=container");
}

std::vector<std::string> Storage::messages(const std::string& queue) const {
  const std::string url = emulator_.queue_endpoint() + '/' + queue + "/messages";
  std::vector<std::string> texts;
  for (;;) {
    pugi::xml_document document;
    document.load_string(signed_request("GET", url + "?numofmessages=32").body.c_str());
    const auto list = document.child("QueueMessagesList");
    if (!list.first_child()) return texts;
    for (const auto& message : list.children("QueueMessage")) {
      texts.emplace_back(message.child_value("MessageText"));
      signed_request("DELETE", url + '/' + message.child_value("MessageId") +
                                   "?popreceipt=" + cvemu::percent_encode(message.child_value("PopReceipt")));
    }
  }
}

std::vector<std::string> Storage::blob_names(const std::string& container) const {
  pugi::xml_document document;
  const Answer answer =
      signed_request("GET", emulator_.blob_endpoint() + '/' + container + "?restype=container&comp=list");
  document.load_string(answer.body.c_str());
  std::vector<std::string> names;
  for (const auto& blob : document.child("EnumerationResults").child("Blobs").children("Blob"))
    names.emplace_back(blob.child_value("Name"));
  return names;
}

Answer Storage::get_blob(const std::string& container, const std::string& name) const {
  return signed_request(
      "GET", emulator_.blob_endpoint() + '/' + container + '/' + cvemu::percent_encode(name, true));
}

namespace {

void append_big_endian(std::string& out, unsigned long value) {
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 255);
}

std::string png_chunk(const std::string& type, const std::string& data) {
  std::string chunk;
  append_big_endian(chunk, data.size());
  const std::string checked = type + data;
  chunk += checked;
  append_big_endian(
      chunk, crc32(0, reinterpret_cast<const Bytef*>(checked.data()), static_cast<uInt>(checked.size())));
  return chunk;
}

}  // namespace

std::string png(int width, int height, int shade) {
  std::string header;
  append_big_endian(header, static_cast<unsigned long>(width));
  append_big_endian(header, static_cast<unsigned long>(height));
  header += std::string("\x08\x00\x00\x00\x00", 5);  // 8 bits of grey
  std::string rows;
  for (int y = 0; y < height; ++y)
    rows += '\0' + std::string(static_cast<std::size_t>(width), static_cast<char>(shade));
  uLongf size = compressBound(rows.size());
  std::string packed(size, '\0');
  compress(reinterpret_cast<Bytef*>(packed.data()), &size, reinterpret_cast<const Bytef*>(rows.data()),
           rows.size());
  packed.resize(size);
  return "\x89PNG\r\n\x1a\n" + png_chunk("IHDR", header) + png_chunk("IDAT", packed) + png_chunk("IEND", "");
}

std::string trainable_project(const Training& training, const std::string& query) {
  const std::string compact = "0732100f-1a38-4e49-a514-c9b44c697ab5";
  const std::string id = training.post("/projects?name=demo&domainId=" + compact + query).json().at("id");
  for (int tag = 0; tag < 2; ++tag) {
    const std::string tag_id =
        training.post("/projects/" + id + "/tags?name=tag" + std::to_string(tag)).json().at("id");
    Json batch = {{"images", Json::array()}, {"tagIds", {tag_id}}};
    for (int i = 0; i < 5; ++i)
      batch["images"].push_back({{"name", "image" + std::to_string(i)},
                                 {"contents", cvemu::base64_encode(png(256, 256, 100 * tag + i))}});
    const Answer answer = training.post("/projects/" + id + "/images/files", batch.dump());
    if (answer.status != 200) throw std::runtime_error(answer.body);
  }
  return id;
}

}  // namespace testing
