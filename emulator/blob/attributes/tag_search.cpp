// Find Blobs by Tags, in an account or in one container.
#include "blob/attributes/tags.h"
#include "blob/blob_lookup.h"
#include "blob/containers/markers.h"
#include "blob/operations.h"
#include "storage/headers.h"
#include "storage/xml.h"
#include "storage/xml_bodies.h"

namespace cvemu::blob {

namespace {

struct Found {
  std::string container, name;
  Pairs tags;
};

class Search {
 public:
  Search(const TagExpression& expression, std::size_t limit, Instant now)
      : expression_(expression), limit_(limit), now_(now) {}

  // False once the page is full; the next page begins at what was found too much.
  bool look_into(Transaction& tx, const Container& container, std::string from) {
    constexpr std::size_t kAtOnce = 1000;
    while (true) {
      const std::vector<Blob> some = blobs::tagged(tx, container.id, from, kAtOnce);
      for (const Blob& blob : some)
        if (!take(container.name, blob)) return false;
      if (some.size() < kAtOnce) return true;
      // The first name behind the last one.
      from = some.back().name + '\0';
    }
  }

  std::vector<Found>& found() { return found_; }
  bool is_full() const { return found_.size() > limit_; }

 private:
  bool take(const std::string& container, const Blob& blob) {
    const Pairs tags = unpack(blob.tags);
    if (!blobs::is_live(blob, now_) || !expression_.matches(tags)) return true;
    found_.push_back({container, blob.name, expression_.named(tags)});
    return !is_full();
  }

  const TagExpression& expression_;
  const std::size_t limit_;
  const Instant now_;
  std::vector<Found> found_;
};

// Those that may hold something: one, or all of the account from the marker on.
std::vector<Container> containers_to_search(Transaction& tx, const RequestContext& context,
                                            const TagExpression& expression, const std::string& from) {
  const std::string_view account = context.path.get("account");
  const std::string_view in_path = context.path.get("container");
  if (!in_path.empty()) {
    Container only = require_container(tx, context);
    return expression.container().value_or(only.name) == only.name ? std::vector{only}
                                                                   : std::vector<Container>();
  }
  if (const auto& name = expression.container()) {
    auto only = containers::find(tx, account, *name);
    return only ? std::vector{*only} : std::vector<Container>();
  }
  containers::ListOptions options;
  options.from = from;
  options.limit = INT32_MAX;
  return containers::list(tx, account, options, context.at());
}

Response find_blobs_by_tags(State& state, RequestContext& context) {
  const std::string_view where = required_query(context.query(), "where");
  const TagExpression expression = TagExpression::parse_where(where);
  const auto limit = static_cast<std::size_t>(max_results(context.query()));
  const TagMarker from = read_tag_marker(context.query());
  Search search(expression, limit, context.at());
  {
    Transaction tx(state.database);
    for (const Container& container : containers_to_search(tx, context, expression, from.container)) {
      if (container.name < from.container) continue;
      if (!search.look_into(tx, container, container.name == from.container ? from.name : "")) break;
    }
  }
  std::string next;
  if (search.is_full()) {
    next = write_tag_marker({search.found().back().container, search.found().back().name});
    search.found().pop_back();
  }
  XmlWriter xml;
  xml.open("EnumerationResults", {{"ServiceEndpoint", endpoint_of(state, context)}});
  xml.element("Where", where).open("Blobs");
  for (const Found& blob : search.found()) {
    xml.open("Blob").name(blob.name).element("ContainerName", blob.container);
    write_tag_set(xml, blob.tags);
    xml.close("Blob");
  }
  xml.close("Blobs").element("NextMarker", next).close("EnumerationResults");
  return xml_response(xml.take());
}

}  // namespace

Rows tag_search_operations() {
  static constexpr Operation<State> operations[] = {
      {{"FindBlobsByTags", Method::Get, "/?comp=blobs", "", {.resource = "so", .account = "f"}},
       find_blobs_by_tags},
      {{"FindBlobsByTagsInContainer",
        Method::Get,
        "/{container}?restype=container&comp=blobs",
        "",
        {.resource = "c", .account = "f", .service = "f"}},
       find_blobs_by_tags},
  };
  return operations;
}

}  // namespace cvemu::blob
