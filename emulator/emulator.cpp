#include "cvemu/emulator.h"

#include <fstream>

#include <chrono>
#include <thread>

#include "base/json_writer.h"
#include "base/text.h"
#include "blob/service.h"
#include "control/service.h"
#include "customvision/service.h"
#include "http/listener.h"
#include "http/pipeline.h"
#include "queue/service.h"
#include "runtime/scheduler.h"
#include "storage/shared_key.h"
#include "store/messages.h"
#include "store/settings.h"

namespace cvemu {

const char* const kVersion = CVEMU_VERSION;

namespace {

// The account that holds the service's own files: images, models.
constexpr std::string_view kServiceAccount = "customvisionstore";
// The job that frees the bytes of deleted blobs and containers.
constexpr std::string_view kTidyBlobs = "tidy_blobs";
// Between two slices those who wait for the database get their turn: its lock favours who let go of it last.
constexpr std::chrono::milliseconds kSweepPause{1};

std::filesystem::path database_file(const std::filesystem::path& location) {
  if (location.empty()) return {};
  std::error_code error;
  std::filesystem::create_directories(location, error);
  if (error || !std::filesystem::is_directory(location))
    throw StartError(StartError::Kind::UnusableLocation,
                     "--location " + location.string() + " is not a usable folder: " +
                         (error ? error.message() : "not a folder"));
  return location / "cvemu.sqlite3";
}

std::unique_ptr<Database> open_database(const std::filesystem::path& location) {
  try {
    return std::make_unique<Database>(database_file(location));
  } catch (const DbError& error) {
    throw StartError(StartError::Kind::UnusableLocation,
                     "--location " + location.string() + " cannot be used: " + error.what());
  }
}

Accounts read_accounts(const std::string& text) {
  try {
    return Accounts::parse(text);
  } catch (const BadAccounts& error) {
    throw StartError(StartError::Kind::Usage, std::string("the list of storage accounts: ") + error.what());
  }
}

ForeignAccounts read_foreign_accounts(const Options& options) {
  try {
    return ForeignAccounts::parse(options.storage_accounts);
  } catch (const BadAccounts& error) {
    throw StartError(StartError::Kind::Usage, std::string("--storage-account: ") + error.what());
  }
}

std::vector<std::string> reachable_hosts(const Options& options) {
  std::vector<std::string> hosts = read_foreign_accounts(options).hosts();
  hosts.insert(hosts.end(), options.allow_hosts.begin(), options.allow_hosts.end());
  return hosts;
}

Log make_log(const Options& options) {
  if (!options.log) return Log();
  return Log([sink = options.log](LogLevel level, std::string_view text) { sink(static_cast<int>(level), text); },
             static_cast<LogLevel>(options.log_level));
}

customvision::limits::Tier find_tier(const std::string& name) {
  for (const auto* tier : customvision::limits::kTiers)
    if (iequals(tier->name, name)) return *tier;
  throw StartError(StartError::Kind::Usage, "--tier " + name + ": the tiers are unlimited, F0 and S0");
}

customvision::CustomVisionOptions vision_options(const Options& options) {
  return {options.training_keys, options.prediction_keys, options.training_time,
          options.export_time,   options.test_blob_time,  options.base64_notifications,
          find_tier(options.tier), read_foreign_accounts(options)};
}

// A host that can stand in a URL: a door that listens everywhere is reached by loopback.
std::string url_host(const std::string& host) {
  if (host == "0.0.0.0" || host == "::" || host.empty()) return "127.0.0.1";
  return host.find(':') == std::string::npos ? host : '[' + host + ']';
}

std::string read_file(const std::filesystem::path& path, const char* option) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw StartError(StartError::Kind::Usage, std::string(option) + ": cannot read " + path.string());
  return {std::istreambuf_iterator<char>(file), {}};
}

// Who the doors say they are, if they are to speak HTTPS.
std::optional<TlsIdentity> read_identity(const Options& options) {
  if (options.certificate.empty()) return std::nullopt;
  const std::string certificate = read_file(options.certificate, "--cert");
  if (!options.certificate_key.empty()) return TlsIdentity{certificate, read_file(options.certificate_key, "--key")};
  return TlsIdentity::from_pfx(certificate, options.certificate_password);
}

bool is_loopback(std::string_view host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.") || host.ends_with(".localhost") ||
         host == "host.docker.internal";
}

AccessOptions access_options(const Options& options) {
  AccessOptions access;
  access.loose = options.loose;
  access.oauth = options.oauth;
  return access;
}

// With a seed, each start of the same file goes on with other ids than the start before.
IdSource make_ids(Database& database, std::optional<std::uint64_t> seed) {
  if (!seed) return IdSource();
  Transaction tx(database);
  const std::int64_t starts = parse_int(settings::find(tx, "starts").value_or("0")).value_or(0);
  settings::set(tx, "starts", std::to_string(starts + 1));
  tx.commit();
  return IdSource(*seed + static_cast<std::uint64_t>(starts));
}

// The key of the service's own account: made once, so that links survive a restart.
std::string service_key(Database& database) {
  Transaction tx(database);
  if (const auto key = settings::find(tx, "service_account_key")) return *key;
  IdSource random;
  std::string bytes;
  for (int i = 0; i < 4; ++i) bytes += random.uuid().compact();
  const std::string key = base64_encode(bytes);
  settings::set(tx, "service_account_key", key);
  tx.commit();
  return key;
}

void resume_clock(Clock& clock, Database& database, bool frozen) {
  std::optional<std::string> offset;
  {
    Transaction tx(database);
    offset = settings::find(tx, "clock_offset");
  }
  const std::int64_t micros = offset ? parse_int(*offset).value_or(0) : 0;
  if (micros > 0) clock.advance(Duration(micros));
  if (frozen) clock.freeze();
}

}  // namespace

// Everything, in the order it is built; ~Parts ends it from the outside in.
struct Emulator::Parts {
  const Options options;
  const Log log;
  const std::optional<TlsIdentity> identity;
  Clock clock;
  const std::unique_ptr<Database> database;
  IdSource ids;
  Scheduler scheduler;
  Accounts accounts;
  Network network;
  Loopback transport;
  Pipeline pipeline;
  Listener vision_door, blob_door, queue_door;  // bound here, opened last
  CustomVisionService vision;
  BlobService blob;
  QueueService queue;
  const control::Place place;
  ControlService control_service;
  Control control;

  explicit Parts(Options wanted);
  ~Parts();

  Environment environment() { return {clock, ids, *database, scheduler, transport, log}; }
  std::string blob_host() const { return options.blob_host.empty() ? options.host : options.blob_host; }
  std::string queue_host() const { return options.queue_host.empty() ? options.host : options.queue_host; }
  std::string scheme() const { return identity ? "https" : "http"; }
  std::string url_of(const std::string& host, const Listener& door) const {
    return scheme() + "://" + url_host(host) + ':' + std::to_string(door.port());
  }
  std::string blob_url() const { return url_of(blob_host(), blob_door); }
  std::string queue_url() const { return url_of(queue_host(), queue_door); }
  const Account& first_account() const { return *accounts.begin(); }

  control::Place make_place();
  Handler serve(Service& service);
  Handler serve_vision_or_control();
  void claim_door(Service& service, std::string_view kind, const Listener& door);
  Control::Answer steer(std::string_view method, std::string_view path, std::string text);
  bool sweep_slice();
  void sweep_on_demand();
  void create(const std::string& url);
};

Emulator::Parts::Parts(Options wanted)
    : options(std::move(wanted)),
      log(make_log(options)),
      identity(read_identity(options)),
      database(open_database(options.location)),
      ids(make_ids(*database, options.seed)),
      scheduler(clock, *database, log),
      accounts(read_accounts(options.accounts)),
      network(reachable_hosts(options)),
      transport(network),
      pipeline(clock, ids, log),
      vision_door(options.host, options.port, serve_vision_or_control(), identity),
      blob_door(blob_host(), options.blob_port, serve(blob), identity),
      queue_door(queue_host(), options.queue_port, serve(queue), identity),
      vision(environment(), vision_options(options), accounts,
             {accounts, std::string(kServiceAccount), {scheme(), url_host(blob_host()), blob_door.port()}}),
      blob(*database, ids, transport, accounts,
           {access_options(options), {options.product_style_urls}, options.strict_api_version,
            std::string("cvemu-Blob/") + kVersion},
           [this](Transaction& tx) { scheduler.at(tx, clock.now(), kTidyBlobs, "{}"); }),
      queue(*database, ids, accounts,
            {access_options(options), {options.product_style_urls}, options.strict_api_version,
             std::string("cvemu-Queue/") + kVersion},
            [this](Transaction& tx) { scheduler.at(tx, clock.now(), messages::kSweepJob, "{}"); }),
      place(make_place()),
      control_service({environment(), options, place}),
      control([this](auto method, auto path, std::string body) { return steer(method, path, std::move(body)); }) {
  accounts.add(kServiceAccount, {service_key(*database)});
  resume_clock(clock, *database, options.frozen_clock);
  claim_door(blob, "blob", blob_door);
  claim_door(queue, "queue", queue_door);
  sweep_on_demand();
  for (const std::string& name : options.create_containers)
    create(blob_url() + '/' + first_account().name + '/' + name + "?restype=container");
  for (const std::string& name : options.create_queues) create(queue_url() + '/' + first_account().name + '/' + name);
  scheduler.start();
  for (Listener* door : {&vision_door, &blob_door, &queue_door}) door->start();
}

Emulator::Parts::~Parts() {
  for (Listener* door : {&vision_door, &blob_door, &queue_door}) door->stop();
  scheduler.stop();
}

control::Place Emulator::Parts::make_place() {
  control::Place known{scheme(), url_host(options.host), vision_door.port(), blob_door.port(), queue_door.port(),
                       accounts, {}, {}, {}, {}};
  for (const auto* tier : customvision::limits::kTiers) known.tiers.push_back(tier->name);
  for (const auto name : customvision::kTrainingVersions) known.training_versions.push_back(name);
  for (const auto name : customvision::kPredictionVersions) known.prediction_versions.push_back(name);
  known.waiting_for = [this] {
    std::vector<std::string> closed;
    if (!vision_door.started()) closed.emplace_back("Custom Vision door");
    if (!blob_door.started()) closed.emplace_back("blob door");
    if (!queue_door.started()) closed.emplace_back("queue door");
    return closed;
  };
  return known;
}

Handler Emulator::Parts::serve(Service& service) {
  return [this, &service](const Request& request, Body& body, const Peer& peer) {
    return pipeline.serve(service, request, body, peer);
  };
}

Handler Emulator::Parts::serve_vision_or_control() {
  return [this](const Request& request, Body& body, const Peer& peer) {
    Service& service = ControlService::claims(request) ? static_cast<Service&>(control_service) : vision;
    return pipeline.serve(service, request, body, peer);
  };
}

// Requests to our own doors stay in the process: by the port on this machine, or by a host name of Azure's that
// carries one of our accounts.
void Emulator::Parts::claim_door(Service& service, std::string_view kind, const Listener& door) {
  const auto is_ours = [this, kind = std::string(kind), port = door.port()](const Url& url) {
    const std::string account = url.host.substr(0, url.host.find('.'));
    if (url.host == account + '.' + kind + ".core.windows.net") return accounts.find(account) != nullptr;
    return url.port == port && (is_loopback(url.host) || url.host == options.host);
  };
  transport.add_door(is_ours, [this, &service](const Url& url, const Request& request, Body& body) {
    Peer peer;
    peer.internal = true;
    peer.encrypted = url.scheme == "https";
    return pipeline.serve(service, request, body, peer);
  });
}

// A control request from inside: the same pipeline, no socket.
Control::Answer Emulator::Parts::steer(std::string_view method, std::string_view path, std::string text) {
  Request request{parse_method(method), std::string(path), {}};
  request.headers.add("Host", url_host(options.host) + ':' + std::to_string(vision_door.port()));
  StringBody body(std::move(text));
  Peer peer;
  peer.internal = true;
  Response response = pipeline.serve(control_service, request, body, peer);
  return {response.status, std::get<std::string>(std::move(response.body))};
}

bool Emulator::Parts::sweep_slice() {
  Transaction tx(*database);
  const bool more = messages::sweep(tx);
  tx.commit();
  return more;
}

void Emulator::Parts::sweep_on_demand() {
  scheduler.on(messages::kSweepJob, [this](const Job&) {
    while (sweep_slice()) std::this_thread::sleep_for(kSweepPause);
  });
  scheduler.on(kTidyBlobs, [this](const Job&) {
    blob.begin_tidying();
    while (blob.tidy_slice(clock.now())) std::this_thread::sleep_for(kSweepPause);
  });
}

// A queue or container that is wanted at the start; one that exists is fine.
void Emulator::Parts::create(const std::string& url_text) {
  const Url url = *Url::parse(url_text);
  Request request{Method::Put, url.target(), {}};
  request.headers.add("Content-Length", "0");
  request.headers.add("Host", url.authority());
  shared_key::sign(request, first_account(), clock.now());
  const Response response = transport.send(url, std::move(request), "");
  if (response.status == 201 || response.status == 204 || response.status == 409) return;
  throw StartError(StartError::Kind::Usage, "cannot create " + url.path + ": " +
                                                std::string(response.headers.get("x-ms-error-code")));
}

Emulator::Emulator(Options options) try : parts_(std::make_unique<Parts>(std::move(options))) {
} catch (const ListenError& error) {
  throw StartError(StartError::Kind::CannotListen, error.what());
} catch (const TlsError& error) {
  throw StartError(StartError::Kind::Usage, std::string("--cert: ") + error.what());
}

Emulator::~Emulator() = default;

int Emulator::port() const { return parts_->vision_door.port(); }
int Emulator::blob_port() const { return parts_->blob_door.port(); }
int Emulator::queue_port() const { return parts_->queue_door.port(); }

std::string Emulator::training_endpoint() const { return parts_->url_of(parts_->options.host, parts_->vision_door); }
std::string Emulator::prediction_endpoint() const { return training_endpoint(); }
std::string Emulator::blob_endpoint() const { return parts_->blob_url() + '/' + parts_->first_account().name; }
std::string Emulator::queue_endpoint() const { return parts_->queue_url() + '/' + parts_->first_account().name; }

std::string Emulator::storage_connection_string() const {
  return connection_string(parts_->first_account(), blob_endpoint(), queue_endpoint());
}

Control& Emulator::control() { return parts_->control; }

namespace {

template <class State>
void write_operations(JsonWriter& json, std::string_view service, const OperationTable<State>& operations) {
  json.begin_object().field("name", service).key("operations").begin_array();
  for (const auto* operation : operations) {
    const Route& route = operation->route;
    json.begin_object().field("name", route.name).field("method", method_name(route.method));
    json.field("path", route.path).field("needs", route.needs).end_object();
  }
  json.end_array().end_object();
}

}  // namespace

std::string operations_json() {
  JsonWriter json;
  json.begin_object().key("services").begin_array();
  write_operations(json, "customvision", CustomVisionService::operations());
  write_operations(json, "queue", QueueService::operations());
  write_operations(json, "blob", BlobService::operations());
  write_operations(json, "control", ControlService::operations());
  return json.end_array().end_object().take();
}

}  // namespace cvemu
