#include "pipeline/journal.h"

#include <algorithm>

#include "base/text.h"

namespace cvemu {

namespace {

std::size_t size_of(const Headers& headers) {
  std::size_t size = 0;
  for (const auto& [name, value] : headers) size += name.size() + value.size() + 3;
  return size;
}

char* put(char* to, std::string_view text) {
  return std::copy(text.begin(), text.end(), to);
}

char* put_line(char* to, std::string_view name, std::string_view value) {
  to = put(put(put(to, name), ": "), value);
  *to = '\n';
  return to + 1;
}

// Of lines "name: value".
std::string_view find_line(std::string_view lines, std::string_view name) {
  while (!lines.empty()) {
    const std::size_t end = lines.find('\n');
    const std::string_view line = lines.substr(0, end);
    if (line.size() > name.size() && line[name.size()] == ':' && iequals(line.substr(0, name.size()), name))
      return line.substr(name.size() + 2);
    lines.remove_prefix(end + 1);
  }
  return {};
}

std::string_view kept_body(const Response* response, std::size_t kept) {
  const auto* text = response ? std::get_if<std::string>(&response->body) : nullptr;
  return text ? std::string_view(*text).substr(0, kept) : std::string_view();
}

}  // namespace

void JournalEntry::store(const Request& request, const PathParams* params, std::string_view body,
                         const Response* response, std::size_t kept) {
  const std::string_view answer = kept_body(response, kept);
  const std::pair<std::string_view, std::string_view> subject[] = {
      {"projectId", request.delivery.project}, {"iterationId", request.delivery.iteration}};
  std::size_t params_size = 0;
  for (const auto& [name, value] : subject)
    if (!value.empty()) params_size += name.size() + value.size() + 3;
  if (params)
    for (const auto& [name, value] : *params) params_size += name.size() + value.size() + 3;
  text_.resize(request.target.size() + params_size + size_of(request.headers) + body.size() +
               (response ? size_of(response->headers) : 0) + answer.size());
  char* to = put(text_.data(), request.target);
  const auto end_part = [&](std::size_t index) {
    ends_[index] = static_cast<std::uint32_t>(to - text_.data());
  };
  end_part(0);
  if (params)
    for (const auto& [name, value] : *params) to = put_line(to, name, value);
  for (const auto& [name, value] : subject)
    if (!value.empty()) to = put_line(to, name, value);
  end_part(1);
  for (const auto& [name, value] : request.headers) to = put_line(to, name, value);
  end_part(2);
  to = put(to, body);
  end_part(3);
  if (response)
    for (const auto& [name, value] : response->headers) to = put_line(to, name, value);
  end_part(4);
  to = put(to, answer);
  end_part(5);
}

std::string_view JournalEntry::part(std::size_t index) const {
  const std::size_t begin = index == 0 ? 0 : ends_[index - 1];
  return std::string_view(text_).substr(begin, ends_[index] - begin);
}

std::string_view JournalEntry::param(std::string_view name) const {
  return find_line(params(), name);
}
std::string_view JournalEntry::header(std::string_view name) const {
  return find_line(headers(), name);
}
std::string_view JournalEntry::response_header(std::string_view name) const {
  return find_line(response_headers(), name);
}

std::string_view JournalEntry::error_code() const {
  if (status < 400) return {};
  if (const auto code = response_header("x-ms-error-code"); !code.empty()) return code;
  constexpr std::string_view kCode = R"("code":")";
  const std::size_t found = response_body().find(kCode);
  if (found == std::string_view::npos) return {};
  const std::string_view rest = response_body().substr(found + kCode.size());
  return rest.substr(0, rest.find('"'));
}

void RequestJournal::link_retry(JournalEntry& entry) {
  const bool bad = invites_retry(entry.status);
  if (!bad && failed_.empty()) return;
  const std::size_t key = retry_key(entry.method, entry.target(), entry.request_length, entry.body());
  if (const auto before = failed_.find(key); before != failed_.end()) {
    if (entry.wall - before->second.at <= kRetryWindow) entry.retry_of = before->second.seq;
    failed_.erase(before);
  }
  if (bad) failed_[key] = {entry.seq, entry.wall};
}

void RequestJournal::evict() {
  while (ring_.size() > limits_.entries || (bytes_ > limits_.bytes && ring_.size() > 1)) {
    bytes_ -= ring_.front()->bytes();
    ring_.pop_front();
    ++evicted_;
  }
  if (failed_.size() > limits_.entries) failed_.clear();
}

void RequestJournal::add(std::shared_ptr<JournalEntry> entry) {
  std::lock_guard lock(mutex_);
  entry->seq = ++last_;
  link_retry(*entry);
  bytes_ += entry->bytes();
  ring_.push_back(std::move(entry));
  evict();
}

std::uint64_t RequestJournal::last() const {
  std::lock_guard lock(mutex_);
  return last_;
}

JournalEntries RequestJournal::entries(std::uint64_t after) const {
  std::lock_guard lock(mutex_);
  const auto newer = [&](const auto& entry) { return entry->seq > after; };
  return {std::find_if(ring_.begin(), ring_.end(), newer), ring_.end()};
}

std::shared_ptr<const JournalEntry> RequestJournal::find(std::uint64_t seq) const {
  std::lock_guard lock(mutex_);
  if (ring_.empty() || seq < ring_.front()->seq || seq > ring_.back()->seq) return nullptr;
  return ring_[static_cast<std::size_t>(seq - ring_.front()->seq)];
}

std::uint64_t RequestJournal::evicted() const {
  std::lock_guard lock(mutex_);
  return evicted_;
}

void RequestJournal::clear() {
  std::lock_guard lock(mutex_);
  ring_.clear();
  failed_.clear();
  bytes_ = 0;
  evicted_ = 0;
}

}  // namespace cvemu
