// The Table service's place: every request is answered 501 in the service's shape. Tables are not emulated.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http/service.h"

namespace cvemu::table {

// Knows nothing but its name. Any number of threads.
class TableService : public Service {
 public:
  // `server`: the Server header, "cvemu-Table/0.1.0".
  explicit TableService(std::string server) : server_(std::move(server)) {}

  std::string_view name() const override { return "table"; }
  Match match(const Exchange&) const override;
  Principal authenticate(const Exchange&, const Match&) override { return {}; }
  [[noreturn]] Response run(const Match&, RequestContext&) override;
  Response render(const ApiError&, const Exchange&) const override;
  void finish(Response&, const Exchange&) const override;
  ApiError unexpected() const override;
  ApiError unavailable() const override;
  ApiError error_for(int status) const override;
  ApiError throttled(std::optional<std::int64_t> seconds) const override;
  ApiError denied() const override;

 private:
  const std::string server_;
};

}  // namespace cvemu::table
