#include "customvision/domains.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "customvision/api/request_reader.h"

namespace cvemu::customvision {

namespace {

constexpr std::string_view kCompact = "VAIDK,CoreML,DockerFile,ONNX,OpenVino,TensorFlow";
constexpr std::string_view kCompactDetection = "CoreML,DockerFile,ONNX,TensorFlow";
constexpr std::string_view kCompactS1Detection = "VAIDK,CoreML,DockerFile,ONNX,OpenVino,TensorFlow,IVS";
constexpr std::string_view kClassify = "Classification", kDetect = "ObjectDetection";

constexpr std::array<Domain, 18> kDomains = {{
    {"ee85a74c-405e-4adc-bb47-ffa8ca0c9f31", "General", kClassify, ""},
    {"c151d5b5-dd07-472a-acc8-15d29dea8518", "Food", kClassify, ""},
    {"ca455789-012d-4b50-9fec-5bb63841c793", "Landmarks", kClassify, ""},
    {"b30a91ae-e3c1-4f73-a81e-c270bff27c39", "Retail", kClassify, ""},
    {"45badf75-3591-4f26-a705-45678d3e9f5f", "Adult", kClassify, ""},
    {"0732100f-1a38-4e49-a514-c9b44c697ab5", "General (compact)", kClassify, kCompact, 5},
    {"8882951b-82cd-4c32-970b-d5f8cb8bf6d7", "Food (compact)", kClassify, kCompact, 5},
    {"b5cfd229-2ac7-4b2b-8d0a-2b0661344894", "Landmarks (compact)", kClassify, kCompact, 5},
    {"6b4faeda-8396-481b-9f8b-177b9fa3097f", "Retail (compact)", kClassify, kCompact, 5},
    {"da2e3a8a-40a5-4171-82f4-58522f70fbc1", "General", kDetect, ""},
    {"1d8ffafe-ec40-4fb2-8f90-72b3b6cecea4", "Logo", kDetect, ""},
    {"3780a898-81c3-4516-81ae-3a139614e1f3", "Products on Shelves", kDetect, ""},
    {"a27d5ca5-bb19-49d8-a70a-fec086c47f5b", "General (compact)", kDetect, kCompactDetection, 42},
    {"7ec2ac80-887b-48a6-8df9-8b1357765430", "General (compact) [S1]", kDetect, kCompactS1Detection, 13},
    {"a8e3c40f-fb4a-466f-832a-5e457ae4a344", "General [A1]", kClassify, ""},
    {"2e37d7fb-3a54-486a-b4d6-cfc369af0018", "General [A2]", kClassify, ""},
    {"a1db07ca-a19a-4830-bae8-e004a42dc863", "General (compact) [S1]", kClassify, kCompact, 43},
    {"9c616dff-2e7d-ea11-af59-1866da359ce6", "General [A1]", kDetect, ""},
}};

constexpr std::array<std::string_view, 6> kPlatforms = {"CoreML", "TensorFlow", "DockerFile",
                                                        "ONNX",   "VAIDK",      "OpenVino"};

// The entry of a comma list that equals `text`, in the list's spelling.
std::string_view find_in_list(std::string_view list, std::string_view text) {
  for (const std::string_view entry : split(list, ','))
    if (iequals(entry, text)) return entry;
  return "";
}

}  // namespace

const std::string_view kDefaultDomain = kDomains[0].id;

bool Domain::exports_to(std::string_view platform) const {
  return !platform.empty() && !find_in_list(platforms, platform).empty();
}

std::span<const Domain> all_domains() {
  return kDomains;
}

const Domain* find_domain(const Uuid& id) {
  const std::string text = id.text();
  const auto found =
      std::find_if(kDomains.begin(), kDomains.end(), [&](const Domain& d) { return d.id == text; });
  return found == kDomains.end() ? nullptr : &*found;
}

// Azure: OpenVino came with 3.4-preview.
std::string_view canonical_platform(std::string_view text, ApiVersion version) {
  if (iequals(text, "OpenVino") && version < ApiVersion::V3_4) return "";
  for (const std::string_view platform : kPlatforms)
    if (iequals(platform, text)) return platform;
  return "";
}

namespace {

Response get_domains(CustomVision&, RequestContext& context) {
  JsonWriter json;
  json.begin_array();
  for (const Domain& domain : kDomains) wire::write(json, domain, version_of(context));
  json.end_array();
  return json_response(json);
}

Response get_domain(CustomVision&, RequestContext& context) {
  const Uuid id = path_id(context, "domainId");
  const Domain* domain = find_domain(id);
  if (!domain) throw errors::domain_not_found(id);
  JsonWriter json;
  wire::write(json, *domain, version_of(context));
  return json_response(json);
}

}  // namespace

std::span<const Operation<CustomVision>> domain_operations() {
  static constexpr Operation<CustomVision> operations[] = {
      {{"GetDomains",
        Method::Get,
        "/customvision/{version}/training/domains",
        "",
        {.key = Access::Key::Training, .since = "v3.0"}},
       get_domains},
      {{"GetDomain",
        Method::Get,
        "/customvision/{version}/training/domains/{domainId}",
        "",
        {.key = Access::Key::Training, .since = "v3.0"}},
       get_domain},
  };
  return operations;
}

}  // namespace cvemu::customvision
