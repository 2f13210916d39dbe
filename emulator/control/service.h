// The routes under /_emulator/: Control as JSON over HTTP.
#pragma once
#include "cvemu/control.h"
#include "http/service.h"

namespace cvemu {

class ControlService : public Service {
 public:
  explicit ControlService(Control& control) : control_(control) {}

  // Whether a request is for this service and not for the one it shares the door with.
  static bool claims(const Request& request);

  std::string_view name() const override { return "control"; }
  Match match(const Exchange& exchange) const override;
  Principal authenticate(const Exchange& exchange, const Match& match) override;
  Response run(const Match& match, RequestContext& context) override;
  Response render(const ApiError& error, const Exchange& exchange) const override;
  void finish(Response&, const Exchange&) const override {}
  ApiError unexpected() const override;

  static const OperationTable<Control>& operations();  // the joined rows

 private:
  Control& control_;
};

}  // namespace cvemu
