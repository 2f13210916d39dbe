// The routes under /_emulator/: every way to steer the emulator, as JSON. One file per family of routes, each
// with its table at the foot; cvemu::Control is their typed client. Every answer has its secrets masked on
// the way out (base/secrets.h), but for the few that are asked for them.
#pragma once
#include "control/context.h"

namespace cvemu {

class ControlService : public Service {
 public:
  explicit ControlService(control::ControlContext control) : control_(control) {}

  // Whether a path, still percent-encoded, is for this service and not for the one it shares the endpoint
  // with.
  static bool claims(std::string_view raw_path);

  std::string_view name() const override { return "control"; }
  Match match(const Exchange& exchange) const override;
  Principal authenticate(const Exchange& exchange, const Match& match) override;
  Response run(const Match& match, RequestContext& context) override;
  Response render(const ApiError& error, const Exchange& exchange) const override;
  void finish(Response& response, const Exchange& exchange) const override;
  ApiError unexpected() const override;
  ApiError unavailable() const override;
  bool is_recorded() const override { return false; }

  static const OperationTable<control::ControlContext>& operations();  // the joined rows

 private:
  control::ControlContext control_;
};

}  // namespace cvemu
