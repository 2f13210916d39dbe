#include "app/cli/listings.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include "app/cli/table_writer.h"
#include "base/text.h"

namespace cvemu::cli {

namespace {

constexpr const char* kChain = "seq at what status outcome type message";
constexpr const char* kFired = "event at outcome project iteration details";
constexpr const char* kRules = "id match action phase matched applied remaining";
constexpr const char* kOutcomes = "status delay hold details";
constexpr const char* kPredictions = "project image predictions";

constexpr Listing kListings[] = {
    {"health"},
    {"wait-for"},
    {"info"},
    {"shutdown"},

    {"reset"},
    {"state"},
    {"snapshots", "snapshots", "name bytes now"},
    {"snapshots show"},
    {"snapshots remove"},
    {"snapshot"},
    {"restore"},
    {"import"},
    {"validate"},

    {"clock", "next", "kind due"},
    {"clock set", "next", "kind due"},
    {"advance", "fired", kFired},
    {"jobs", "jobs", "kind due attempts lastError payload"},

    {"operations", "operations", "id kind due held project iteration"},
    {"operations complete", "fired", kFired},
    {"operations fail", "fired", kFired},
    {"operations hold"},
    {"operations release", "fired", kFired},
    {"transitions", "transitions", "kind project then used outcomes"},
    {"transitions show", "outcomes", kOutcomes},
    {"transitions set", "outcomes", kOutcomes},
    {"transitions script", "outcomes", kOutcomes},
    {"transitions clear"},
    {"trigger", "fired", kFired},
    {"redeliver", "fired", kFired},
    {"public-endpoints"},
    {"public-endpoints set"},
    {"identity"},
    {"identity set"},

    {"faults", "faults", kRules},
    {"faults show"},
    {"faults add"},
    {"faults put"},
    {"faults try"},
    {"faults remove"},
    {"faults clear", "faults", kRules},
    {"faults catalog", "actions", "type phase fields advice"},

    {"journal", "entries", "seq at service operation method status path"},
    {"journal show"},
    {"journal count"},
    {"journal clear"},
    {"verify"},
    {"timeline", "chain", kChain},
    {"explain", "chain", kChain},

    {"projects", "projects", "id name status createdAt iterations"},
    {"predictions", "rules", kPredictions},
    {"predictions set", "rules", kPredictions},
    {"predictions clear", "rules", kPredictions},
    {"queues", "queues", "name messages"},
    {"messages", "messages", "id decoded visible dequeueCount"},
    {"put-message"},
    {"show-message"},
    {"expire-message"},
    {"remove-message"},
    {"containers", "containers", "name"},
    {"blobs", "blobs", "name length kind contentType modifiedAt"},
};

}  // namespace

std::span<const Listing> listings() {
  return kListings;
}

const Listing* listing_of(std::string_view command) {
  const auto found = std::find_if(std::begin(kListings), std::end(kListings),
                                  [&](const Listing& listing) { return listing.command == command; });
  return found == std::end(kListings) ? nullptr : found;
}

std::string write_listing(const Listing& listing, const Json& answer, std::size_t width) {
  if (!answer.is_object()) return dump_json(answer, 2) + '\n';
  const std::string_view list = listing.list;
  const bool has_list = !list.empty() && answer.contains(list) && answer.at(list).is_array();
  if (!has_list) return lines_of(answer);
  std::vector<std::string> columns;
  for (const std::string_view column : split(listing.columns, ' ')) columns.emplace_back(column);
  return lines_of(answer, list) + table_of(answer.at(list), columns, width);
}

}  // namespace cvemu::cli
