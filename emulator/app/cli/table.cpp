#include "app/cli/table.h"

#include <algorithm>
#include <iterator>

namespace cvemu::cli {

namespace {

constexpr const char* kMessage = "/_emulator/storage/{account}/queues/{queue}/messages/{id}";
constexpr const char* kMessageShow = "/_emulator/storage/{account}/queues/{queue}/messages/{id}/show";
constexpr const char* kMessageExpire = "/_emulator/storage/{account}/queues/{queue}/messages/{id}/expire";
constexpr const char* kOneMessage = "account=devstoreaccount1 <queue> <id>";

constexpr Command kCommands[] = {
    {kHelp, "Explain a command: help faults add; without one, list all", "", ""},
    {kCompletion, "Print completions of this line for bash, zsh or fish", "", "", "", "", "<shell>"},
    {"health", "Say whether it is ready; exit code 6: not", "GET", "/_emulator/health"},
    {kWait, "Wait until it is ready; exit code 6: not in time", "", "", "timeout=30s"},
    {"wait-for", "Wait until something is there: wait-for '{\"idle\": true}'", "POST", "/_emulator/wait", "",
     "", "<for>@ timeout"},
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
    {"snapshots show", "Size and time of one", "GET", "/_emulator/snapshots/{name}", "<name>"},
    {"snapshots remove", "Forget one", "DELETE", "/_emulator/snapshots/{name}", "<name>"},
    {"snapshot", "Keep the whole state under a name", "PUT", "/_emulator/snapshots/{name}", "<name>"},
    {"restore", "Go back to a snapshot", "POST", "/_emulator/snapshots/{name}/restore", "<name>"},
    {"export", "Write the whole state to a file", "GET", "/_emulator/export", "", "", "", "out"},
    {"import", "Replace the whole state by that of a file", "POST", "/_emulator/import", "", "", "", "in"},
    {"load", "Put a scenario into it, --replace: in place of its projects; exit code 5: it is wrong", "POST",
     "/_emulator/scenarios", "", "replace!", "", "in", false, true},
    {"validate", "Check a scenario file; exit code 5: it is wrong", "POST", "/_emulator/scenarios/check", "",
     "", "", "in", true, true},

    {"clock", "What time it is for it, and how its clock runs", "GET", "/_emulator/clock"},
    {"clock set", "Stop its clock or let it run: clock set frozen; clock set scaled --rate 60", "PUT",
     "/_emulator/clock", "", "", "<mode>? rate@ at", "", false, false, "mode rate at"},
    {"advance", "Move its clock: advance 10m; advance --until idle", "POST", "/_emulator/clock/advance", "",
     "", "<by>? to until limit", "", false, false, "by to until"},
    {"jobs", "What is still to be done, and why a delivery failed", "GET", "/_emulator/jobs"},

    {"operations", "Trainings, exports and imports under way", "GET", "/_emulator/operations", "",
     "project kind"},
    {"operations complete", "End one well", "POST", "/_emulator/operations/{id}/complete", "<id>"},
    {"operations fail", "End one badly", "POST", "/_emulator/operations/{id}/fail", "<id>", "", "details"},
    {"operations hold", "Keep one pending, whatever the time", "POST", "/_emulator/operations/{id}/hold",
     "<id>"},
    {"operations release", "Let one end when it is due", "POST", "/_emulator/operations/{id}/release",
     "<id>"},
    {"transitions", "How operations to come are to end", "GET", "/_emulator/transitions"},
    {"transitions show", "How operations of a kind are to end", "GET", "/_emulator/transitions/{kind}",
     "<kind>", "project"},
    {"transitions set", "Let them end so: transitions set training --status Failed --details \"No memory.\"",
     "PUT", "/_emulator/transitions/{kind}", "<kind>", "", "project status details delay hold! then", "",
     false, false, "status details delay hold"},
    {"transitions script", "Let them end one after the other as a file says", "PUT",
     "/_emulator/transitions/{kind}", "<kind>", "", "", "in"},
    {"transitions clear", "Let them end as the data allows again", "DELETE", "/_emulator/transitions/{kind}",
     "<kind>", "project"},
    {"trigger", "Send a notification by hand: trigger Training --project P --status TrainingFailed", "POST",
     "/_emulator/notifications/trigger", "", "", "<type> project iteration status modelUri withState!"},
    {"redeliver", "Send a notification again, by the id of its message or iteration", "POST",
     "/_emulator/notifications/{id}/redeliver", "<id>"},
    {"public-endpoints", "The URLs under which clients reach it, if others than the bound ones", "GET",
     "/_emulator/public-endpoints"},
    {"public-endpoints set", "Say them, also after the start: --customVision http://localhost:49153", "PUT",
     "/_emulator/public-endpoints", "", "", "customVision blob queue", "", false, false,
     "customVision blob queue"},
    {"identity", "What the Custom Vision resource may do with the user's storage", "GET",
     "/_emulator/identity"},
    {"identity set", "Take that away or give it back: identity set --managedIdentity false", "PUT",
     "/_emulator/identity", "", "", "managedIdentity@ multiServiceResource@ blobRole@ queueRole@", "", false,
     false, "managedIdentity multiServiceResource blobRole queueRole"},

    {"faults", "The rules, with what they hit", "GET", "/_emulator/faults"},
    {"faults show", "One rule, with what it hit", "GET", "/_emulator/faults/{id}", "<id>"},
    {"faults add", "Add the rule in a file; exit code 5: it is wrong", "POST", "/_emulator/faults", "", "",
     "", "in"},
    {"faults put", "Add or replace a rule, by its id", "PUT", "/_emulator/faults/{id}", "<id>", "", "", "in"},
    {"faults try", "Which rule would hit such a request; nothing happens", "POST", "/_emulator/faults/try",
     "", "", "service operation method path project iteration queue container blob header@ body@ internal!"},
    {"faults remove", "Remove a rule; its last counts", "DELETE", "/_emulator/faults/{id}", "<id>"},
    {"faults clear", "Remove all rules; their last counts", "DELETE", "/_emulator/faults"},
    {"faults catalog", "Every action with its fields", "GET", "/_emulator/faults/catalog", "", "", "", "",
     true},

    {"journal", "What happened; --format ndjson, har or curl", "GET", "/_emulator/journal", "",
     "limit format service operation method path project iteration queue container blob status fault remark "
     "unknown! internal! since"},
    {"journal show", "One exchange with all that is known of it", "GET", "/_emulator/journal/{seq}", "<seq>"},
    {"journal count", "How many requests fit, and how many calls with retries folded", "POST",
     "/_emulator/journal/count", "", "",
     "service operation method path project iteration queue container blob header@ body@ status fault remark "
     "unknown! internal! since@"},
    {"journal clear", "Forget what happened", "DELETE", "/_emulator/journal"},
    {"verify", "Whether what a file expects happened; exit code 7: no", "POST", "/_emulator/journal/verify",
     "", "", "", "in"},
    {"timeline", "The chain from request to delete", "GET", "/_emulator/timeline", "",
     "project iteration message", "", "", false, false, "project iteration message"},
    {"explain", "Why a notification came or did not come", "GET", "/_emulator/explain", "", "<iteration>"},

    {"projects", "Projects with their iterations and exports", "GET", "/_emulator/projects", "", "project"},
    {"predictions", "Answers set for predictions", "GET", "/_emulator/predictions/rules"},
    {"predictions set", "Replace them by those in a file", "PUT", "/_emulator/predictions/rules", "", "", "",
     "in"},
    {"predictions clear", "Let the models answer again", "DELETE", "/_emulator/predictions/rules"},
    {"queues", "Queues and how many messages they hold", "GET", "/_emulator/storage/{account}/queues",
     "account=devstoreaccount1"},
    {"messages", "All messages of a queue, hidden ones too; nothing is touched", "GET",
     "/_emulator/storage/{account}/queues/{queue}/messages", "account=devstoreaccount1 <queue>", "limit"},
    {"put-message", "Put any text into a queue; -- before a text that begins with a dash", "POST",
     "/_emulator/storage/{account}/queues/{queue}/messages", "account=devstoreaccount1 <queue>", "",
     "<text> visibleIn expiresIn"},
    {"show-message", "Make a hidden message visible now", "POST", kMessageShow, kOneMessage},
    {"expire-message", "Let a message expire now", "POST", kMessageExpire, kOneMessage},
    {"remove-message", "Remove a message; no receipt is needed", "DELETE", kMessage, kOneMessage},
    {"containers", "Containers", "GET", "/_emulator/storage/{account}/containers",
     "account=devstoreaccount1"},
    {"blobs", "The blobs of a container", "GET", "/_emulator/storage/{account}/containers/{container}/blobs",
     "account=devstoreaccount1 <container>", "limit"},
    {"blob", "The bytes of a blob", "GET", "/_emulator/storage/{account}/containers/{container}/blobs/{name}",
     "account=devstoreaccount1 <container> <name>"},
};

constexpr Meaning kMeanings[] = {
    {"", "account", "Storage account"},
    {"", "at", "What the clock is to show: 2030-01-01T00:00:00Z"},
    {"", "blob", "Name of a blob; * stands for anything"},
    {"", "blobRole", "true or false: the role for blobs", "/roles/Storage Blob Data Contributor",
     "true false"},
    {"", "body", "Members of the JSON body, as JSON: {\"name\": \"Hemlock\"}"},
    {"", "by", "How far: 90s, 10m or PT1H30M"},
    {"", "container", "Name of the container"},
    {"public-endpoints set", "blob", "URL of the blob endpoint: http://localhost:49154"},
    {"public-endpoints set", "customVision", "URL of the Custom Vision endpoint: http://localhost:49153"},
    {"public-endpoints set", "queue", "URL of the queue endpoint: http://localhost:49155"},
    {"", "delay", "How long they take, instead of the usual time: 6h", "/outcomes/0/delay"},
    {"", "details", "What the failure says"},
    {"transitions set", "details", "What the failure says, with --status Failed", "/outcomes/0/details"},
    {"", "drain", "First do all that is due"},
    {"", "expiresIn", "When it expires: 1h"},
    {"", "fault", "Id of the rule that hit it"},
    {"", "for", "A request, message, blob, iteration or idle, as JSON"},
    {"journal", "format", "json, ndjson, canonical, har or curl", "", "json ndjson canonical har curl"},
    {"env", "format", "shell, dotenv, json or appsettings", "", "shell dotenv json appsettings"},
    {"", "full", "1: the whole state, 0: counts", "", "0 1"},
    {"", "header", "Headers, as JSON: {\"Prefer\": \"*\"}"},
    {"", "hold", "Keep them pending until they are decided by hand", "/outcomes/0/hold"},
    {"", "id", "Its id"},
    {"", "internal", "Only what the emulator sent itself"},
    {"", "iteration", "Iteration, by id or name"},
    {"", "kind", "training, export or import", "", "training export import"},
    {"", "limit", "How many at most"},
    {"advance", "limit", "How far at most, with --until: 24h"},
    {"", "managedIdentity", "true or false: whether the resource has one", "", "true false"},
    {"", "man", "The manual page of all, for man(1): cvemu help --man > cvemu.1"},
    {"", "message", "Message, by id"},
    {"", "method", "GET, PUT, POST, DELETE ...", "", "GET HEAD PUT POST PATCH DELETE OPTIONS"},
    {"", "mode", "real, scaled, frozen or automatic", "", "real scaled frozen automatic"},
    {"", "modelUri", "Where the exported model is said to lie"},
    {"", "multiServiceResource", "true or false: whether the resource is one for several services", "",
     "true false"},
    {"", "name", "Its name"},
    {"", "operation", "Name of the operation, such as TrainProject"},
    {"", "path", "Path of the request; * stands for anything"},
    {"", "project", "Project, by id or name"},
    {"", "queue", "Name of the queue"},
    {"", "queueRole", "true or false: the role for queues", "/roles/Storage Queue Data Contributor",
     "true false"},
    {"", "rate", "Emulated seconds per second, with the mode scaled"},
    {"", "remark", "Only requests with this remark"},
    {"", "replace", "Put its projects in place of those that have their names"},
    {"", "scope", "projects, queues, blobs, operations, faults, journal or clock; repeatable", "",
     "projects queues blobs operations faults journal clock"},
    {"", "seq", "Its number in the journal"},
    {"", "service", "customvision, queue, blob or table", "", "customvision queue blob table"},
    {"", "shell", "bash, zsh or fish", "", "bash zsh fish"},
    {"", "since", "Only requests after this number of the journal"},
    {"", "status", "Status of the answer: 404, 4xx, or broken"},
    {"transitions set", "status", "Completed or Failed", "/outcomes/0/status", "Completed Failed"},
    {"trigger", "status", "What the notification says, such as TrainingFailed"},
    {"", "text", "The text of the message"},
    {"", "then", "What follows: repeatLast, cycle or default", "", "repeatLast cycle default"},
    {"", "timeout", "How long to wait, in real time: 30s"},
    {"", "to", "Up to this time: 2030-01-01T00:00:00Z"},
    {"", "type", "Training, Export or ConnectionTest", "", "Training Export ConnectionTest"},
    {"", "unknown", "Only requests that no operation fits"},
    {"", "until", "idle: until nothing is pending", "", "idle"},
    {"", "visibleIn", "When it becomes visible: 10s"},
    {"", "withState", "End the operation under way, so that it is true"},
};

}  // namespace

std::span<const Command> commands() {
  return kCommands;
}

const Meaning& meaning_of(const Command& command, std::string_view name) {
  const auto find = [&](std::string_view of) {
    return std::find_if(std::begin(kMeanings), std::end(kMeanings), [&](const Meaning& meaning) {
      return meaning.command == of && meaning.name == name;
    });
  };
  static constexpr Meaning kNone{"", "", ""};
  const auto own = find(command.name);
  const auto found = own == std::end(kMeanings) ? find("") : own;
  return found == std::end(kMeanings) ? kNone : *found;
}

}  // namespace cvemu::cli
