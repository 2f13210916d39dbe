// Operations of the published service that this emulator leaves out, each with its reason in
// fixtures/operations/blob.json. They answer 501 in the service's shape.
#include "blob/operations.h"
#include "storage/errors.h"

namespace cvemu::blob {

namespace {

template <const char* kName>
Response left_out(State&, RequestContext&) {
  throw storage_errors::not_implemented(kName);
}

constexpr char kQuery[] = "QueryBlobContents";
constexpr char kSetPolicy[] = "SetBlobImmutabilityPolicy";
constexpr char kDeletePolicy[] = "DeleteBlobImmutabilityPolicy";
constexpr char kLegalHold[] = "SetBlobLegalHold";
constexpr char kRename[] = "RenameContainer";

}  // namespace

Rows unsupported_operations() {
  static constexpr Operation<State> operations[] = {
      {{kQuery,
        Method::Post,
        "/{container}/{blob...}?comp=query",
        "",
        {.resource = "o", .account = "r", .service = "r"}},
       left_out<kQuery>},
      {{kSetPolicy,
        Method::Put,
        "/{container}/{blob...}?comp=immutabilityPolicies",
        "",
        {.resource = "o", .account = "w", .service = "w"}},
       left_out<kSetPolicy>},
      {{kDeletePolicy,
        Method::Delete,
        "/{container}/{blob...}?comp=immutabilityPolicies",
        "",
        {.resource = "o", .account = "w", .service = "w"}},
       left_out<kDeletePolicy>},
      {{kLegalHold,
        Method::Put,
        "/{container}/{blob...}?comp=legalhold",
        "",
        {.resource = "o", .account = "w", .service = "w"}},
       left_out<kLegalHold>},
      {{kRename,
        Method::Put,
        "/{container}?restype=container&comp=rename",
        "",
        {.resource = "c", .account = "w"}},
       left_out<kRename>},
  };
  return operations;
}

}  // namespace cvemu::blob
