// What the emulator holds, as values: queues with their messages, containers with their blobs, projects with
// their iterations. Each object is a name and a way to ask; nothing in it points into the emulator, and every
// call asks anew, in this process or over HTTP. May be used from any thread. Throws ControlError.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cvemu/control.h"
#include "cvemu/types.h"

namespace cvemu::resources {

struct Message {
  std::string id;
  std::string text;     // as it lies in the queue
  std::string decoded;  // the same, or what its base64 hides
  int dequeue_count = 0;
  bool visible = true;
  Control::Time inserted_at, visible_at, expires_at;
};

// A queue of the first account, or of the one named.
class Queue {
 public:
  Queue(Control control, std::string account, std::string name)
      : control_(std::move(control)), account_(std::move(account)), name_(std::move(name)) {}

  const std::string& name() const { return name_; }
  std::string url() const;
  std::vector<Message> messages() const;  // all, hidden ones too, in order of arrival; nothing is touched
  // The first visible message whose notification is of this type, "" for any; left where it is. Blocks at
  // most `timeout` of real time, then a ControlError with status 408 says what is there; so do the two below.
  // All three are one wait of the emulator's (Control::wait_for): an automatic clock moves on meanwhile.
  Message wait_for(std::string_view type = {},
                   std::chrono::milliseconds timeout = std::chrono::seconds(5)) const;
  std::string put(std::string_view text);  // answers the id
  void show(std::string_view id);          // visible now
  void expire(std::string_view id);
  void remove(std::string_view id);

 private:
  std::string path() const;
  Control control_;
  std::string account_, name_;
};

struct Blob {
  std::string name, content_type, content_md5;  // md5 in base64
  std::uint64_t length = 0;
  Control::Time created_at, modified_at;
};

class Container {
 public:
  Container(Control control, std::string account, std::string name)
      : control_(std::move(control)), account_(std::move(account)), name_(std::move(name)) {}

  const std::string& name() const { return name_; }
  std::string url() const;
  std::vector<Blob> blobs() const;  // by name
  // The first blob, by name, that fits the glob.
  Blob wait_for(std::string_view glob = "*",
                std::chrono::milliseconds timeout = std::chrono::seconds(5)) const;
  std::string read(std::string_view blob) const;

 private:
  std::string path() const;
  Control control_;
  std::string account_, name_;
};

struct Export {
  std::string platform, flavor;
  ExportStatus status = ExportStatus::Exporting;
};

struct Iteration {
  std::string id, name;
  IterationStatus status = IterationStatus::Training;
  std::string publish_name, error_details;  // "": none
  std::vector<Export> exports;
};

struct ProjectSettings {
  std::string domain_id;
  std::optional<ClassificationType> classification_type;           // unset: object detection
  std::string notification_queue_uri, export_model_container_uri;  // "": none
};

class Project {
 public:
  Project(Control control, std::string id, std::string name)
      : control_(std::move(control)), id_(std::move(id)), name_(std::move(name)) {}

  const std::string& id() const { return id_; }
  const std::string& name() const { return name_; }
  ProjectSettings settings() const;
  std::vector<Iteration> iterations() const;  // newest first
  std::optional<Iteration> latest() const;
  // The newest iteration in this status.
  Iteration wait_for(IterationStatus status = IterationStatus::Completed,
                     std::chrono::milliseconds timeout = std::chrono::seconds(5)) const;

 private:
  Control control_;
  std::string id_, name_;
};

}  // namespace cvemu::resources
