#include "runtime/instruments.h"

#include "base/text.h"
#include "runtime/fault_effects.h"
#include "runtime/notification_text.h"
#include "store/iterations.h"
#include "store/projects.h"

namespace cvemu {

namespace {

constexpr std::string_view kFaultHeader = "x-emulator-fault";
// A body that is no longer is read before a fault is chosen: to look into it, and to know a retry when it
// comes.
constexpr std::uint64_t kReadAhead = 1024 * 1024;

class ExchangeWitness : public Witness {
 public:
  ExchangeWitness(RequestJournal& journal, Faults& faults, Database& database, Service& service,
                  const Exchange& exchange, Body& body)
      : journal_(journal),
        faults_(faults),
        database_(database),
        service_(service),
        exchange_(exchange),
        body_(body, journal.limits().body),
        entry_(std::make_shared<JournalEntry>()) {
    entry_->wall = std::chrono::system_clock::now();
    entry_->at = exchange.at;
    entry_->service = service.name();
    entry_->method = exchange.request.method;
    entry_->internal = exchange.peer.internal;
  }
  ~ExchangeWitness() override {
    if (entry_) keep(nullptr);
  }

  Body& body() override { return body_; }
  std::optional<Response> matched(const Match& match) override;
  void done(Response& response) override {
    if (fault_) fault_->after(response);
  }
  void answered(const Response& response) override;

 private:
  std::shared_ptr<const FaultRule> choose_rule(const Match& match);
  std::shared_ptr<const FaultRule> asked_for(const Match& match, std::string_view header);
  std::shared_ptr<const FaultRule> named_in(std::string_view header);
  RequestFacts facts(const Match& match);
  std::string param(const Match& match, std::string_view name);
  std::string notification();
  void keep(const Response* response);

  RequestJournal& journal_;
  Faults& faults_;
  Database& database_;
  Service& service_;
  const Exchange& exchange_;
  CopiedBody body_;
  std::shared_ptr<JournalEntry> entry_;
  const Match* match_ = nullptr;
  std::optional<FaultEffect> fault_;
  std::optional<std::size_t> key_;  // set if a rule was asked
};

std::optional<Response> ExchangeWitness::matched(const Match& match) {
  match_ = &match;
  auto rule = choose_rule(match);
  if (!rule) return std::nullopt;
  entry_->fault = rule->id;
  fault_.emplace(faults_, database_, service_, exchange_, match, body_, std::move(rule));
  return fault_->before();
}

std::shared_ptr<const FaultRule> ExchangeWitness::choose_rule(const Match& match) {
  if (const auto header = exchange_.request.headers.find(kFaultHeader)) return asked_for(match, *header);
  if (faults_.empty()) return nullptr;
  return faults_.strike(facts(match), [&] {
    body_.read_ahead(kReadAhead);
    const std::string_view whole = body_.whole();
    key_ = retry_key(exchange_.request.method, exchange_.request.target, whole.size(), whole);
    return *key_;
  });
}

std::shared_ptr<const FaultRule> ExchangeWitness::named_in(std::string_view header) {
  constexpr std::string_view kRule = "rule=";
  if (!istarts_with(header, kRule)) return std::make_shared<const FaultRule>(read_fault_header(header));
  auto rule = faults_.strike_by_name(header.substr(kRule.size()));
  if (!rule)
    throw ApiError(400, "InvalidFaultHeader",
                   "x-emulator-fault: there is no such rule: " + std::string(header));
  return rule;
}

// A request may ask for more than it could meet: an outcome, say, where nothing begins.
std::shared_ptr<const FaultRule> ExchangeWitness::asked_for(const Match& match, std::string_view header) {
  body_.read_ahead(kReadAhead);
  auto rule = named_in(header);
  if (concerns(rule->action, facts(match))) return rule;
  throw ApiError(400, "InvalidFaultHeader",
                 "x-emulator-fault: " + std::string(fault_kind_name(rule->action.kind)) +
                     " has no effect on " + std::string(match.route->name) + '.');
}

RequestFacts ExchangeWitness::facts(const Match& match) {
  RequestFacts facts{service_.name(),
                     match.route->needs,
                     match.route->name,
                     method_name(exchange_.request.method),
                     exchange_.request.raw_path(),
                     {},
                     {},
                     {},
                     {},
                     exchange_.peer.internal};
  facts.param = [this, &match](std::string_view name) { return param(match, name); };
  facts.header = [this](std::string_view name) { return exchange_.request.headers.get(name); };
  facts.body = [this]() -> std::string_view {
    body_.read_ahead(kReadAhead);
    return body_.whole();
  };
  facts.notification = [this] { return notification(); };
  return facts;
}

std::string ExchangeWitness::notification() {
  body_.read_ahead(kReadAhead);
  return notification_text::read(body_.whole());
}

// What the emulator sends to a queue or container belongs to a project, too: the document or the blob's name
// says so.
std::string ExchangeWitness::param(const Match& match, std::string_view name) {
  if (name == "projectName") {
    const auto id = Uuid::parse(param(match, "project"));
    if (!id) return {};
    Transaction tx(database_);
    const auto project = projects::find(tx, *id);
    return project ? project->name : std::string();
  }
  if (name == "iterationName") {
    const auto project = Uuid::parse(param(match, "project")), id = Uuid::parse(param(match, "iteration"));
    if (!project || !id) return {};
    Transaction tx(database_);
    const auto iteration = iterations::find(tx, *project, *id);
    return iteration ? iteration->name : std::string();
  }
  const std::string_view in_path = path_param(name);
  if (const auto value = match.params.get(in_path);
      !value.empty() || in_path == name || !exchange_.peer.internal)
    return std::string(value);
  if (match.route->name == "PutMessage") return notification_text::member(notification(), in_path);
  const std::string_view blob = match.params.get("blob");  // "{project} - {iteration}.{platform}"
  const std::size_t dash = blob.find(" - ");
  if (dash == std::string_view::npos) return {};
  return std::string(name == "project" ? blob.substr(0, dash)
                                       : blob.substr(dash + 3, blob.rfind('.') - dash - 3));
}

void ExchangeWitness::answered(const Response& response) {
  const bool breaks = response.wire_fault && response.wire_fault->breaks_off();
  if (key_) faults_.settle(*key_, fault_ ? &fault_->rule() : nullptr, !breaks && response.status < 400);
  entry_->status = breaks ? 0 : response.status;
  entry_->streamed = std::holds_alternative<Stream>(response.body);
  entry_->response_length = response.body_length();
  keep(&response);
}

void ExchangeWitness::keep(const Response* response) {
  if (match_) {
    entry_->operation = match_->route->name;
    entry_->needs = match_->route->needs;
  }
  entry_->request_length = body_.length().value_or(body_.seen());
  entry_->store(exchange_.request, match_ ? &match_->params : nullptr, body_.beginning(), response,
                journal_.limits().body);
  entry_->took = std::chrono::system_clock::now() - entry_->wall;
  journal_.add(std::move(entry_));
}

}  // namespace

std::unique_ptr<Witness> Instruments::watch(Service& service, const Exchange& exchange, Body& body) {
  if (service.name() == "control") return nullptr;
  return std::make_unique<ExchangeWitness>(journal_, faults_, database_, service, exchange, body);
}

}  // namespace cvemu
