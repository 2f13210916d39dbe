// What happened: the journal's routes.
#include <algorithm>

#include "base/text.h"
#include "control/journal/entry_json.h"
#include "control/journal/match.h"

namespace cvemu::control {

namespace {

constexpr std::size_t kPage = 100;

const std::vector<Remark>& remarks_at(const Remarks& all, std::uint64_t seq) {
  static const std::vector<Remark> none;
  const auto found = all.find(seq);
  return found == all.end() ? none : found->second;
}

// The query as the JSON that the other routes take.
Json filter_json(const Query& query) {
  Json json = Json::object();
  for (const auto& [name, value] : query.all()) {
    if (name == "limit" || name == "format") continue;
    if (name == "unknown" || name == "internal")
      json[name] = value == "1" || iequals(value, "true");
    else if (const auto number = parse_int(value); name == "since" && number)
      json[name] = *number;
    else
      json[name] = value;
  }
  return json;
}

Response text_response(std::string text, std::string_view type) {
  Response response{200, {}, std::move(text)};
  response.headers.add("Content-Type", type);
  return response;
}

std::size_t limit_of(const Query& query) {
  const auto text = query.find("limit");
  if (!text) return kPage;
  const auto limit = parse_int(*text);
  if (!limit || *limit < 1) throw bad_field("InvalidField", "limit must be a whole number from 1.", "/limit");
  return static_cast<std::size_t>(*limit);
}

Response as_json(const ControlContext& control, const JournalEntries& found, const Remarks& remarks) {
  Json list = Json::array();
  for (auto it = found.rbegin(); it != found.rend(); ++it)
    list.push_back(entry_json(**it, remarks_at(remarks, (*it)->seq)));
  return json_response(Json{{"last", control.journal.last()},
                            {"evicted", control.journal.evicted()},
                            {"entries", std::move(list)}});
}

std::string line_of(const JournalEntry& entry, std::string_view format, const Remarks& remarks) {
  if (format == "curl") return curl_of(entry) + '\n';
  const Json json =
      format == "canonical" ? canonical_entry_json(entry) : entry_json(entry, remarks_at(remarks, entry.seq));
  return dump_json(json) + '\n';
}

// JSON is newest first; the other forms are for reading in order.
Response get_journal(ControlContext& control, RequestContext& context) {
  const Json wanted = filter_json(context.query());
  const std::string format(context.query().find("format").value_or("json"));
  check_one_of(format, {"json", "ndjson", "canonical", "har", "curl"}, "/format");
  JournalEntries found = find_entries(control, read_filter(control, wanted, ""));
  const std::size_t limit = limit_of(context.query());
  if (found.size() > limit) found.erase(found.begin(), found.end() - static_cast<std::ptrdiff_t>(limit));
  if (format == "har") return json_response(har_of(found));
  const bool with_remarks = format == "json" || format == "ndjson";
  const Remarks remarks = with_remarks ? remarks_of(control.journal.entries()) : Remarks();
  if (format == "json") return as_json(control, found, remarks);
  std::string lines;
  for (const auto& entry : found) lines += line_of(*entry, format, remarks);
  return text_response(std::move(lines),
                       format == "curl" ? "text/plain; charset=utf-8" : "application/x-ndjson");
}

Response get_journal_entry(ControlContext& control, RequestContext& context) {
  const auto seq = parse_int(context.path.get("seq"));
  const auto entry = seq && *seq > 0 ? control.journal.find(static_cast<std::uint64_t>(*seq)) : nullptr;
  if (!entry) throw not_found("The journal has no such entry; the oldest go when room is short.");
  return json_response(entry_json(*entry, remarks_at(remarks_of(control.journal.entries()), entry->seq)));
}

Response count_journal(ControlContext& control, RequestContext& context) {
  const Json body = body_of(context);
  allow_only(body, filter_members());
  const JournalEntries found = find_entries(control, read_filter(control, body, ""));
  const auto calls =
      std::count_if(found.begin(), found.end(), [](const auto& entry) { return !entry->retry_of; });
  return json_response(
      Json{{"requests", found.size()}, {"calls", calls}, {"evicted", control.journal.evicted()}});
}

Response clear_journal(ControlContext& control, RequestContext&) {
  control.journal.clear();
  return json_response(Json{{"last", control.journal.last()}});
}

constexpr std::string_view kFilter =
    "service, operation, method, path, project, iteration, queue, container, blob, header, body, "
    "status, fault, remark, unknown, internal, since";
constexpr std::string_view kQuery =
    "service, operation, method, path, project, iteration, queue, container, blob, status, fault, remark, "
    "unknown, "
    "internal, since, limit, format";

}  // namespace

std::span<const Operation<ControlContext>> journal_operations() {
  static constexpr Operation<ControlContext> operations[] = {
      {{"GetJournal", Method::Get, "/_emulator/journal"},
       get_journal,
       {"The requests that came, newest first", "", "", kQuery}},
      {{"GetJournalEntry", Method::Get, "/_emulator/journal/{seq}"},
       get_journal_entry,
       {"One exchange with all that is known of it"}},
      {{"CountJournal", Method::Post, "/_emulator/journal/count"},
       count_journal,
       {"How many requests fit, and how many calls with retries folded", kFilter,
        R"({"operation": "TrainProject"})"}},
      {{"ClearJournal", Method::Delete, "/_emulator/journal"},
       clear_journal,
       {"Forgets what happened; the numbers go on"}},
  };
  return operations;
}

}  // namespace cvemu::control
