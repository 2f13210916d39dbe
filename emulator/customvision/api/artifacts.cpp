// Files of a project, by the path or the whole URL that stands in answers.
#include "base/text.h"
#include "base/url.h"
#include "customvision/api/request_reader.h"
#include "customvision/files.h"

namespace cvemu::customvision {

namespace {

// Azure: the path alone ("/i-{project}/i-{image}") or a whole SAS URL (both recorded).
std::string path_of(const std::string& text) {
  const auto url = Url::parse(text);
  const std::string path = url ? url->path : text.substr(0, text.find('?'));
  return percent_decode(path).value_or(path);
}

Response get_artifact(CustomVision& state, RequestContext& context) {
  const std::string wanted = required_query(context, "path");
  Transaction tx(state.environment.database);
  auto bytes = state.files.read_artifact(tx, require_project(tx, context).id, path_of(wanted));
  if (!bytes) throw errors::artifact_uri(wanted);
  Response response{200, {}, *std::move(bytes)};
  response.headers.add("Content-Type", "application/octet-stream");  // recorded
  return response;
}

}  // namespace

std::span<const Operation<CustomVision>> artifact_operations() {
  static constexpr Operation<CustomVision> operations[] = {
      {{"GetArtifact",
        Method::Get,
        "/customvision/{version}/training/projects/{projectId}/artifacts",
        "",
        {.key = Access::Key::Training, .since = "v3.3"}},
       get_artifact},
  };
  return operations;
}

}  // namespace cvemu::customvision
