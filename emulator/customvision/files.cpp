#include "customvision/files.h"

#include <algorithm>

#include "base/url.h"
#include "customvision/limits.h"
#include "storage/sas.h"
#include "store/service_blobs.h"

namespace cvemu::customvision {

namespace {

using namespace std::chrono_literals;

// Azure: links expire 24 hours after the answer (recorded).
constexpr Duration kLinkLife = 24h;

std::string image_container(const Uuid& project) { return "i-" + project.compact(); }
std::string model_container(const Uuid& project) { return "m-" + project.compact(); }
std::string original_name(const Uuid& image) { return "i-" + image.compact(); }
// Emulator: the name of the resized copy is not on record.
std::string resized_name(const Uuid& image) { return "r-" + image.compact(); }
std::string thumbnail_name(const Uuid& image) { return "t-" + image.compact(); }

std::string model_name(const Export& entry) {
  return entry.iteration.compact() + '.' + entry.platform + (entry.flavor.empty() ? "" : "." + entry.flavor) +
         ".zip";
}

// The host the client used, without its port.
std::string host_of(const Exchange& exchange) {
  const auto url = Url::parse("http://" + std::string(exchange.request.headers.get("Host")) + "/");
  if (!url) return "";
  return url->host.find(':') == std::string::npos ? url->host : '[' + url->host + ']';
}

bool has_resized(const TrainingImage& image) {
  return std::max(image.width, image.height) > limits::kResizedImageSide;
}

}  // namespace

void ServiceFiles::put_image(Transaction& tx, const TrainingImage& image, const ImageFiles& files,
                             Instant now) const {
  const std::string container = image_container(image.project);
  service_blobs::put(tx, account_, container, original_name(image.id), files.content_type, files.original, now);
  service_blobs::put(tx, account_, container, thumbnail_name(image.id), "image/jpeg", files.thumbnail, now);
  if (!files.resized.empty())
    service_blobs::put(tx, account_, container, resized_name(image.id), "image/jpeg", files.resized, now);
}

void ServiceFiles::put_model(Transaction& tx, const Uuid& project, const Export& entry, std::string_view zip,
                             Instant now) const {
  service_blobs::put(tx, account_, model_container(project), model_name(entry), "application/zip", zip, now);
}

std::optional<std::string> ServiceFiles::read_image(Transaction& tx, const Uuid& project,
                                                    const Uuid& image) const {
  return service_blobs::read(tx, account_, image_container(project), original_name(image));
}

std::optional<std::string> ServiceFiles::read_model(Transaction& tx, const Uuid& project,
                                                    const Export& entry) const {
  return service_blobs::read(tx, account_, model_container(project), model_name(entry));
}

void ServiceFiles::remove_project(Transaction& tx, const Uuid& project) const {
  service_blobs::remove_container(tx, account_, image_container(project));
  service_blobs::remove_container(tx, account_, model_container(project));
}

std::string ServiceFiles::link(std::string_view host, Instant now, std::string_view container,
                               std::string_view name) const {
  std::string url = blob_door_.scheme + "://";
  url.append(host.empty() ? blob_door_.host : host).append(":").append(std::to_string(blob_door_.port));
  url.append("/").append(account_).append("/").append(container).append("/").append(name).append("?");
  return url + sas::make_blob_query(*accounts_.find(account_), container, name, "r", now + kLinkLife);
}

wire::ImageLinks ServiceFiles::image_links(const Exchange& exchange, const TrainingImage& image) const {
  const std::string host = host_of(exchange), container = image_container(image.project);
  wire::ImageLinks links;
  links.original = link(host, exchange.at, container, original_name(image.id));
  links.resized =
      has_resized(image) ? link(host, exchange.at, container, resized_name(image.id)) : links.original;
  links.thumbnail = link(host, exchange.at, container, thumbnail_name(image.id));
  return links;
}

std::string ServiceFiles::thumbnail_link(const Exchange& exchange, const Uuid& project,
                                         const Uuid& image) const {
  return link(host_of(exchange), exchange.at, image_container(project), thumbnail_name(image));
}

std::string ServiceFiles::model_link(const Exchange& exchange, const Uuid& project, const Export& entry) const {
  return link(host_of(exchange), exchange.at, model_container(project), model_name(entry));
}

std::string ServiceFiles::model_link(Instant now, const Uuid& project, const Export& entry) const {
  return link(blob_door_.host, now, model_container(project), model_name(entry));
}

}  // namespace cvemu::customvision
