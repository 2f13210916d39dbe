#include "http/multipart.h"

#include <algorithm>

#include "base/text.h"

namespace cvemu {

namespace {

struct Parameter {
  std::string_view name, value;  // the value still has its quotes
};

// A quote ends the value only where the parameter ends, too: clients put Windows paths and quotes of their
// own between the quotes without escaping them.
std::size_t end_of_value(std::string_view text) {
  if (!text.starts_with('"')) return std::min(text.find(';'), text.size());
  for (auto quote = text.find('"', 1); quote != std::string_view::npos; quote = text.find('"', quote + 1)) {
    const auto next = text.find_first_not_of(" \t", quote + 1);
    if (next == std::string_view::npos || text[next] == ';') return quote + 1;
  }
  return text.size();
}

// Cuts the next "; name=value" off the rest of a header; nullopt at its end.
std::optional<Parameter> take_parameter(std::string_view& rest) {
  const auto start = rest.find(';');
  if (start == std::string_view::npos) return std::nullopt;
  rest.remove_prefix(start + 1);
  const auto name_end = std::min(rest.find_first_of("=;"), rest.size());
  const std::string_view name = trim(rest.substr(0, name_end));
  rest.remove_prefix(name_end);
  if (!rest.starts_with('=')) return Parameter{name, ""};
  rest.remove_prefix(1);
  rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
  const std::size_t value_end = end_of_value(rest);
  const std::string_view value = trim(rest.substr(0, value_end));
  rest.remove_prefix(value_end);
  return Parameter{name, value};
}

std::string_view find_parameter(std::string_view header, std::string_view name) {
  while (true) {
    const auto parameter = take_parameter(header);
    if (!parameter) return "";
    if (iequals(parameter->name, name)) return parameter->value;
  }
}

std::string_view without_quotes(std::string_view text) {
  const bool quoted = text.size() >= 2 && text.starts_with('"') && text.ends_with('"');
  return quoted ? text.substr(1, text.size() - 2) : text;
}

enum class Delimiter { None, Next, Last };

// What the text behind "--boundary" makes of it: another part follows, none follows, or the boundary was only
// the beginning of a longer word. Cuts it off.
Delimiter take_delimiter_end(std::string_view& rest) {
  if (rest.starts_with("--")) return Delimiter::Last;
  auto after = rest;
  const auto line = take_line(after);
  if (!line || !trim(*line).empty()) return Delimiter::None;
  rest = after;
  return Delimiter::Next;
}

// Cuts off everything up to and including the next delimiter, which begins a line. `skipped`: what stood
// before.
Delimiter take_delimiter(std::string_view& rest, std::string_view delimiter, std::string_view& skipped) {
  for (std::size_t at = rest.find(delimiter); at != std::string_view::npos;
       at = rest.find(delimiter, at + 1)) {
    if (at > 0 && rest[at - 1] != '\n') continue;
    std::string_view after = rest.substr(at + delimiter.size());
    const Delimiter kind = take_delimiter_end(after);
    if (kind == Delimiter::None) continue;
    skipped = rest.substr(0, at);
    if (skipped.ends_with('\n')) skipped.remove_suffix(1);
    if (skipped.ends_with('\r')) skipped.remove_suffix(1);
    rest = after;
    return kind;
  }
  return Delimiter::None;
}

bool read_headers(std::string_view& rest, Headers& headers) {
  while (true) {
    const auto line = take_line(rest);
    if (!line) break;
    if (line->empty()) return true;
    const auto colon = line->find(':');
    if (colon == std::string_view::npos || colon == 0) return false;
    headers.add(trim(line->substr(0, colon)), trim(line->substr(colon + 1)));
  }
  return false;
}

void read_disposition(Part& part) {
  const std::string_view disposition = part.headers.get("Content-Disposition");
  part.name = without_quotes(find_parameter(disposition, "name"));
  part.file_name = find_parameter(disposition, "filename");
}

}  // namespace

std::optional<std::string> multipart_boundary(std::string_view content_type) {
  if (!istarts_with(trim(content_type), "multipart/")) return std::nullopt;
  const std::string_view boundary = without_quotes(find_parameter(content_type, "boundary"));
  return boundary.empty() ? std::nullopt : std::optional<std::string>(boundary);
}

std::optional<std::vector<Part>> parse_multipart(std::string_view body, std::string_view boundary) {
  const std::string delimiter = "--" + std::string(boundary);
  std::vector<Part> parts;
  std::string_view skipped;
  Delimiter found = take_delimiter(body, delimiter, skipped);
  while (found == Delimiter::Next) {
    Part part;
    if (!read_headers(body, part.headers)) return std::nullopt;
    found = take_delimiter(body, delimiter, part.content);
    read_disposition(part);
    parts.push_back(std::move(part));
  }
  if (found == Delimiter::None) return std::nullopt;
  return parts;
}

}  // namespace cvemu
