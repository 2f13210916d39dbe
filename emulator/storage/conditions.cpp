#include "storage/conditions.h"

#include <algorithm>

#include "base/text.h"
#include "base/times.h"
#include "storage/errors.h"

namespace cvemu {

namespace {

std::optional<std::string> read_text(const Headers& headers, const std::string& name) {
  const std::string_view text = headers.get(name);
  return text.empty() ? std::nullopt : std::optional<std::string>(text);
}

std::optional<Instant> read_date(const Headers& headers, const std::string& name) {
  const std::string_view text = headers.get(name);
  if (text.empty()) return std::nullopt;
  const auto date = times::parse_rfc1123(text);
  if (!date) throw storage_errors::invalid_header(name, text);
  return date;
}

std::string_view unquoted(std::string_view etag) {
  etag = trim(etag);
  const bool quoted = etag.size() >= 2 && etag.front() == '"' && etag.back() == '"';
  return quoted ? etag.substr(1, etag.size() - 2) : etag;
}

// Quoted, bare, or one of a list.
bool names_etag(std::string_view list, std::string_view etag) {
  const auto items = split(list, ',');
  return std::any_of(items.begin(), items.end(), [&](auto item) { return unquoted(item) == unquoted(etag); });
}

bool is_any(const std::optional<std::string>& condition) {
  return condition && trim(*condition) == "*";
}

bool modified_since(const Conditional& blob, Instant date) {
  return std::chrono::floor<std::chrono::seconds>(blob.last_modified) > date;
}

bool stays_as_expected(const Conditions& conditions, const Conditional& blob) {
  const bool matches =
      !conditions.if_match || is_any(conditions.if_match) || names_etag(*conditions.if_match, blob.etag);
  const bool unmodified =
      !conditions.if_unmodified_since || !modified_since(blob, *conditions.if_unmodified_since);
  return matches && unmodified;
}

// Azure: of If-None-Match and If-Modified-Since, one that holds is enough.
bool is_new_to_client(const Conditions& conditions, const Conditional& blob) {
  if (!conditions.if_none_match && !conditions.if_modified_since) return true;
  const bool other_etag = conditions.if_none_match && !is_any(conditions.if_none_match) &&
                          !names_etag(*conditions.if_none_match, blob.etag);
  return other_etag || (conditions.if_modified_since && modified_since(blob, *conditions.if_modified_since));
}

Headers validators(const Conditional& blob) {
  Headers headers;
  headers.add("ETag", '"' + std::string(unquoted(blob.etag)) + '"');
  headers.add("Last-Modified", times::rfc1123(blob.last_modified));
  return headers;
}

bool is_list(const std::optional<std::string>& etags) {
  return etags && etags->find(',') != std::string::npos;
}

void check_pairs(const Conditions& c) {
  const bool positive = c.if_match || c.if_unmodified_since;
  const bool negative = c.if_none_match || c.if_modified_since;
  if ((positive && negative) || is_list(c.if_match) || is_list(c.if_none_match))
    throw storage_errors::multiple_condition_headers();
}

}  // namespace

bool Conditions::empty() const {
  return !if_match && !if_none_match && !if_modified_since && !if_unmodified_since && if_tags.empty();
}

Conditions Conditions::dates_only() const {
  return {{}, {}, if_modified_since, if_unmodified_since, {}};
}

Conditions read_conditions(const Headers& headers, std::string_view prefix) {
  const std::string begin(prefix);
  return {read_text(headers, begin + "If-Match"), read_text(headers, begin + "If-None-Match"),
          read_date(headers, begin + "If-Modified-Since"), read_date(headers, begin + "If-Unmodified-Since"),
          std::string(headers.get((prefix.empty() ? "x-ms-" : begin) + "if-tags"))};
}

void check_read(const Conditions& conditions, const Conditional* existing) {
  if (is_any(conditions.if_none_match)) throw storage_errors::unsatisfiable_condition();
  if (!existing) {
    if (conditions.if_match) throw storage_errors::condition_not_met();
    return;
  }
  if (!stays_as_expected(conditions, *existing) || !existing->tags_match)
    throw storage_errors::condition_not_met();
  if (!is_new_to_client(conditions, *existing)) throw storage_errors::not_modified(validators(*existing));
}

void check_write(const Conditions& conditions, const Conditional* existing, WriteKind kind) {
  check_pairs(conditions);
  if (!existing) {
    if (conditions.if_match) throw storage_errors::condition_not_met();
    return;
  }
  if (kind == WriteKind::Create && is_any(conditions.if_none_match))
    throw storage_errors::blob_already_exists();
  if (!stays_as_expected(conditions, *existing) || !is_new_to_client(conditions, *existing) ||
      !existing->tags_match)
    throw storage_errors::condition_not_met();
}

void check_source(const Conditions& conditions, const Conditional& source) {
  if (!stays_as_expected(conditions, source) || !is_new_to_client(conditions, source) || !source.tags_match)
    throw storage_errors::source_condition_not_met();
}

}  // namespace cvemu
