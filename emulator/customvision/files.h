// The files the service keeps for itself: images, thumbnails, models. They are blobs of an account of the
// service's own, so the links in answers really download, and expire.
// Azure: container and blob names, and the links' form, as recorded.
#pragma once
#include <string>
#include <string_view>

#include "base/clock.h"
#include "customvision/wire/wire.h"
#include "db/database.h"
#include "http/host_policy.h"
#include "http/public_endpoints.h"
#include "http/service.h"
#include "storage/accounts.h"
#include "store/customvision/predictions.h"

namespace cvemu::customvision {

class ServiceFiles {
 public:
  // Where the blob endpoint is bound. Links are made of the public endpoint, if there is one; else their host
  // is the one the client used for its request, if that is ours.
  struct Endpoint {
    std::string scheme, host;
    int port = 0;
  };
  ServiceFiles(const Accounts& accounts, std::string account, Endpoint blob_endpoint, const HostPolicy& hosts,
               const PublicEndpoints& public_endpoints)
      : accounts_(accounts),
        account_(std::move(account)),
        blob_endpoint_(std::move(blob_endpoint)),
        hosts_(hosts),
        public_endpoints_(public_endpoints) {}

  struct ImageFiles {
    std::string_view original, content_type;
    std::string resized;  // empty: the original serves
    std::string thumbnail;
  };
  void put_image(Transaction& tx, const TrainingImage& image, const ImageFiles& files, Instant now) const;
  void put_model(Transaction& tx, const Uuid& project, const Export& entry, std::string_view zip,
                 Instant now) const;
  // The image of a stored prediction; read_prediction gives back the original.
  void put_prediction(Transaction& tx, const StoredPrediction& prediction, const ImageFiles& files,
                      Instant now) const;
  // The note that lies behind the token of an exported project.
  void put_project_export(Transaction& tx, const Uuid& project, std::string_view json, Instant now) const;
  void copy_image(Transaction& tx, const Uuid& from_project, const Uuid& from, const TrainingImage& to,
                  Instant now) const;
  std::optional<std::string> read_image(Transaction& tx, const Uuid& project, const Uuid& image) const;
  std::optional<std::string> read_model(Transaction& tx, const Uuid& project, const Export& entry) const;
  std::optional<std::string> read_prediction(Transaction& tx, const Uuid& project,
                                             const Uuid& prediction) const;
  // A file of this project by the path that stands in links: "/i-{project}/i-{image}", also behind the
  // account's name. nullopt for anything else.
  std::optional<std::string> read_artifact(Transaction& tx, const Uuid& project, std::string_view path) const;

  // What a blob is there for, by where it lies; nullopt for a user's blob, or none of these.
  struct Purpose {
    enum class Kind { Image, ImageCopy, Model, Prediction };
    Kind kind;
    Uuid project;
    Uuid id;  // of the image, the iteration or the prediction
  };
  std::optional<Purpose> purpose_of(std::string_view account, std::string_view container,
                                    std::string_view name) const;
  bool is_model_of(const Export& entry, std::string_view name) const;

  // Files that are not there are passed over.
  void remove_image(Transaction& tx, const Uuid& project, const Uuid& image) const;
  void remove_model(Transaction& tx, const Uuid& project, const Export& entry) const;
  void remove_prediction(Transaction& tx, const Uuid& project, const Uuid& prediction) const;
  // Before the project's rows go: all but the images of stored predictions, which share a container with
  // those of other projects.
  void remove_project(Transaction& tx, const Uuid& project) const;

  // Links that anybody can GET for 24 hours.
  wire::ImageLinks image_links(const Exchange& exchange, const TrainingImage& image) const;
  wire::ImageLinks prediction_links(const Exchange& exchange, const StoredPrediction& prediction) const;
  std::string project_export_link(const Exchange& exchange, const Uuid& project) const;
  std::string thumbnail_link(const Exchange& exchange, const Uuid& project, const Uuid& image) const;
  std::string model_link(const Exchange& exchange, const Uuid& project, const Export& entry) const;
  // For notifications, which answer no request.
  std::string model_link(Instant now, const Uuid& project, const Export& entry) const;

 private:
  std::string host_of(const Exchange& exchange) const;
  std::string link(std::string_view host, Instant now, std::string_view container,
                   std::string_view name) const;
  const Accounts& accounts_;
  const std::string account_;
  const Endpoint blob_endpoint_;
  const HostPolicy& hosts_;
  const PublicEndpoints& public_endpoints_;
};

}  // namespace cvemu::customvision
