#include "faults/request_fault.h"

#include "base/text.h"
#include "faults/actions.h"
#include "faults/read_action.h"
#include "store/customvision/iterations.h"
#include "store/customvision/projects.h"

namespace cvemu {

namespace {

constexpr std::string_view kFaultHeader = "x-emulator-fault";
// A body that is no longer is read before a fault is chosen: to look into it, and to know a retry when it
// comes.
constexpr std::uint64_t kReadAhead = 1024 * 1024;

ApiError invalid_header(const std::string& why) {
  return ApiError(400, "InvalidFaultHeader", "x-emulator-fault: " + why);
}

}  // namespace

std::optional<Response> RequestFault::before(const Match& match) {
  auto rule = choose(match);
  if (!rule) return std::nullopt;
  effect_.emplace(faults_, database_, service_, exchange_, match, body_, std::move(rule));
  return effect_->before();
}

void RequestFault::after(Response& response) {
  if (effect_) effect_->after(response);
}

void RequestFault::settle(const Response& response) {
  if (!key_) return;
  const bool breaks = response.wire_fault && response.wire_fault->breaks_off();
  faults_.settle(*key_, effect_ ? &effect_->rule() : nullptr, !breaks && response.status < 400);
}

std::shared_ptr<const FaultRule> RequestFault::choose(const Match& match) {
  if (const auto header = exchange_.request.headers.find(kFaultHeader)) return asked_for(match, *header);
  if (faults_.empty()) return nullptr;
  return faults_.select(facts(match), [&] {
    body_.read_ahead(kReadAhead);
    const std::string_view whole = body_.whole();
    key_ = retry_key(exchange_.request.method, exchange_.request.target, whole.size(), whole);
    return *key_;
  });
}

std::shared_ptr<const FaultRule> RequestFault::named_in(std::string_view header) {
  constexpr std::string_view kRule = "rule=";
  if (!istarts_with(header, kRule)) return std::make_shared<const FaultRule>(read_fault_header(header));
  auto rule = faults_.select_by_name(header.substr(kRule.size()));
  if (!rule) throw invalid_header("there is no such rule: " + std::string(header));
  return rule;
}

// A request may ask for more than it could meet: an outcome, say, where nothing begins.
std::shared_ptr<const FaultRule> RequestFault::asked_for(const Match& match, std::string_view header) {
  body_.read_ahead(kReadAhead);
  auto rule = named_in(header);
  if (applies(rule->action, facts(match))) return rule;
  throw invalid_header(std::string(rule->action.kind->name) + " has no effect on " +
                       std::string(match.route->name) + '.');
}

RequestFacts RequestFault::facts(const Match& match) {
  RequestFacts facts{service_.name(),
                     match.route->access.key,
                     match.route->name,
                     method_name(exchange_.request.method),
                     exchange_.request.raw_path(),
                     {},
                     {},
                     {},
                     exchange_.request.delivery.kind};
  facts.param = [this, &match](std::string_view name) { return param(match, name); };
  facts.header = [this](std::string_view name) { return exchange_.request.headers.get(name); };
  facts.body = [this]() -> std::string_view {
    body_.read_ahead(kReadAhead);
    return body_.whole();
  };
  return facts;
}

// What the emulator sends to a queue or container belongs to a project, too: the sender says to which.
std::string RequestFault::param(const Match& match, std::string_view name) const {
  if (name == "projectName") return name_of_project(database_, param(match, "project"));
  if (name == "iterationName")
    return name_of_iteration(database_, param(match, "project"), param(match, "iteration"));
  if (const auto value = match.params.get(path_param(name)); !value.empty()) return std::string(value);
  const Delivery& delivery = exchange_.request.delivery;
  if (name == "project") return delivery.project;
  return name == "iteration" ? delivery.iteration : std::string();
}

}  // namespace cvemu
