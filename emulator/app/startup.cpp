#include "app/startup.h"

#include <algorithm>
#include <fstream>

#include "base/json.h"
#include "base/system_errors.h"
#include "base/text.h"
#include "base/url.h"
#include "blob/response_headers.h"
#include "http/public_endpoints.h"
#include "imaging/decode.h"
#include "imaging/encode.h"
#include "learning/synthetic.h"
#include "runtime/clock_state.h"
#include "storage/names.h"
#include "store/blob/contents.h"
#include "store/key_values.h"

namespace cvemu {

namespace {

constexpr const char* kDatabaseFile = "cvemu.sqlite3";

[[noreturn]] void refuse_location(const std::filesystem::path& location, const std::string& why) {
  throw StartError(StartError::Kind::UnusableLocation,
                   "--location " + location.string() + " cannot be used: " + why);
}

std::filesystem::path database_file(const std::filesystem::path& location) {
  if (location.empty()) return {};
  std::error_code error;
  if (std::filesystem::exists(location, error) && !std::filesystem::is_directory(location, error))
    refuse_location(location, "it is a file and no folder; name a folder, cvemu.sqlite3 comes into it");
  std::filesystem::create_directories(location, error);
  if (error) refuse_location(location, "the folder cannot be made: " + plain_reason(error));
  const auto file = location / kDatabaseFile;
  if (const std::string why = why_unwritable(file); !why.empty())
    refuse_location(location, std::string(kDatabaseFile) + " in it cannot be written: " + why);
  return file;
}

void check_names(const char* option, const std::vector<std::string>& names,
                 bool (*is_good)(std::string_view)) {
  for (const std::string& name : names)
    if (!is_good(name))
      throw StartError(StartError::Kind::Usage,
                       std::string(option) + " \"" + name + "\": a name is " + std::string(kNameRule));
}

}  // namespace

namespace {

void check_control_token(const Options& options) {
  const std::string& token = options.control_token;
  const bool readable = std::all_of(token.begin(), token.end(), [](char c) { return c > ' ' && c < '\x7f'; });
  if (!readable)
    throw StartError(StartError::Kind::Usage,
                     "--control-token: only printable ASCII characters without blanks");
  if (options.require_token && token.empty())
    throw StartError(
        StartError::Kind::Usage,
        "--require-token: there is no token; set one with --control-token or CVEMU_CONTROL_TOKEN");
}

customvision::limits::Tier find_tier(const std::string& name) {
  for (const auto* tier : customvision::limits::kTiers)
    if (iequals(tier->name, name)) return *tier;
  throw StartError(StartError::Kind::Usage, "--tier " + name + ": the tiers are unlimited, F0 and S0");
}

std::filesystem::path existing_folder(const std::filesystem::path& folder) {
  std::error_code error;
  auto real = std::filesystem::canonical(folder, error);
  if (!error && std::filesystem::is_directory(real, error)) return real;
  throw StartError(StartError::Kind::Usage, "--allow-folder " + folder.string() +
                                                " is no folder that can be read" +
                                                (error ? ": " + plain_reason(error) : std::string()));
}

// Where something is to listen, and the options that say so.
struct Place {
  std::string_view what;
  std::string host_option, port_option;
  std::string host;
  int port;
};

// Custom Vision's first.
std::vector<Place> places(const Options& options) {
  const auto place = [&](std::string_view what, const std::string& name, const std::string& host, int port) {
    const bool own = !host.empty();
    return Place{what, own ? "--" + name + "-host" : "--host", "--" + name + "-port",
                 own ? host : options.host, port};
  };
  std::vector<Place> all{
      {"Custom Vision and the control routes", "--host", "--port", options.host, options.port},
      place("blobs", "blob", options.blob_host, options.blob_port),
      place("queues", "queue", options.queue_host, options.queue_port)};
  if (const auto port = wanted_table_port(options))
    all.push_back(place("the table endpoint", "table", options.table_host, *port));
  return all;
}

// Two endpoints that are to listen at one port. Any free port is another one each time.
void check_ports(const Options& options) {
  const std::vector<Place> all = places(options);
  for (auto one = all.begin(); one != all.end(); ++one)
    for (auto other = all.begin(); other != one; ++other)
      if (one->port != 0 && one->port == other->port && one->host == other->host)
        throw StartError(StartError::Kind::Usage, other->port_option + " and " + one->port_option +
                                                      " are both " + std::to_string(one->port) +
                                                      ": each endpoint needs a port of its own");
}

// What can be known of a scenario without the state that it is to come into: it is there, and JSON.
void check_scenario(const std::filesystem::path& file) {
  std::error_code error;
  if (std::filesystem::is_directory(file, error))
    throw StartError(StartError::Kind::Usage, "--scenario: " + file.string() + " is a folder");
  try {
    parse_json(read_file(file, "--scenario"));
  } catch (const JsonError& wrong) {
    const std::string text = read_file(file, "--scenario");
    const auto line =
        std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(wrong.byte), '\n') + 1;
    throw StartError(StartError::Kind::InvalidFile,
                     file.string() + ": line " + std::to_string(line) + ": " + wrong.what());
  }
}

// Of what is kept or waited for; the same bounds as those of a text (base/durations.h).
void check_numbers(const Options& options) {
  struct Time {
    const char* option;
    std::chrono::microseconds value;
  };
  constexpr std::chrono::hours kMost{24 * 365 * 100};
  for (const Time& time :
       {Time{"--training-time", options.training_time}, Time{"--export-time", options.export_time},
        Time{"--test-blob-time", options.test_blob_time}})
    if (time.value < time.value.zero() || time.value > kMost)
      throw StartError(StartError::Kind::Usage, std::string(time.option) + ": must be 0 to 36500 days");
}

bool is_host(std::string_view text) {
  return !text.starts_with("*.") && HostPolicy::is_valid_name(text);
}

// HOST or HOST:PORT. An IPv6 address has several colons, and no port.
bool is_reachable_name(const std::string& text) {
  const std::size_t colon = text.find(':');
  if (colon == text.npos || text.rfind(':') != colon) return is_host(text);
  const auto port = parse_int(std::string_view(text).substr(colon + 1));
  constexpr int kMostPort = 65535;
  return is_host(text.substr(0, colon)) && port && *port > 0 && *port <= kMostPort;
}

void check_hosts(const Options& options) {
  struct Named {
    const char* option;
    const std::string& host;
  };
  for (const Named& one :
       {Named{"--host", options.host}, Named{"--blob-host", options.blob_host},
        Named{"--queue-host", options.queue_host}, Named{"--table-host", options.table_host}})
    if (!one.host.empty() && !is_host(one.host))
      throw StartError(StartError::Kind::Usage,
                       std::string(one.option) + " " + one.host +
                           ": neither an address nor a host's name, such as 127.0.0.1 or localhost");
  for (const Named& one :
       {Named{"--public-url", options.public_url}, Named{"--public-blob-url", options.public_blob_url},
        Named{"--public-queue-url", options.public_queue_url}})
    if (!one.host.empty() && !PublicEndpoints::parse(one.host))
      throw StartError(StartError::Kind::Usage,
                       std::string(one.option) + " " + one.host +
                           ": say a URL without a path, such as http://localhost:49153");
  for (const std::string& host : options.allow_hosts)
    if (!is_reachable_name(host))
      throw StartError(StartError::Kind::Usage,
                       "--allow-host " + host + ": say HOST or HOST:PORT, without scheme and path");
}

// A key or password without the certificate it belongs to would be passed over.
void check_certificate(const Options& options) {
  if (!options.certificate.empty()) return;
  if (!options.certificate_key.empty())
    throw StartError(StartError::Kind::Usage, "--key: it belongs to a certificate; name that with --cert");
  if (!options.certificate_password.empty())
    throw StartError(StartError::Kind::Usage, "--pwd: it belongs to a PFX file; name that with --cert");
}

}  // namespace

Options checked(Options wanted) {
  check_ports(wanted);
  find_tier(wanted.tier);
  read_accounts(wanted.accounts);
  read_foreign_accounts(wanted);
  if (const auto identity = read_identity(wanted)) TlsContext{*identity};
  if (!is_clock_rate(wanted.clock_rate))
    throw StartError(StartError::Kind::Usage, "--clock-rate: must be a number from 0.000001 to 1000000");
  if (wanted.clock_at > kEndOfTime)
    throw StartError(StartError::Kind::Usage, "--clock-at: the clock ends with 9999-12-31T23:59:59Z");
  check_names("--create-queue", wanted.create_queues, is_queue_name);
  check_names("--create-container", wanted.create_containers, is_container_name);
  check_control_token(wanted);
  check_hosts(wanted);
  check_numbers(wanted);
  check_certificate(wanted);
  for (const std::string& name : wanted.control_hosts)
    if (!HostPolicy::is_valid_name(name))
      throw StartError(StartError::Kind::Usage,
                       "--control-host " + name + ": neither a host without port nor such as *.example.com");
  for (auto& folder : wanted.allow_folders) folder = existing_folder(folder);
  for (const auto& file : wanted.scenarios) check_scenario(file);
  return wanted;
}

std::optional<int> wanted_table_port(const Options& options) {
  if (options.table_port || options.table_host.empty()) return options.table_port;
  return 0;
}

HostPolicy host_policy(const Options& options) {
  std::vector<std::string> names = options.control_hosts;
  names.insert(names.end(), {options.host, options.blob_host, options.queue_host, options.table_host});
  return HostPolicy(names);
}

std::string exposure(const Options& bound) {
  std::string text;
  for (const Place& place : places(bound)) {
    if (is_loopback(place.host)) continue;
    text.append(text.empty() ? "other machines can reach " : ", ").append(place.what).append(" at ");
    text.append(place.host).append(":").append(std::to_string(place.port));
    text.append(" (").append(place.host_option).append(")");
  }
  if (text.empty() || is_loopback(bound.host)) return text;
  return text +
         (bound.control_token.empty()
              ? "; who reaches the control routes may read and change everything: --control-token TEXT "
                "(CVEMU_CONTROL_TOKEN) makes them ask for a token"
              : "; control routes ask for the token");
}

bool holds_state(const std::filesystem::path& location) {
  std::error_code error;
  return !location.empty() && std::filesystem::exists(location / kDatabaseFile, error);
}

std::string who_listens_at(const std::string& host, int port) {
  const std::string origin = "http://" + url_host(host) + ':' + std::to_string(port);
  try {
    constexpr std::chrono::seconds kPatience{2};  // it may be anything
    Network network({reachable_host(host)}, kPatience);
    const auto url = Url::parse(origin + "/_emulator/health");
    if (!url) return "";
    Response answer = network.send(*url, Request{Method::Get, "", {}}, "");
    const std::string server(answer.headers.get("Server"));
    if (istarts_with(server, "cvemu-")) return "the storage endpoint of another cvemu";
    const std::string body = take_body(answer);
    if (body.starts_with("https:// is spoken here")) return "another cvemu, which speaks HTTPS";
    const Json json = try_parse_json(body).value_or(Json());
    const bool health = json.is_object() && json.contains("version") && json.contains("status");
    const bool locked = json.is_object() && json.contains("code") && json.at("code") == "TokenRequired";
    if (!health && !locked) return "";
    return "another cvemu (cvemu shutdown --url " + origin + " ends it)";
  } catch (const TransportError&) {
    return "";
  }
}

std::string explain_listen_error(const ListenError& error, const Options& options) {
  const std::vector<Place> all = places(options);
  const auto found = std::find_if(all.begin(), all.end(), [&](const Place& place) {
    return place.host == error.host && place.port == error.port;
  });
  const Place& place = found == all.end() ? all.front() : *found;
  if (!error.in_use)
    return std::string(error.what()) + " (" + place.host_option + ", " + place.port_option + ")";
  const std::string owner = who_listens_at(error.host, error.port);
  return "cannot listen on " + error.host + ':' + std::to_string(error.port) + ": the port is in use" +
         (owner.empty() ? "" : " by " + owner) + "; choose another one with " + place.port_option +
         " (0: any free one)";
}

std::unique_ptr<Database> open_database(const std::filesystem::path& location) {
  try {
    auto database = std::make_unique<Database>(database_file(location));
    Transaction tx(*database);
    contents::remove_orphans(tx);
    return database;
  } catch (const DbError& error) {
    refuse_location(location, error.what());
  }
}

namespace {

std::string path_of(const lost_bytes::Dropped& dropped) {
  std::string path =
      '/' + dropped.account + '/' + dropped.container + '/' + percent_encode(dropped.name, true);
  if (dropped.snapshot != Blob::kBase)
    path += "?snapshot=" + percent_encode(blob::snapshot_text(dropped.snapshot));
  if (!dropped.block.empty()) path += "?comp=block&blockid=" + percent_encode(dropped.block);
  return path;
}

// As if it had been deleted by a request.
std::shared_ptr<JournalEntry> entry_of(const lost_bytes::Dropped& dropped, const std::string& authority,
                                       Instant now, std::size_t kept) {
  auto entry = std::make_shared<JournalEntry>();
  entry->at = now;
  entry->wall = std::chrono::system_clock::now();
  entry->service = "blob";
  entry->operation = kDropLostBlob;
  entry->method = Method::Delete;
  entry->internal = true;
  entry->status = 202;
  PathParams params;
  params.add("account", dropped.account);
  params.add("container", dropped.container);
  params.add("blob", dropped.name);
  Response response{entry->status, {}, dropped.reason};
  response.headers.add("Content-Type", "text/plain; charset=utf-8");
  entry->response_length = dropped.reason.size();
  Request request{entry->method, path_of(dropped), {}};
  request.headers.add("Host", authority);
  entry->store(request, &params, "", &response, kept);
  return entry;
}

}  // namespace

void drop_lost_blobs(const Environment& environment, CustomVisionService& vision, RequestJournal& journal,
                     const std::string& blob_authority) {
  Transaction tx(environment.database);
  auto all = lost_bytes::drop(tx);
  vision.forget_lost_files(tx, all);
  tx.commit();
  for (const lost_bytes::Dropped& dropped : all) {
    const std::string_view what = dropped.block.empty() ? "the blob " : "the uncommitted block ";
    environment.log.warning(std::string(what) + path_of(dropped) + " was dropped: " + dropped.reason);
    journal.add(entry_of(dropped, blob_authority, environment.clock.now(), journal.limits().body));
  }
}

Accounts read_accounts(const std::string& text) {
  try {
    return Accounts::parse(text);
  } catch (const BadAccounts& error) {
    throw StartError(StartError::Kind::Usage, std::string("the list of storage accounts: ") + error.what());
  }
}

Log make_log(const Options& options) {
  if (!options.log) return Log();
  return Log(
      [sink = options.log](LogLevel level, std::string_view text) { sink(static_cast<int>(level), text); },
      static_cast<LogLevel>(options.log_level),
      options.log_json ? Log::Format::JsonLines : Log::Format::Text);
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

customvision::CustomVisionOptions vision_options(const Options& options) {
  return {options.training_keys,   options.prediction_keys,       options.training_time,
          options.export_time,     options.test_blob_time,        options.base64_notifications,
          find_tier(options.tier), read_foreign_accounts(options)};
}

std::string reachable_host(const std::string& host) {
  return host == "0.0.0.0" || host == "::" || host.empty() ? "127.0.0.1" : host;
}

std::string url_host(const std::string& host) {
  const std::string reachable = reachable_host(host);
  return reachable.find(':') == std::string::npos ? reachable : '[' + reachable + ']';
}

std::string read_file(const std::filesystem::path& path, const char* option) {
  std::error_code unknown;
  std::ifstream file(path, std::ios::binary);
  if (!file || std::filesystem::is_directory(path, unknown))
    throw StartError(StartError::Kind::Usage, std::string(option) + ": cannot read " + path.string() +
                                                  "; is the file there, and may you read it?");
  return {std::istreambuf_iterator<char>(file), {}};
}

std::optional<TlsIdentity> read_identity(const Options& options) {
  if (options.certificate.empty()) return std::nullopt;
  const std::string certificate = read_file(options.certificate, "--cert");
  if (!options.certificate_key.empty())
    return TlsIdentity{certificate, read_file(options.certificate_key, "--key")};
  return TlsIdentity::from_pfx(certificate, options.certificate_password);
}

StorageOptions storage_options(const Options& options, std::string_view service) {
  StorageOptions storage;
  storage.access.loose = options.loose;
  storage.access.oauth = options.oauth;
  storage.addressing = {options.product_style_urls};
  storage.strict_api_version = options.strict_api_version;
  storage.server = "cvemu-" + std::string(service) + '/' + kVersion;
  return storage;
}

IdSource make_ids(Database& database, std::optional<std::uint64_t> seed) {
  if (!seed) return IdSource();
  Transaction tx(database);
  const std::int64_t starts = parse_int(key_values::find(tx, "starts").value_or("0")).value_or(0);
  key_values::set(tx, "starts", std::to_string(starts + 1));
  tx.commit();
  return IdSource(*seed + static_cast<std::uint64_t>(starts));
}

std::string service_key(Database& database, std::optional<std::uint64_t> seed) {
  Transaction tx(database);
  if (const auto key = key_values::find(tx, "service_account_key")) return *key;
  IdSource random = seed ? IdSource(~*seed) : IdSource();
  std::string bytes;
  for (int i = 0; i < 4; ++i) bytes += random.uuid().compact();
  const std::string key = base64_encode(bytes);
  key_values::set(tx, "service_account_key", key);
  tx.commit();
  return key;
}

bool is_marked(Database& database, std::string_view mark) {
  Transaction tx(database);
  return key_values::find(tx, mark).has_value();
}

void set_mark(Database& database, std::string_view mark) {
  Transaction tx(database);
  key_values::set(tx, mark, "1");
  tx.commit();
}

std::string draw_image(int label, std::int64_t number) {
  learning::synthetic::Random random(static_cast<std::uint64_t>(number) * 64 +
                                     static_cast<std::uint64_t>(label));
  constexpr int kQuality = 90;
  return imaging::encode_jpeg(learning::synthetic::easy(random, label % 2).image, kQuality);
}

bool looks_like_image(std::string_view beginning) {
  return imaging::sniff(beginning) != imaging::ImageFormat::Unknown;
}

namespace {

void set_clock(Clock& clock, const Options& options) {
  if (options.clock) clock.run(*options.clock, options.clock_rate);
  if (options.clock_at) clock.jump(*options.clock_at);
}

}  // namespace

void resume_clock(Clock& clock, Database& database, const Options& options) {
  {
    Transaction tx(database);
    if (const auto kept = clock_state::find(tx)) clock.restore(*kept);
  }
  set_clock(clock, options);
}

void restart_clock(Clock& clock, const Options& options) {
  clock.restore(Clock().state());
  set_clock(clock, options);
}

}  // namespace cvemu
