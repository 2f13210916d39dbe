// The user's queue and container, wherever they are: a message or a blob sent to a URI the user gave. A SAS
// in the URI is used as it is; without one the request is signed with the key of an account we know: one on
// another server that was named at the start, or one of ours.
#pragma once
#include <stdexcept>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/url.h"
#include "db/database.h"
#include "http/transport.h"
#include "storage/accounts.h"
#include "storage/foreign_accounts.h"

namespace cvemu::customvision {

// The other side refused, or there was no answer; what() says what happened, in words for the user.
struct LinkError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class StorageLink {
 public:
  // The database says what the resource's identity may do (store/identity.h).
  StorageLink(Transport& transport, const Accounts& accounts, const ForeignAccounts& foreign,
              const Clock& clock, Database& database, bool base64_messages)
      : transport_(transport),
        accounts_(accounts),
        foreign_(foreign),
        clock_(clock),
        database_(database),
        base64_messages_(base64_messages) {}

  // All three throw LinkError, also for a text that is no URL, and std::logic_error inside a Transaction.
  // `delivery`: what it is about.
  void send_message(std::string_view queue_uri, std::string_view json, Delivery delivery);
  void put_blob(std::string_view container_uri, std::string_view name, std::string bytes,
                std::string_view content_type, Delivery delivery);
  void delete_blob(std::string_view container_uri,
                   std::string_view name);  // one that is gone already is fine

  // The blob's plain URL in the container: without the container's SAS.
  static std::string blob_url(std::string_view container_uri, std::string_view name);

 private:
  enum class Role { Blobs, Queues };
  void require_role(Role role, bool has_sas) const;
  Response send(Role role, Url url, Request request, std::string body);
  void sign(Request& request, const Url& url) const;
  Transport& transport_;
  const Accounts& accounts_;
  const ForeignAccounts& foreign_;
  const Clock& clock_;
  Database& database_;
  const bool base64_messages_;
};

}  // namespace cvemu::customvision
