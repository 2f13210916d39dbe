#include "http/router.h"

#include <algorithm>
#include <stdexcept>

#include "base/text.h"

namespace cvemu {

std::string_view PathParams::get(std::string_view name) const {
  for (const auto& [key, value] : items_)
    if (key == name) return value;
  return "";
}

namespace {

// "/a/b" has the segments "a" and "b"; "/" has none; "/a/" has "a" and "".
std::vector<std::string_view> segments_of(std::string_view path) {
  if (path.starts_with('/')) path.remove_prefix(1);
  if (path.empty()) return {};
  return split(path, '/');
}

// Rank of a row: more literals first, then a fixed number of segments before a rest, then more conditions.
template <class Row>
auto rank(const Row& row) {
  std::size_t literals = 0;
  bool open_end = false;
  for (const auto& segment : row.segments) {
    if (!segment.is_param) ++literals;
    if (segment.is_rest) open_end = true;
  }
  return std::tuple(literals, !open_end, row.query.size() + row.headers.size());
}

}  // namespace

Router::Row Router::parse(const Route& route, std::size_t index) {
  Row row{&route, index, {}, {}, {}};
  const auto question = route.path.find('?');
  for (std::string_view piece : segments_of(route.path.substr(0, question))) {
    Segment segment{piece};
    if (piece.starts_with('{')) {
      segment.is_param = true;
      segment.is_rest = piece.ends_with("...}");
      segment.text = piece.substr(1, piece.size() - (segment.is_rest ? 5 : 2));
    }
    row.segments.push_back(segment);
  }
  const auto add_pairs = [](std::string_view text, char separator, char assign, std::vector<Pair>& pairs) {
    for (std::string_view piece : split(text, separator)) {
      const auto at = piece.find(assign);
      const std::string_view value = at == std::string_view::npos ? "" : trim(piece.substr(at + 1));
      pairs.push_back({trim(piece.substr(0, at)), value, at == std::string_view::npos});
    }
  };
  if (question != std::string_view::npos) add_pairs(route.path.substr(question + 1), '&', '=', row.query);
  if (!route.when.empty()) add_pairs(route.when, ',', ':', row.headers);
  return row;
}

Router::Router(std::vector<const Route*> rows, std::vector<std::string_view> discriminators)
    : discriminators_(std::move(discriminators)) {
  for (std::size_t i = 0; i < rows.size(); ++i) rows_.push_back(parse(*rows[i], i));
  for (Row& row : rows_)
    for (const Pair& pair : row.query)
      for (std::size_t i = 0; i < discriminators_.size(); ++i)
        if (pair.name == discriminators_[i]) row.names |= 1U << i;
  std::stable_sort(rows_.begin(), rows_.end(), [](const Row& a, const Row& b) { return rank(a) > rank(b); });
  for (const Row& a : rows_)
    for (const Row& b : rows_)
      if (&a < &b && a.route->method == b.route->method && a.route->path == b.route->path &&
          a.route->when == b.route->when)
        throw std::logic_error("two rows claim the same requests: " + std::string(a.route->name) + " and " +
                               std::string(b.route->name));
}

bool Router::path_fits(const Row& row, const std::vector<std::string_view>& segments) {
  const bool open_end = !row.segments.empty() && row.segments.back().is_rest;
  if (open_end ? segments.size() < row.segments.size() : segments.size() != row.segments.size()) return false;
  for (std::size_t i = 0; i < row.segments.size(); ++i)
    if (!row.segments[i].is_param && !iequals(row.segments[i].text, segments[i])) return false;
  return true;
}

bool Router::Pair::fits(std::optional<std::string_view> given) const {
  return given && (any_value || iequals(*given, value));
}

bool Router::conditions_fit(const Row& row, const Wanted& wanted) {
  if ((row.names & ~wanted.given) || (wanted.nonempty & ~row.names)) return false;
  const auto query_fits = [&](const Pair& pair) { return pair.fits(wanted.query.find(pair.name)); };
  const auto header_fits = [&](const Pair& pair) { return pair.fits(wanted.headers.find(pair.name)); };
  return std::all_of(row.query.begin(), row.query.end(), query_fits) &&
         std::all_of(row.headers.begin(), row.headers.end(), header_fits);
}

Router::Wanted Router::wanted(std::string_view raw_path, const Query& query, const Headers& headers) const {
  Wanted wanted{segments_of(raw_path), query, headers};
  for (std::size_t i = 0; i < discriminators_.size(); ++i) {
    const auto value = query.find(discriminators_[i]);
    if (value) wanted.given |= 1U << i;
    if (value && !value->empty()) wanted.nonempty |= 1U << i;
  }
  return wanted;
}

const Router::Row* Router::find(Method method, const Wanted& wanted) const {
  for (const Row& row : rows_)
    if (row.route->method == method && path_fits(row, wanted.segments) && conditions_fit(row, wanted))
      return &row;
  return nullptr;
}

Router::Result Router::match(Method method, std::string_view raw_path, const Query& query,
                             const Headers& headers) const {
  const Wanted asked = wanted(raw_path, query, headers);
  const auto& segments = asked.segments;
  const Row* row = find(method, asked);
  if (!row && method == Method::Head) row = find(Method::Get, asked);
  Result result;
  if (!row) {
    const bool other = std::any_of(rows_.begin(), rows_.end(), [&](const Row& candidate) {
      return path_fits(candidate, segments) && conditions_fit(candidate, asked);
    });
    result.outcome = other ? Outcome::OtherMethod : Outcome::Unknown;
    return result;
  }
  result.outcome = Outcome::Found;
  result.route = row->route;
  result.index = row->index;
  for (std::size_t i = 0; i < row->segments.size(); ++i) {
    if (!row->segments[i].is_param) continue;
    const std::string_view raw =
        row->segments[i].is_rest
            ? std::string_view(
                  segments[i].data(),
                  static_cast<std::size_t>(raw_path.data() + raw_path.size() - segments[i].data()))
            : segments[i];
    result.params.add(row->segments[i].text, percent_decode(raw).value_or(std::string(raw)));
  }
  return result;
}

}  // namespace cvemu
