// The URLs under which clients reach the endpoints, for those that are known only after the start: ports that
// were mapped to free ones.
#include "http/public_endpoints.h"

#include "control/context.h"
#include "control/json.h"

namespace cvemu::control {

namespace {

Json text_of(const std::optional<Url>& url) {
  return url ? Json(url->origin()) : Json();
}

Response answer(const PublicEndpoints::Urls& urls) {
  return json_response(Json{
      {"customVision", text_of(urls.vision)}, {"blob", text_of(urls.blob)}, {"queue", text_of(urls.queue)}});
}

// A field that is not there leaves the URL as it is; null or "" takes it away.
void change(const Json& body, const char* name, std::optional<Url>& url) {
  const auto field = body.find(name);
  if (field == body.end()) return;
  const std::string written = field->is_null() ? "" : text(body, name);
  url = PublicEndpoints::parse(written);
  if (!written.empty() && !url)
    throw bad_field("InvalidField", "Say a URL without a path, such as http://localhost:49153.",
                    std::string("/") + name);
}

Response get_public_endpoints(ControlContext& control, RequestContext&) {
  return answer(control.public_endpoints.urls());
}

Response set_public_endpoints(ControlContext& control, RequestContext& context) {
  const Json body = body_of(context);
  allow_only(body, {"customVision", "blob", "queue"});
  PublicEndpoints::Urls urls = control.public_endpoints.urls();
  change(body, "customVision", urls.vision);
  change(body, "blob", urls.blob);
  change(body, "queue", urls.queue);
  control.public_endpoints.set(urls);
  return answer(urls);
}

}  // namespace

std::span<const Operation<ControlContext>> public_endpoint_operations() {
  static constexpr Operation<ControlContext> operations[] = {
      {{"GetPublicEndpoints", Method::Get, "/_emulator/public-endpoints"},
       get_public_endpoints,
       {"Under which URLs clients reach the endpoints, if others than the bound ones"}},
      {{"SetPublicEndpoints", Method::Put, "/_emulator/public-endpoints"},
       set_public_endpoints,
       {"Says it, also after the start: links and connection settings are made of them",
        "customVision, blob, queue", R"({"customVision": "http://localhost:49153"})"}},
  };
  return operations;
}

}  // namespace cvemu::control
