#include "control/handlers/identity.h"

#include "control/context.h"

namespace cvemu::control {

namespace {

// Azure's own names of the roles (how-to).
constexpr std::string_view kBlobRole = "Storage Blob Data Contributor";
constexpr std::string_view kQueueRole = "Storage Queue Data Contributor";

Response answer(const Identity& identity) {
  JsonWriter json;
  json.begin_object().field("managedIdentity", identity.managed_identity).key("roles").begin_object();
  json.field(kBlobRole, identity.blob_contributor).field(kQueueRole, identity.queue_contributor).end_object();
  json.field("multiServiceResource", identity.multi_service_resource).end_object();
  return json_response(json);
}

Response get_identity(ControlContext& control, RequestContext&) {
  Transaction tx(control.environment.database);
  return answer(identity::find(tx));
}

Response set_identity(ControlContext& control, RequestContext& context) {
  const Json body = body_of(context);
  Transaction tx(control.environment.database);
  const Identity changed = read_identity(body, identity::find(tx), "");
  identity::set(tx, changed);
  tx.commit();
  return answer(changed);
}

}  // namespace

Identity read_identity(const Json& json, Identity identity, std::string_view at) {
  allow_only(json, {"managedIdentity", "roles", "multiServiceResource"}, at);
  identity.managed_identity = flag(json, "managedIdentity", identity.managed_identity);
  identity.multi_service_resource = flag(json, "multiServiceResource", identity.multi_service_resource);
  const auto roles = json.find("roles");
  if (roles == json.end()) return identity;
  const std::string here = std::string(at) + "/roles";
  if (!roles->is_object()) throw bad_field("InvalidField", "roles must be an object.", here);
  allow_only(*roles, {kBlobRole, kQueueRole}, here);
  identity.blob_contributor = flag(*roles, kBlobRole, identity.blob_contributor);
  identity.queue_contributor = flag(*roles, kQueueRole, identity.queue_contributor);
  return identity;
}

std::span<const Operation<ControlContext>> identity_operations() {
  static constexpr Operation<ControlContext> operations[] = {
      {{"GetIdentity", Method::Get, "/_emulator/identity"},
       get_identity,
       {"What the Custom Vision resource may do with the user's storage"}},
      {{"SetIdentity", Method::Put, "/_emulator/identity"},
       set_identity,
       {"Takes prerequisites of the storage integration away, or gives them back",
        "managedIdentity, roles, multiServiceResource", R"({"managedIdentity": false})"}},
  };
  return operations;
}

}  // namespace cvemu::control
