#include "app/cli/table.h"

namespace cvemu::cli {

namespace {

constexpr Command kCommands[] = {
    {kHelp, "Explain a command: help faults add; without one, list all", "", ""},
    {"health", "Say whether it is ready; exit code 6: not", "GET", "/_emulator/health"},
    {kWait, "Wait until it is ready; exit code 6: not in time", "", "", "timeout=30s"},
    {"info", "Version, seed and options in force", "GET", "/_emulator/info"},
    {"env", "Endpoints, keys, connection string: shell, dotenv, json, appsettings", "GET",
     "/_emulator/connection", "", "format=shell"},
    {"shutdown", "End it, with --drain after all that is due", "POST", "/_emulator/shutdown", "", "",
     "drain!"},
    {"openapi", "Describe every control route", "GET", "/_emulator/openapi.json", "", "", "", "", true},

    {"reset", "Empty it, but for the clock; or only --scope queues --scope journal ...", "POST",
     "/_emulator/reset", "", "", "scope*"},
    {"state", "Count what it holds; --full 1: all of it, to compare", "GET", "/_emulator/state", "", "full"},
    {"snapshots", "Points in time to come back to", "GET", "/_emulator/snapshots"},
    {"snapshots remove", "Forget one", "DELETE", "/_emulator/snapshots/{name}", "<name>"},
    {"snapshot", "Keep the whole state under a name", "PUT", "/_emulator/snapshots/{name}", "<name>"},
    {"restore", "Go back to a snapshot", "POST", "/_emulator/snapshots/{name}/restore", "<name>"},
    {"export", "Write the whole state to a file", "GET", "/_emulator/export", "", "", "", "out"},
    {"import", "Replace the whole state by that of a file", "POST", "/_emulator/import", "", "", "", "in"},
    {"load", "Put a scenario into it; exit code 5: it is wrong", "POST", "/_emulator/scenarios", "", "", "",
     "in", false, true},
    {"validate", "Check a scenario file; exit code 5: it is wrong", "POST", "/_emulator/scenarios/check", "",
     "", "", "in", true, true},

    {"clock", "What time it is for it", "GET", "/_emulator/clock"},
    {"advance", "Move its clock: advance 10m; advance --until idle", "POST", "/_emulator/clock/advance", "",
     "", "<by> to until"},
    {"jobs", "What is still to be done, and why a delivery failed", "GET", "/_emulator/jobs"},

    {"operations", "Trainings, exports and imports under way", "GET", "/_emulator/operations", "",
     "project kind"},
    {"operations complete", "End one well", "POST", "/_emulator/operations/{id}/complete", "<id>"},
    {"operations fail", "End one badly", "POST", "/_emulator/operations/{id}/fail", "<id>", "", "details"},
    {"operations hold", "Keep one pending, whatever the time", "POST", "/_emulator/operations/{id}/hold",
     "<id>"},
    {"operations release", "Let one end when it is due", "POST", "/_emulator/operations/{id}/release",
     "<id>"},
    {"trigger", "Send a notification by hand: trigger Training --project P --status TrainingFailed", "POST",
     "/_emulator/notifications/trigger", "", "", "<type> project iteration status modelUri withState!"},
    {"redeliver", "Send a notification again, by the id of its message or iteration", "POST",
     "/_emulator/notifications/{id}/redeliver", "<id>"},

    {"faults", "The rules, with what they hit", "GET", "/_emulator/faults"},
    {"faults add", "Add the rule in a file; exit code 5: it is wrong", "POST", "/_emulator/faults", "", "",
     "", "in"},
    {"faults remove", "Remove a rule; its last counts", "DELETE", "/_emulator/faults/{id}", "<id>"},
    {"faults clear", "Remove all rules; their last counts", "DELETE", "/_emulator/faults"},
    {"faults catalog", "Every action with its fields", "GET", "/_emulator/faults/catalog", "", "", "", "",
     true},

    {"journal", "What happened; --format ndjson, har or curl", "GET", "/_emulator/journal", "",
     "limit format service operation method path project iteration queue container blob status fault remark "
     "unknown! "
     "internal! since"},
    {"journal clear", "Forget what happened", "DELETE", "/_emulator/journal"},
    {"verify", "Whether what a file expects happened; exit code 7: no", "POST", "/_emulator/journal/verify",
     "", "", "", "in"},
    {"timeline", "The chain from request to delete", "GET", "/_emulator/timeline", "",
     "project iteration message"},
    {"explain", "Why a notification came or did not come", "GET", "/_emulator/explain", "", "<iteration>"},

    {"projects", "Projects with their iterations and exports", "GET", "/_emulator/projects"},
    {"predictions", "Answers set for predictions", "GET", "/_emulator/predictions/rules"},
    {"predictions set", "Replace them by those in a file", "PUT", "/_emulator/predictions/rules", "", "", "",
     "in"},
    {"predictions clear", "Let the models answer again", "DELETE", "/_emulator/predictions/rules"},
    {"queues", "Queues and how many messages they hold", "GET", "/_emulator/storage/{account}/queues",
     "account=devstoreaccount1"},
    {"messages", "All messages of a queue, hidden ones too; nothing is touched", "GET",
     "/_emulator/storage/{account}/queues/{queue}/messages", "account=devstoreaccount1 <queue>", "limit"},
    {"put-message", "Put any text into a queue", "POST",
     "/_emulator/storage/{account}/queues/{queue}/messages", "account=devstoreaccount1 <queue>", "",
     "<text> visibleIn expiresIn"},
    {"containers", "Containers", "GET", "/_emulator/storage/{account}/containers",
     "account=devstoreaccount1"},
    {"blobs", "The blobs of a container", "GET", "/_emulator/storage/{account}/containers/{container}/blobs",
     "account=devstoreaccount1 <container>", "limit"},
    {"blob", "The bytes of a blob", "GET", "/_emulator/storage/{account}/containers/{container}/blobs/{name}",
     "account=devstoreaccount1 <container> <name>"},
};

}  // namespace

std::span<const Command> commands() {
  return kCommands;
}

}  // namespace cvemu::cli
