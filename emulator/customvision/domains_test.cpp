#include "customvision/domains.h"

#include <doctest/doctest.h>

#include <set>

#include "customvision/wire/wire.h"

namespace cvemu::customvision_domains_test {

using namespace cvemu::customvision;

namespace {

const Domain& domain(std::string_view id) {
  return *find_domain(*Uuid::parse(id));
}

std::string written(const Domain& one, ApiVersion version) {
  JsonWriter json;
  wire::write(json, one, version);
  return json.take();
}

}  // namespace

TEST_CASE("Domains: eighteen, the recorded fourteen first, each with an id of its own") {
  CHECK(all_domains().size() == 18);
  CHECK(all_domains()[0].id == kDefaultDomain);
  CHECK(all_domains()[13].id == "7ec2ac80-887b-48a6-8df9-8b1357765430");
  std::set<std::string_view> ids;
  for (const Domain& one : all_domains()) {
    ids.insert(one.id);
    CHECK(Uuid::parse(one.id));
    CHECK(one.exportable() == (one.model_megabytes > 0));
  }
  CHECK(ids.size() == 18);
  CHECK(find_domain(Uuid()) == nullptr);
}

TEST_CASE("Domains: what each exports to") {
  CHECK_FALSE(domain(kDefaultDomain).exports_to("ONNX"));
  const Domain& compact = domain("0732100f-1a38-4e49-a514-c9b44c697ab5");
  for (const char* platform : {"VAIDK", "CoreML", "DockerFile", "ONNX", "OpenVino", "TensorFlow"})
    CHECK(compact.exports_to(platform));
  const Domain& detection = domain("a27d5ca5-bb19-49d8-a70a-fec086c47f5b");
  CHECK(detection.is_detection());
  CHECK(detection.exports_to("CoreML"));
  CHECK_FALSE(detection.exports_to("VAIDK"));
  CHECK_FALSE(detection.exports_to(""));
}

TEST_CASE("Domains: the answer in 3.3 and in 3.4-preview") {
  const Domain& detection = domain("a27d5ca5-bb19-49d8-a70a-fec086c47f5b");
  const std::string first =
      R"j({"id":"a27d5ca5-bb19-49d8-a70a-fec086c47f5b","name":"General (compact)","type":"ObjectDetection",)j"
      R"("exportable":true,"enabled":true)";
  CHECK(written(detection, ApiVersion::V3_3) == first + "}");
  CHECK(written(detection, ApiVersion::V3_4)
            .starts_with(first + R"(,"exportablePlatforms":["CoreML","DockerFile","ONNX","TensorFlow"],)"
                                 R"("modelInformation":{"estimatedModelSizeInMegabytes":42,"description":)"));
  CHECK(written(domain(kDefaultDomain), ApiVersion::V3_4)
            .ends_with(R"("exportablePlatforms":[],"modelInformation":null})"));
}

TEST_CASE("Platforms in any case") {
  CHECK(canonical_platform("OPENVINO", ApiVersion::V3_4) == "OpenVino");
  CHECK(canonical_platform("OPENVINO", ApiVersion::V3_3) == "");
  CHECK(canonical_platform("tensorflow", ApiVersion::V3_0) == "TensorFlow");
  CHECK(canonical_platform("Toaster", ApiVersion::V3_4) == "");
}

}  // namespace cvemu::customvision_domains_test
