#include "customvision/files.h"

#include <algorithm>

#include "customvision/limits.h"
#include "storage/sas.h"
#include "store/blob/service_blobs.h"

namespace cvemu::customvision {

namespace {

using namespace std::chrono_literals;

// Azure: links expire 24 hours after the answer (recorded).
constexpr Duration kLinkLife = 24h;

std::string image_container(const Uuid& project) {
  return "i-" + project.compact();
}
std::string model_container(const Uuid& project) {
  return "m-" + project.compact();
}
std::string export_container(const Uuid& project) {
  return "prjexp-" + project.compact();
}
constexpr std::string_view kExportName = "project-export-info";
constexpr std::string_view kPredictionContainer = "predictionimages";
// Azure: the project with dashes, the prediction without (recorded).
std::string prediction_name(const Uuid& project, char kind, const Uuid& id) {
  return project.text() + '/' + kind + '-' + id.compact();
}
std::string original_name(const Uuid& image) {
  return "i-" + image.compact();
}
// Emulator: the name of the resized copy is not on record.
std::string resized_name(const Uuid& image) {
  return "r-" + image.compact();
}
std::string thumbnail_name(const Uuid& image) {
  return "t-" + image.compact();
}

std::string model_name(const Export& entry) {
  return entry.iteration.compact() + '.' + entry.platform + (entry.flavor.empty() ? "" : "." + entry.flavor) +
         ".zip";
}

bool has_resized(const TrainingImage& image) {
  return std::max(image.width, image.height) > limits::kResizedImageSide;
}

}  // namespace

void ServiceFiles::put_image(Transaction& tx, const TrainingImage& image, const ImageFiles& files,
                             Instant now) const {
  const std::string container = image_container(image.project);
  service_blobs::put(tx, account_, container, original_name(image.id), files.content_type, files.original,
                     now);
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

void ServiceFiles::put_prediction(Transaction& tx, const StoredPrediction& p, const ImageFiles& files,
                                  Instant now) const {
  service_blobs::put(tx, account_, kPredictionContainer, prediction_name(p.project, 'o', p.id),
                     files.content_type, files.original, now);
  service_blobs::put(tx, account_, kPredictionContainer, prediction_name(p.project, 't', p.id), "image/jpeg",
                     files.thumbnail, now);
}

std::optional<std::string> ServiceFiles::read_prediction(Transaction& tx, const Uuid& project,
                                                         const Uuid& prediction) const {
  return service_blobs::read(tx, account_, kPredictionContainer, prediction_name(project, 'o', prediction));
}

void ServiceFiles::put_project_export(Transaction& tx, const Uuid& project, std::string_view json,
                                      Instant now) const {
  service_blobs::put(tx, account_, export_container(project), kExportName, "application/json", json, now);
}

void ServiceFiles::copy_image(Transaction& tx, const Uuid& from_project, const Uuid& from,
                              const TrainingImage& to, Instant now) const {
  const std::string source = image_container(from_project), target = image_container(to.project);
  service_blobs::copy(tx, account_, source, original_name(from), target, original_name(to.id), now);
  service_blobs::copy(tx, account_, source, thumbnail_name(from), target, thumbnail_name(to.id), now);
  if (has_resized(to))
    service_blobs::copy(tx, account_, source, resized_name(from), target, resized_name(to.id), now);
}

std::optional<std::string> ServiceFiles::read_artifact(Transaction& tx, const Uuid& project,
                                                       std::string_view path) const {
  const auto take = [&](std::string_view prefix) {
    if (!path.starts_with(prefix)) return false;
    path.remove_prefix(prefix.size());
    return true;
  };
  take("/");
  take(account_ + "/");
  for (const std::string& container : {image_container(project), model_container(project)})
    if (take(container + "/")) return service_blobs::read(tx, account_, container, path);
  if (!take(kPredictionContainer) || !take("/") || !path.starts_with(project.text() + '/'))
    return std::nullopt;
  return service_blobs::read(tx, account_, kPredictionContainer, path);
}

std::optional<ServiceFiles::Purpose> ServiceFiles::purpose_of(std::string_view account,
                                                              std::string_view container,
                                                              std::string_view name) const {
  using Kind = Purpose::Kind;
  constexpr std::size_t kCompact = 32, kDashed = 36, kMark = 2;  // "i-"
  if (account != account_ || name.size() < kMark + kCompact) return std::nullopt;
  const auto made = [](Kind kind, const std::optional<Uuid>& project, const std::optional<Uuid>& id) {
    return project && id ? std::optional(Purpose{kind, *project, *id}) : std::nullopt;
  };
  if (container == kPredictionContainer)
    return made(Kind::Prediction, Uuid::parse(name.substr(0, kDashed)),
                Uuid::parse_compact(name.substr(name.size() - kCompact)));
  const auto project = Uuid::parse_compact(container.substr(std::min(kMark, container.size())));
  if (container.starts_with("m-"))
    return made(Kind::Model, project, Uuid::parse_compact(name.substr(0, kCompact)));
  if (!container.starts_with("i-")) return std::nullopt;
  return made(name.starts_with("i-") ? Kind::Image : Kind::ImageCopy, project,
              Uuid::parse_compact(name.substr(kMark)));
}

bool ServiceFiles::is_model_of(const Export& entry, std::string_view name) const {
  return model_name(entry) == name;
}

void ServiceFiles::remove_image(Transaction& tx, const Uuid& project, const Uuid& image) const {
  for (const std::string& name : {original_name(image), thumbnail_name(image), resized_name(image)})
    service_blobs::remove(tx, account_, image_container(project), name);
}

void ServiceFiles::remove_model(Transaction& tx, const Uuid& project, const Export& entry) const {
  service_blobs::remove(tx, account_, model_container(project), model_name(entry));
}

void ServiceFiles::remove_prediction(Transaction& tx, const Uuid& project, const Uuid& prediction) const {
  for (const char kind : {'o', 't'})
    service_blobs::remove(tx, account_, kPredictionContainer, prediction_name(project, kind, prediction));
}

void ServiceFiles::remove_project(Transaction& tx, const Uuid& project) const {
  service_blobs::remove_container(tx, account_, export_container(project));
  service_blobs::remove_container(tx, account_, image_container(project));
  service_blobs::remove_container(tx, account_, model_container(project));
}

// The host the client used, without its port. Emulator: a link is never made of a name that a stranger may
// own.
std::string ServiceFiles::host_of(const Exchange& exchange) const {
  const auto asked = hosts_.our_authority(exchange.request.headers);
  return asked ? asked->url_host() : blob_endpoint_.host;
}

std::string ServiceFiles::link(std::string_view host, Instant now, std::string_view container,
                               std::string_view name) const {
  std::string url;
  if (const auto blob = public_endpoints_.urls().blob) {
    url = blob->origin();
  } else {
    url.append(blob_endpoint_.scheme).append("://").append(host);
    url.append(":").append(std::to_string(blob_endpoint_.port));
  }
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

wire::ImageLinks ServiceFiles::prediction_links(const Exchange& exchange, const StoredPrediction& p) const {
  const std::string host = host_of(exchange);
  wire::ImageLinks links;
  links.original = links.resized =
      link(host, exchange.at, kPredictionContainer, prediction_name(p.project, 'o', p.id));
  links.thumbnail = link(host, exchange.at, kPredictionContainer, prediction_name(p.project, 't', p.id));
  return links;
}

std::string ServiceFiles::project_export_link(const Exchange& exchange, const Uuid& project) const {
  return link(host_of(exchange), exchange.at, export_container(project), kExportName);
}

std::string ServiceFiles::thumbnail_link(const Exchange& exchange, const Uuid& project,
                                         const Uuid& image) const {
  return link(host_of(exchange), exchange.at, image_container(project), thumbnail_name(image));
}

std::string ServiceFiles::model_link(const Exchange& exchange, const Uuid& project,
                                     const Export& entry) const {
  return link(host_of(exchange), exchange.at, model_container(project), model_name(entry));
}

std::string ServiceFiles::model_link(Instant now, const Uuid& project, const Export& entry) const {
  return link(blob_endpoint_.host, now, model_container(project), model_name(entry));
}

}  // namespace cvemu::customvision
