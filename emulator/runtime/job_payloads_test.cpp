#include "runtime/job_payloads.h"

#include <doctest/doctest.h>

#include "runtime/job_kinds.h"

namespace cvemu::runtime_job_payloads_test {

namespace {

const Uuid kProject(1, 2), kIteration(3, 4);

Job job_of(const JobKind& kind, std::string payload) {
  Job job;
  job.kind = kind.name;
  job.payload = std::move(payload);
  return job;
}

}  // namespace

TEST_CASE("Job payloads: what is written is read") {
  FinishTraining training{kProject, kIteration};
  CHECK_FALSE(FinishTraining::from_json(training.to_json()).announced);
  training.announced = true;
  CHECK(FinishTraining::from_json(training.to_json()).announced);
  CHECK(FinishTraining::from_json(training.to_json()).iteration == kIteration);

  const auto exported = FinishExport::from_json(FinishExport{kProject, kIteration, "ONNX", "x"}.to_json());
  CHECK(exported.platform == "ONNX");
  CHECK(exported.flavor == "x");
  CHECK(FinishImport::from_json(FinishImport{kProject, kIteration}.to_json()).source == kIteration);
  CHECK(RemoveTestBlob::from_json(RemoveTestBlob{"http://h/c", "n"}.to_json()).name == "n");

  const Deliver both{kProject, kIteration, Deliver::Backup{"http://h/c", "n", "ONNX", ""}, "http://h/q",
                     "{}"};
  const Deliver read = Deliver::from_json(both.to_json());
  REQUIRE(read.backup);
  CHECK(read.backup->container == "http://h/c");
  CHECK(read.queue == "http://h/q");
  CHECK(read.message == "{}");
  CHECK_FALSE(Deliver::from_json(Deliver{kProject, kIteration, {}, {}, ""}.to_json()).queue);
}

TEST_CASE("Job payloads: a delivery that version 0.1 left behind names its project in the backup") {
  const Deliver old = Deliver::from_json(
      R"({"backup":{"container":"http://h/c","name":"n","platform":"ONNX","flavor":"",)"
      R"("project":"00000000-0000-0001-0000-000000000002","iteration":"00000000-0000-0003-0000-000000000004"}})");
  CHECK(old.project == kProject);
  CHECK(old.iteration == kIteration);
}

TEST_CASE("Jobs: whom they are about, and what their kind says") {
  const Job training = job_of(job_kinds::kFinishTraining, FinishTraining{kProject, kIteration}.to_json());
  CHECK(subject_of(training).iteration == kIteration);
  CHECK(job_kinds::is_awaited(training));
  CHECK(job_kinds::of(training).operation == OperationKind::Training);

  const Job message =
      job_of(job_kinds::kDeliver, Deliver{kProject, kIteration, {}, "http://h/q", "{}"}.to_json());
  CHECK(subject_of(message).project == kProject);
  CHECK(subject_of(message).iteration == kIteration);

  const Job test_blob = job_of(job_kinds::kRemoveTestBlob, RemoveTestBlob{"http://h/c", "n"}.to_json());
  CHECK(subject_of(test_blob).project.is_nil());
  CHECK_FALSE(job_kinds::is_awaited(test_blob));
  CHECK(job_kinds::is_shown(test_blob));

  for (const OperationKind kind : {OperationKind::Training, OperationKind::Export, OperationKind::Import})
    CHECK(job_kinds::ending(kind).operation == kind);
  Job unknown;
  unknown.kind = "of_another_version";
  CHECK(job_kinds::is_awaited(unknown));
  CHECK_FALSE(job_kinds::is_shown(unknown));
}

}  // namespace cvemu::runtime_job_payloads_test
