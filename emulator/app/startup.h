// From options to parts: what Emulator needs to know before it can be put together. Everything that cannot be
// done throws StartError naming the option.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/ids.h"
#include "base/log.h"
#include "customvision/options.h"
#include "customvision/service.h"
#include "cvemu/options.h"
#include "cvemu/version.h"
#include "db/database.h"
#include "http/host_policy.h"
#include "http/listener.h"
#include "http/tls.h"
#include "http/transport.h"
#include "pipeline/journal.h"
#include "runtime/environment.h"
#include "storage/accounts.h"
#include "storage/foreign_accounts.h"
#include "storage/storage_service.h"

namespace cvemu {

// The same, if nothing in it is wrong of itself: looked at before anything is opened or made. Folders become
// absolute paths without symbolic links.
Options checked(Options wanted);
// The names of this emulator: where it listens, and those given for control routes.
HostPolicy host_policy(const Options& options);
// Unset: the table endpoint stays closed.
std::optional<int> wanted_table_port(const Options& options);
// What other machines can reach, as one line for the log; "" if nothing. `bound`: with the ports in use.
std::string exposure(const Options& bound);

// Whether something was kept there before.
bool holds_state(const std::filesystem::path& location);
// Why an endpoint cannot listen, who else does, and what to do.
std::string explain_listen_error(const ListenError& error, const Options& options);

std::unique_ptr<Database> open_database(const std::filesystem::path& location);
// Holds what is stored against the bytes beside it, drops what is broken and says so. Before anything is
// served.
// `blob_authority`: host and port of the blob service, for the journal.
void drop_lost_blobs(const Environment& environment, CustomVisionService& vision, RequestJournal& journal,
                     const std::string& blob_authority);
Accounts read_accounts(const std::string& text);
ForeignAccounts read_foreign_accounts(const Options& options);
// Where outgoing requests may go besides this machine.
std::vector<std::string> reachable_hosts(const Options& options);
Log make_log(const Options& options);
customvision::CustomVisionOptions vision_options(const Options& options);
// `service`: "Blob", "Queue" or "Table", as the Server header names it.
StorageOptions storage_options(const Options& options, std::string_view service);
std::string read_file(const std::filesystem::path& path, const char* option);

// The host by which something that listens at `host` is reached: loopback for what listens everywhere.
std::string reachable_host(const std::string& host);
// The same as it stands in a URL: brackets around an IPv6 address.
std::string url_host(const std::string& host);
// Who the endpoints say they are, if they are to speak HTTPS.
std::optional<TlsIdentity> read_identity(const Options& options);

// With a seed, each start of the same file goes on with other ids than the start before.
IdSource make_ids(Database& database, std::optional<std::uint64_t> seed);
// The key of the service's own account: made once, so that links survive a restart.
std::string service_key(Database& database, std::optional<std::uint64_t> seed);

// What the state has been through; forgotten with it.
bool is_marked(Database& database, std::string_view mark);
void set_mark(Database& database, std::string_view mark);

// A file goes on where it was left; what the options say comes on top.
void resume_clock(Clock& clock, Database& database, const Options& options);
// The clock at the beginning, as the options say.
void restart_clock(Clock& clock, const Options& options);

// A drawn image as a JPEG file: of kind `label`, another one for each `number`.
std::string draw_image(int label, std::int64_t number);
bool looks_like_image(std::string_view beginning);

}  // namespace cvemu
