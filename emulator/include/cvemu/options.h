// How an emulator is to be built. Every default is right for a test: any free ports, nothing on disk, no
// waiting.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "cvemu/types.h"

namespace cvemu {

struct Options {
  // Endpoints. Port 0: any free port.
  std::string host = "127.0.0.1";
  std::string blob_host{}, queue_host{};  // empty: as `host`
  int port = 0;                           // Custom Vision and control
  int blob_port = 0;
  int queue_port = 0;
  // The Table service's place, which answers 501: tables are not emulated. Closed unless one of them is set.
  std::string table_host{};  // empty: as `host`
  std::optional<int> table_port{};

  // URLs under which clients reach the endpoints, if others: a port mapping, a proxy. Without a path.
  std::string public_url{}, public_blob_url{}, public_queue_url{};

  // HTTPS on all endpoints: a PEM certificate with its key, or a PFX file with its password.
  std::filesystem::path certificate{}, certificate_key{};
  std::string certificate_password{};

  // State. Empty: in memory, gone with the object. Otherwise a folder; the file is cvemu.sqlite3 in it.
  std::filesystem::path location{};

  // Custom Vision, on the emulator's clock.
  std::chrono::microseconds training_time{0};
  std::chrono::microseconds export_time{0};
  std::chrono::microseconds test_blob_time = std::chrono::seconds(60);  // life of the connection test's blob
  std::vector<std::string> training_keys{};  // empty: any non-empty key is accepted
  std::vector<std::string> prediction_keys{};
  std::string tier = "unlimited";     // or F0, S0: what the pricing tier allows, calls per second included
  bool base64_notifications = false;  // for consumers that expect base64, such as Azure Functions

  // Storage.
  std::string accounts{};           // "name:key1[:key2];..."; empty: the well-known development account
  bool product_style_urls = true;   // account in the host name: devstoreaccount1.blob.localhost
  bool loose = false;               // as Azurite's --loose
  bool strict_api_version = false;  // refuse an x-ms-version newer than known
  bool oauth = false;               // accept bearer tokens
  std::vector<std::string> create_queues{}, create_containers{};  // in the first account, if missing

  // Accounts on other servers, each "NAME=KEY@URL" with the URL of its queue or blob service: queues and
  // containers in them need no SAS, and their hosts may be reached.
  std::vector<std::string> storage_accounts{};
  // Scenario files, loaded in this order before the constructor returns; never twice into the same state in
  // `location`.
  std::vector<std::filesystem::path> scenarios{};

  // Outgoing requests reach the emulator's own endpoints, loopback addresses, and these hosts; nothing else.
  std::vector<std::string> allow_hosts{};

  // Who may steer. Control routes answer to hosts that are ours: IP addresses, localhost, names without a
  // dot, *.localhost, *.internal, *.svc, *.cluster.local, *.test, the hosts above and these, each a name or
  // "*.suffix". With a token they ask for "Authorization: Bearer TOKEN"; with require_token the emulator does
  // not start without one.
  std::vector<std::string> control_hosts{};
  std::string control_token{};  // printable ASCII without blanks
  bool require_token = false;
  // Scenarios sent over HTTP read images below these folders only. Relative folders in them lie in the
  // first.
  std::vector<std::filesystem::path> allow_folders{};

  // What POST /_emulator/shutdown does; called once at most, on the thread of a request, and must not wait
  // for the emulator to end. Unset: the request is refused, for the program owns the object.
  std::function<void()> on_shutdown{};

  // Scaled: clock_rate emulated seconds per second. Frozen: time moves only by Control::advance. Automatic:
  // frozen, and moves on when a client looks a second time at something that is pending. Unset: as a file was
  // left, else real.
  std::optional<ClockMode> clock{};
  double clock_rate = 60;
  std::optional<std::chrono::sys_time<std::chrono::microseconds>> clock_at{};  // what it shows at the start
  std::optional<std::uint64_t> seed{};  // same seed, same calls: same ids. Unset: random

  std::size_t journal_max = 10'000;  // requests the journal keeps; it is bounded by bytes, too

  // Called from several threads. level: -1 control requests, too, 0 every request, 1 info, 2 warning, 3
  // error. Unset: silent.
  std::function<void(int level, std::string_view text)> log{};
  int log_level = 1;      // the lowest that is passed on
  bool log_json = false;  // each text is a JSON object, with the time
};

// The emulator could not be started; nothing was left half started. what() names option and reason.
struct StartError : std::runtime_error {
  // The process's exit code for it.
  enum class Kind { Usage = 2, CannotListen = 3, UnusableLocation = 4, InvalidFile = 5 };
  StartError(Kind error_kind, const std::string& text) : std::runtime_error(text), kind(error_kind) {}
  Kind kind;
};

}  // namespace cvemu
