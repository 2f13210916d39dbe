// What the Queue and the Blob service do alike with a request: its address, its row, who calls, what may
// stand on it, the shape of errors, the headers of every answer. Each service adds its rows and the hooks
// below.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "db/database.h"
#include "http/service.h"
#include "storage/access.h"
#include "storage/accounts.h"
#include "storage/addressing.h"
#include "storage/service_properties.h"

namespace cvemu {

struct StorageOptions {
  AccessOptions access;
  AddressingOptions addressing;
  bool strict_api_version = false;  // refuse an x-ms-version newer than we know
  std::string server;               // the Server header: "cvemu-Blob/0.1.0"
};

// The account of the request: match() adds it to the path's parameters.
std::string_view account_of(const RequestContext& context);

// Any number of threads; so are the hooks called, with no Transaction open unless one is given.
class StorageService : public Service {
 public:
  Match match(const Exchange&) const final;
  Principal authenticate(const Exchange&, const Match&) final;
  Response run(const Match&, RequestContext&) final;
  Response render(const ApiError&, const Exchange&) const final;
  void finish(Response&, const Exchange&) const final;
  ApiError unexpected() const final;
  ApiError unavailable() const final;
  ApiError error_for(int status) const final;
  ApiError throttled(std::optional<std::int64_t> seconds) const final;
  ApiError denied() const final;

  // One request inside another (a batch): as match(), and as the pipeline does from there on. `address` says
  // what it speaks to; its signature is over the target as it was sent.
  Match match_at(const Exchange&, const Address&) const;
  Response serve_at(const Exchange&, const Address&, const Match&);

 protected:
  // What is referred to must outlive the service. `options.access` is in `access` already.
  StorageService(Database& database, const Router& router, AccessContext access, StorageOptions options);

  // A hook, too: whether the row changes nothing, so that the secondary endpoint takes it.
  virtual bool is_read(const Route&) const;

  // Does what is due when an answer is decided already, and cannot take it back: false if the database
  // failed, or if the state was replaced meanwhile.
  template <class Work>
  static bool try_after_answer(const Work& work) {
    try {
      work();
      return true;
    } catch (const std::exception&) {
      return false;
    }
  }

 private:
  // The hooks.
  //
  // The function of the row. May throw ApiError, DbError, GenerationChanged.
  virtual Response run_operation(const Match&, RequestContext&) = 0;
  // Why no row fits; `path` as in Address.
  virtual ApiError no_such_operation(Router::Outcome, const Exchange&, std::string_view path) const = 0;
  // Throws ApiError if the row does not take the method after all: HEAD finds the rows of GET.
  virtual void check_method(const Route&, Method) const {}
  // What is asked for, out of the path.
  virtual Resource resource_of(const Match&) const = 0;
  // Those set for the account, or the defaults.
  virtual ServiceProperties load_properties(Transaction&, std::string_view account) const = 0;

  Address address_of(const Exchange&) const;
  Principal authenticate_at(const Exchange&, const Address&, const Match&) const;

  Database& database_;
  const Router& router_;
  const AccessContext access_;
  const StorageOptions options_;
};

}  // namespace cvemu
