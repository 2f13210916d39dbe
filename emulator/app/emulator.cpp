#include "cvemu/emulator.h"

#include <chrono>
#include <thread>

#include "app/startup.h"
#include "base/hashes.h"
#include "base/text.h"
#include "blob/service.h"
#include "control/job_events.h"
#include "control/service.h"
#include "customvision/jobs/notifications.h"
#include "customvision/service.h"
#include "http/listener.h"
#include "http/own_names.h"
#include "http/public_endpoints.h"
#include "pipeline/pipeline.h"
#include "queue/service.h"
#include "runtime/automatic_clock.h"
#include "runtime/housekeeping.h"
#include "runtime/scheduler.h"
#include "runtime/snapshots.h"
#include "storage/shared_key.h"
#include "store/queue/messages.h"
#include "table/service.h"

namespace cvemu {

const char* const kVersion = CVEMU_VERSION;

namespace {

// The account that holds the service's own files: images, models.
constexpr std::string_view kServiceAccount = "customvisionstore";

template <class State>
void append_names(std::vector<control::KnownOperation>& names, std::string_view service,
                  const OperationTable<State>& operations) {
  for (const auto* operation : operations) names.push_back({service, operation->route.name});
}

// What faults and queries may name.
const std::vector<control::KnownOperation>& known_operations() {
  static const std::vector<control::KnownOperation> names = [] {
    std::vector<control::KnownOperation> all;
    append_names(all, "customvision", CustomVisionService::operations());
    append_names(all, "queue", queue::QueueService::operations());
    append_names(all, "blob", blob::BlobService::operations());
    all.push_back({"blob", kDropLostBlob});
    for (const OperationKind kind : {OperationKind::Training, OperationKind::Export, OperationKind::Import})
      all.push_back({"customvision", control::ending_name(kind)});
    return all;
  }();
  return names;
}

std::string word(const control::Announcement& wanted) {
  namespace notifications = customvision::notifications;
  if (wanted.type == NotificationType::Training)
    return notifications::training(wanted.project, wanted.iteration, wanted.completed);
  if (wanted.type == NotificationType::Export)
    return notifications::exported(wanted.project, wanted.iteration, wanted.completed, wanted.model_uri);
  return notifications::connection_test(wanted.project);
}

PublicEndpoints::Urls public_urls(const Options& options) {
  return {PublicEndpoints::parse(options.public_url), PublicEndpoints::parse(options.public_blob_url),
          PublicEndpoints::parse(options.public_queue_url)};
}

// In real time.
constexpr std::chrono::milliseconds kTimeToFinish{100};

void let_requests_finish(const Activity& activity) {
  using Steady = std::chrono::steady_clock;
  for (const auto end = Steady::now() + kTimeToFinish; activity.is_answering() && Steady::now() < end;)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

// Relative folders in a scenario lie beside its file.
std::string base_query(const std::filesystem::path& file) {
  return "?base=" + percent_encode(absolute(file).parent_path().string());
}

}  // namespace

// Everything, in the order it is built; ~Parts ends it from the outside in.
struct Emulator::Parts {
  const Options options;
  const HostPolicy hosts;
  const Log log;
  const std::optional<TlsIdentity> identity;
  Clock clock;
  const std::unique_ptr<Database> database;
  IdSource ids;
  Scheduler scheduler;
  Housekeeping housekeeping;
  Accounts accounts;
  Network network;
  Loopback transport;
  RequestJournal journal;
  Faults faults;
  ChangeSignal changes;
  AutomaticClock automatic_clock;
  Activity activity;
  Pipeline pipeline;
  Listener vision_listener, blob_listener, queue_listener;  // bound here, opened last
  const std::unique_ptr<Listener> table_listener;           // null: nobody expects it
  PublicEndpoints public_endpoints;
  OwnNames own_names;
  CustomVisionService vision;
  blob::BlobService blob;
  queue::QueueService queue;
  table::TableService table;
  Snapshots snapshots;
  const control::EndpointInfo endpoints;
  std::mutex replacement;
  ControlService control_service;
  Control control;

  explicit Parts(Options wanted);
  ~Parts();

  Environment environment() { return {clock, ids, *database, scheduler, housekeeping, transport, log}; }
  std::string blob_host() const { return options.blob_host.empty() ? options.host : options.blob_host; }
  std::string queue_host() const { return options.queue_host.empty() ? options.host : options.queue_host; }
  std::string table_host() const { return options.table_host.empty() ? options.host : options.table_host; }
  std::string scheme() const { return identity ? "https" : "http"; }
  Url url_of(const std::string& host, const Listener& listener) const {
    return {scheme(), reachable_host(host), listener.port(), "/", ""};
  }
  const Account& first_account() const { return *accounts.begin(); }

  std::unique_ptr<Listener> listen_for_tables();
  std::vector<Listener*> listeners();
  Options with_bound_ports() const;
  std::string table_endpoint() const;
  control::EndpointInfo make_endpoint_info();
  control::ControlContext control_context();
  Handler serve(Service& service);
  Handler serve_vision_or_control();
  Response serve_internal(Service& service, const Request& request, Body& body, bool encrypted = false);
  bool leads_to(const Url& url, const Listener& listener,
                std::optional<Url> PublicEndpoints::Urls::* public_url);
  void claim_endpoint(Service& service, std::string_view kind, const Listener& listener,
                      std::optional<Url> PublicEndpoints::Urls::* public_url);
  void keep_from_control();
  Control::Answer call_control(std::string_view method, std::string_view path, std::string text);
  Url endpoint(control::EndpointKind kind) const;
  Response send_internal(control::EndpointKind kind, Method method, const std::string& target,
                         std::string body);
  bool remove_messages();
  bool remove_blobs();
  void record(const CompletedJob& job);
  void create_contents();
  void create(control::EndpointKind kind, const std::string& target);
  void load_scenario(const std::filesystem::path& file);
};

Emulator::Parts::Parts(Options wanted)
    : options(std::move(wanted)),
      hosts(host_policy(options)),
      log(make_log(options)),
      identity(read_identity(options)),
      database(open_database(options.location)),
      ids(make_ids(*database, options.seed)),
      scheduler(clock, *database, log),
      housekeeping(log),
      accounts(read_accounts(options.accounts)),
      network(reachable_hosts(options)),
      transport(network),
      journal({options.journal_max}),
      faults(options.seed.value_or(1)),
      automatic_clock(clock, scheduler),
      pipeline({clock, ids, *database, log, journal, faults, changes, activity, &hosts, &automatic_clock}),
      vision_listener(options.host, options.port, serve_vision_or_control(), identity),
      blob_listener(blob_host(), options.blob_port, serve(blob), identity),
      queue_listener(queue_host(), options.queue_port, serve(queue), identity),
      table_listener(listen_for_tables()),
      vision(environment(), vision_options(options), accounts,
             {accounts,
              std::string(kServiceAccount),
              {scheme(), url_host(blob_host()), blob_listener.port()},
              hosts,
              public_endpoints},
             hosts),
      blob(*database, ids, transport, accounts, storage_options(options, "Blob"),
           [this](Transaction&) { housekeeping.wake(); }),
      queue(*database, ids, accounts, storage_options(options, "Queue"),
            [this](Transaction&) { housekeeping.wake(); }),
      table(storage_options(options, "Table").server),
      snapshots(environment(), options.seed.has_value()),
      endpoints(make_endpoint_info()),
      control_service(control_context()),
      control([this](auto method, auto path, std::string body) {
        return call_control(method, path, std::move(body));
      }) {
  accounts.add(kServiceAccount, {service_key(*database, options.seed)});
  resume_clock(clock, *database, options);
  drop_lost_blobs(environment(), vision, journal, endpoint(control::EndpointKind::Blob).authority());
  public_endpoints.set(public_urls(options));
  claim_endpoint(blob, "blob", blob_listener, &PublicEndpoints::Urls::blob);
  claim_endpoint(queue, "queue", queue_listener, &PublicEndpoints::Urls::queue);
  if (table_listener) claim_endpoint(table, "table", *table_listener, nullptr);
  keep_from_control();
  housekeeping.add("clearing queues", [this] { return remove_messages(); });
  housekeeping.add("removing blobs", [this] { return remove_blobs(); });
  housekeeping.add("removing projects", [this] { return vision.remove_deleted(); });
  scheduler.on_change([this] { changes.notify(); });
  scheduler.on_end([this](const CompletedJob& job) { record(job); });
  create_contents();
  if (const auto line = exposure(with_bound_ports()); !line.empty()) log.warning(line);
  scheduler.start();
  housekeeping.start();
  for (Listener* listener : listeners()) listener->start();
}

Emulator::Parts::~Parts() {
  faults.release();  // nobody who waits in a request keeps an endpoint open
  changes.release();
  housekeeping.stop();
  let_requests_finish(activity);
  database->refuse_transactions();  // what takes longer ends here
  network.stop();
  for (Listener* listener : listeners()) listener->stop();
  scheduler.stop();
}

std::unique_ptr<Listener> Emulator::Parts::listen_for_tables() {
  const auto port = wanted_table_port(options);
  return port ? std::make_unique<Listener>(table_host(), *port, serve(table), identity) : nullptr;
}

std::vector<Listener*> Emulator::Parts::listeners() {
  std::vector<Listener*> all{&vision_listener, &blob_listener, &queue_listener};
  if (table_listener) all.push_back(table_listener.get());
  return all;
}

Options Emulator::Parts::with_bound_ports() const {
  Options bound = options;
  bound.port = vision_listener.port();
  bound.blob_port = blob_listener.port();
  bound.queue_port = queue_listener.port();
  if (table_listener) bound.table_port = table_listener->port();
  return bound;
}

std::string Emulator::Parts::table_endpoint() const {
  return table_listener ? url_of(table_host(), *table_listener).at('/' + first_account().name).text() : "";
}

control::EndpointInfo Emulator::Parts::make_endpoint_info() {
  control::EndpointInfo known{scheme(),
                              url_host(options.host),
                              vision_listener.port(),
                              blob_listener.port(),
                              queue_listener.port(),
                              with_bound_ports().table_port,
                              accounts,
                              {},
                              {},
                              {},
                              {}};
  for (const auto* tier : customvision::limits::kTiers) known.tiers.push_back(tier->name);
  for (const auto name : customvision::kTrainingVersions) known.training_versions.push_back(name);
  for (const auto name : customvision::kPredictionVersions) known.prediction_versions.push_back(name);
  known.waiting_for = [this] {
    std::vector<std::string> closed;
    if (!vision_listener.started()) closed.emplace_back("Custom Vision endpoint");
    if (!blob_listener.started()) closed.emplace_back("blob endpoint");
    if (!queue_listener.started()) closed.emplace_back("queue endpoint");
    if (table_listener && !table_listener->started()) closed.emplace_back("table endpoint");
    return closed;
  };
  return known;
}

control::ControlContext Emulator::Parts::control_context() {
  return {environment(),
          options,
          endpoints,
          public_endpoints,
          hosts,
          journal,
          changes,
          replacement,
          faults,
          known_operations(),
          snapshots,
          kServiceAccount,
          [this] { restart_clock(clock, options); },
          [this] { blob.begin_garbage_collection(); },
          [this](auto kind, auto method, auto path, auto body) {
            return send_internal(kind, method, path, std::move(body));
          },
          [this](control::EndpointKind kind) { return endpoint(kind); },
          draw_image,
          word,
          looks_like_image};
}

Handler Emulator::Parts::serve(Service& service) {
  return [this, &service](const Request& request, Body& body, const Peer& peer) {
    return pipeline.serve(service, request, body, peer);
  };
}

Handler Emulator::Parts::serve_vision_or_control() {
  return [this](const Request& request, Body& body, const Peer& peer) {
    Service& service =
        ControlService::claims(request.raw_path()) ? static_cast<Service&>(control_service) : vision;
    return pipeline.serve(service, request, body, peer);
  };
}

// A request from the emulator to itself: the same pipeline, no socket.
Response Emulator::Parts::serve_internal(Service& service, const Request& request, Body& body,
                                         bool encrypted) {
  Peer peer;
  peer.internal = true;
  peer.encrypted = encrypted;
  return pipeline.serve(service, request, body, peer);
}

// By the public URL, if there may be one, or by the bound port under a name or an address of this machine.
// What --allow-host names is another's, whatever it looks like.
bool Emulator::Parts::leads_to(const Url& url, const Listener& listener,
                               std::optional<Url> PublicEndpoints::Urls::* public_url) {
  if (names_host(options.allow_hosts, url)) return false;
  const std::optional<Url> known = public_url ? public_endpoints.urls().*public_url : std::nullopt;
  if (known && same_authority(*known, url)) return true;
  if (url.port != listener.port()) return false;
  return is_this_machine(url.host) || url.host == options.host || own_names.contains(url.host);
}

// Requests to our own endpoints stay in the process: by the port on this machine, or by a host name of
// Azure's that carries one of our accounts.
void Emulator::Parts::claim_endpoint(Service& service, std::string_view kind, const Listener& listener,
                                     std::optional<Url> PublicEndpoints::Urls::* public_url) {
  const auto is_ours = [this, kind = std::string(kind), &listener, public_url](const Url& url) {
    const std::string account = url.host.substr(0, url.host.find('.'));
    if (url.host == account + '.' + kind + ".core.windows.net") return accounts.find(account) != nullptr;
    return leads_to(url, listener, public_url);
  };
  transport.add_endpoint(is_ours, [this, &service](const Url& url, const Request& request, Body& body) {
    return serve_internal(service, request, body, url.scheme == "https");
  });
}

// What clients name as a queue, a container or an image is no control route: the emulator would control
// itself for them.
void Emulator::Parts::keep_from_control() {
  const auto is_control = [this](const Url& url) {
    return ControlService::claims(url.path) && leads_to(url, vision_listener, &PublicEndpoints::Urls::vision);
  };
  transport.add_endpoint(is_control, [](const Url& url, const Request&, Body&) -> Response {
    throw TransportError("refused to call " + url.authority() +
                         ": control routes are not for the emulator itself");
  });
}

// A control request of the embedded Control.
Control::Answer Emulator::Parts::call_control(std::string_view method, std::string_view path,
                                              std::string text) {
  Request request{parse_method(method), std::string(path), {}};
  request.headers.add("Host", endpoint(control::EndpointKind::Control).authority());
  StringBody body(std::move(text));
  Response response = serve_internal(control_service, request, body);
  return {response.status, take_body(response)};
}

Url Emulator::Parts::endpoint(control::EndpointKind kind) const {
  const std::string account = '/' + first_account().name;
  if (kind == control::EndpointKind::Queue) return url_of(queue_host(), queue_listener).at(account);
  if (kind == control::EndpointKind::Blob) return url_of(blob_host(), blob_listener).at(account);
  return url_of(options.host, vision_listener);
}

// A request from inside to any endpoint, as a client with all rights would send it.
Response Emulator::Parts::send_internal(control::EndpointKind kind, Method method, const std::string& target,
                                        std::string body) {
  const Url url = endpoint(kind).at(target);
  Request request{method, url.target(), {}};
  request.headers.add("Host", url.authority());
  request.headers.add("Content-Length", std::to_string(body.size()));
  if (kind == control::EndpointKind::Queue || kind == control::EndpointKind::Blob) {
    shared_key::sign(request, first_account(), clock.now());
    return transport.send(url, std::move(request), std::move(body));
  }
  request.headers.add("Content-Type", "application/json");
  request.headers.add("Training-Key", options.training_keys.empty() ? "scenario" : options.training_keys[0]);
  Service& service = kind == control::EndpointKind::Control ? static_cast<Service&>(control_service) : vision;
  StringBody content(std::move(body));
  return serve_internal(service, request, content);
}

bool Emulator::Parts::remove_messages() {
  Transaction tx(*database);
  const bool more = messages::collect_garbage(tx);
  tx.commit();
  return more;
}

bool Emulator::Parts::remove_blobs() {
  blob.begin_garbage_collection();
  return blob.collect_garbage_slice(clock.now());
}

// The end of a training, export or import is in the journal, though nobody sent a request for it.
void Emulator::Parts::record(const CompletedJob& job) {
  if (auto entry = control::journal_entry_of(job, endpoint(control::EndpointKind::Vision).authority()))
    journal.add(std::move(entry));
}

// What the options want to be there at the start.
void Emulator::Parts::create_contents() {
  for (const std::string& name : options.create_containers)
    create(control::EndpointKind::Blob, '/' + percent_encode(name) + "?restype=container");
  for (const std::string& name : options.create_queues)
    create(control::EndpointKind::Queue, '/' + percent_encode(name));
  for (const auto& file : options.scenarios) load_scenario(file);
}

// A queue or container that is wanted at the start; one that exists is fine.
void Emulator::Parts::create(control::EndpointKind kind, const std::string& target) {
  const Response response = send_internal(kind, Method::Put, target, "");
  if (response.status == 201 || response.status == 204 || response.status == 409) return;
  throw StartError(StartError::Kind::Usage,
                   "cannot create " + target + ": " + std::string(response.headers.get("x-ms-error-code")));
}

// Once: a file that a database holds since an earlier start, to the letter, is not loaded again.
void Emulator::Parts::load_scenario(const std::filesystem::path& file) {
  std::string text = read_file(file, "--scenario");
  const std::string mark = "scenario " + hex_encode(sha256(text));
  try {
    if (is_marked(*database, mark)) return log.info(file.string() + " is in the database already");
    control.call("POST", "/_emulator/scenarios" + base_query(file), std::move(text));
    set_mark(*database, mark);
  } catch (const ControlError& error) {
    throw StartError(StartError::Kind::InvalidFile, file.string() + ": " + error.what());
  }
}

namespace {

// A scenario that a state without any will take is checked as a whole by an emulator of its own, before there
// is anything to undo.
void check_new_scenarios(const Options& options) {
  if (options.scenarios.empty() || holds_state(options.location)) return;
  Options trial;
  trial.accounts = options.accounts;
  trial.storage_accounts = options.storage_accounts;
  trial.tier = options.tier;
  Emulator emulator(trial);
  for (const auto& file : options.scenarios) try {
      emulator.control().call("POST", "/_emulator/scenarios/check" + base_query(file),
                              read_file(file, "--scenario"));
    } catch (const ControlError& error) {
      throw StartError(StartError::Kind::InvalidFile, file.string() + ": " + error.what());
    }
}

Options prepared(const Options& options) {
  Options good = checked(options);
  check_new_scenarios(good);
  return good;
}

}  // namespace

Emulator::Emulator(Options options) try : parts_(std::make_unique<Parts>(prepared(options))) {
} catch (const ListenError& error) {
  throw StartError(StartError::Kind::CannotListen, explain_listen_error(error, options));
} catch (const DbError& error) {
  if (options.location.empty()) throw;
  throw StartError(StartError::Kind::UnusableLocation,
                   "--location " + options.location.string() + " cannot be used: " + error.what());
} catch (const TlsError& error) {
  throw StartError(StartError::Kind::Usage, std::string("--cert: ") + error.what());
}

Emulator::~Emulator() = default;

int Emulator::port() const {
  return parts_->vision_listener.port();
}
int Emulator::blob_port() const {
  return parts_->blob_listener.port();
}
int Emulator::queue_port() const {
  return parts_->queue_listener.port();
}
int Emulator::table_port() const {
  return parts_->table_listener ? parts_->table_listener->port() : 0;
}

std::string Emulator::training_endpoint() const {
  return parts_->endpoint(control::EndpointKind::Vision).origin();
}
std::string Emulator::prediction_endpoint() const {
  return training_endpoint();
}
std::string Emulator::blob_endpoint() const {
  return parts_->endpoint(control::EndpointKind::Blob).text();
}
std::string Emulator::queue_endpoint() const {
  return parts_->endpoint(control::EndpointKind::Queue).text();
}
std::string Emulator::table_endpoint() const {
  return parts_->table_endpoint();
}

std::string Emulator::storage_connection_string() const {
  return connection_string(parts_->first_account(), blob_endpoint(), queue_endpoint(), table_endpoint());
}

Control& Emulator::control() {
  return parts_->control;
}

std::chrono::milliseconds Emulator::idle_for() const {
  return parts_->activity.idle_for();
}

}  // namespace cvemu
