// What each kind of job has to know (runtime/job_kinds.h), as structs. Kept as JSON, so that a restart, also
// of a later version, can read them: written and read here alone.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/ids.h"
#include "store/jobs.h"

namespace cvemu {

struct FinishTraining {
  Uuid project, iteration;
  // The notification left before the API shows the end: this is the job's second run, which shows it.
  bool announced = false;

  std::string to_json() const;
  static FinishTraining from_json(std::string_view json);
};

struct FinishExport {
  Uuid project, iteration;
  std::string platform, flavor;
  bool announced = false;  // as above

  std::string to_json() const;
  static FinishExport from_json(std::string_view json);
};

struct FinishImport {
  Uuid project, source;

  std::string to_json() const;
  static FinishImport from_json(std::string_view json);
};

struct Deliver {
  struct Backup {
    std::string container, name;  // where to: the container's URI, and the blob's name
    std::string platform, flavor;
  };
  Uuid project, iteration;
  std::optional<Backup> backup;
  std::optional<std::string> queue;  // its URI; unset: nobody is told
  std::string message;               // the notification; it leaves once the backup is there

  std::string to_json() const;
  static Deliver from_json(std::string_view json);
};

struct RemoveTestBlob {
  std::string container, name;

  std::string to_json() const;
  static RemoveTestBlob from_json(std::string_view json);
};

// What a job is about; nil where its kind has none.
struct JobSubject {
  Uuid project, iteration;
};
JobSubject subject_of(const Job& job);

// What a person is shown of a job: name and value of the plain fields that it has, in this order: project,
// iteration, platform, flavor, source, container, name.
std::vector<std::pair<std::string_view, std::string>> fields_of(const Job& job);

}  // namespace cvemu
