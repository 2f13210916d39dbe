#include "storage/xml.h"

#include <algorithm>
#include <array>
#include <optional>
#include <pugixml.hpp>

#include "base/text.h"
#include "base/xml_text.h"
#include "http/message.h"
#include "storage/errors.h"
#include "storage/limits.h"

namespace cvemu {

namespace {

// Bytes that need no look when they come in.
constexpr std::array<bool, 256> kPlain = [] {
  std::array<bool, 256> plain{};
  for (std::size_t byte = 0; byte < plain.size(); ++byte) {
    const bool text = (byte >= 0x20 && byte < 0x80) || byte == '\t' || byte == '\n' || byte == '\r';
    plain[byte] = text && byte != '&' && byte != '<';
  }
  return plain;
}();

std::size_t skip_plain(std::string_view text, std::size_t at) {
  while (at < text.size() && kPlain[static_cast<unsigned char>(text[at])]) ++at;
  return at;
}

bool is_high(char c) {
  return (c & 0x80) != 0;
}

// --- what pugixml does not look at ------------------------------------------------------------------------

bool is_known_reference(std::string_view name) {
  if (!name.starts_with('#')) {
    static constexpr std::string_view kNames[] = {"amp", "lt", "gt", "quot", "apos"};
    return std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
  }
  const bool hex = name.starts_with("#x");
  name.remove_prefix(hex ? 2 : 1);
  if (name.empty() || name.size() > 7) return false;
  if (name.find_first_not_of(hex ? "0123456789abcdefABCDEF" : "0123456789") != std::string_view::npos)
    return false;
  return is_xml_character(static_cast<std::uint32_t>(std::stoul(std::string(name), nullptr, hex ? 16 : 10)));
}

// The end of a comment, CDATA section or DOCTYPE that begins at `at`; `at` itself if there is none.
std::size_t skip_section(std::string_view text, std::size_t at) {
  static constexpr std::pair<std::string_view, std::string_view> kSections[] = {
      {"<!--", "-->"}, {"<![CDATA[", "]]>"}, {"<!DOCTYPE", ">"}};
  for (const auto& [begin, end] : kSections) {
    if (!text.substr(at).starts_with(begin)) continue;
    const auto close = text.find(end, at + begin.size());
    return close == std::string_view::npos ? text.size() : close + end.size();
  }
  return at;
}

// Where the reference or section at `at` ends; nullopt for a reference that XML does not know.
std::optional<std::size_t> skip_markup(std::string_view text, std::size_t at) {
  if (text[at] == '<') return std::max(skip_section(text, at), at + 1);
  const auto end = text.find(';', at);
  if (end == std::string_view::npos || !is_known_reference(text.substr(at + 1, end - at - 1)))
    return std::nullopt;
  return end;
}

// Most documents are ASCII: one pass tells, and only others are looked at more closely.
bool is_clean(std::string_view text) {
  bool looked_closely = false;
  for (auto at = skip_plain(text, 0); at < text.size(); at = skip_plain(text, at)) {
    if (text[at] == '&' || text[at] == '<') {
      const auto end = skip_markup(text, at);
      if (!end) return false;
      const bool section = text[at] == '<' && *end > at + 1;
      if (section && !looked_closely && !fits_xml(text.substr(at, *end - at))) return false;
      at = *end;
      continue;
    }
    if (!is_high(text[at])) return false;
    if (!looked_closely && !fits_xml(text)) return false;
    looked_closely = true;
    ++at;
  }
  return true;
}

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// Lower case; "" if the XML declaration tells none.
std::string declared_encoding(std::string_view document) {
  if (document.starts_with(kByteOrderMark)) document.remove_prefix(kByteOrderMark.size());
  if (!document.starts_with("<?xml")) return "";
  document = document.substr(0, document.find("?>"));
  const auto open = document.find_first_of("\"'", document.find("encoding"));
  if (open == std::string_view::npos) return "";
  const std::string_view value = document.substr(open + 1);
  return to_lower(value.substr(0, value.find(document[open])));
}

// Bytes of another alphabet could be read as UTF-8 by chance, and would be other characters.
bool is_in_utf8(std::string_view document) {
  const std::string encoding = declared_encoding(document);
  return encoding.empty() || encoding == "utf-8" || std::none_of(document.begin(), document.end(), is_high);
}

bool has_text_outside(std::string_view document) {
  static constexpr std::string_view kBlanks = " \t\r\n";
  if (document.starts_with(kByteOrderMark)) document.remove_prefix(kByteOrderMark.size());
  const auto first = document.find_first_not_of(kBlanks), last = document.find_last_not_of(kBlanks);
  return document[first] != '<' || document[last] != '>';
}

[[noreturn]] void refuse(std::string_view document, std::ptrdiff_t offset, std::string_view reason) {
  const auto before = document.substr(0, static_cast<std::size_t>(offset));
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const auto newline = before.rfind('\n');
  const auto position = newline == std::string_view::npos ? before.size() : before.size() - newline - 1;
  throw storage_errors::invalid_xml(reason, static_cast<int>(line), static_cast<int>(position) + 1);
}

XmlElement element_of(const pugi::xml_node& node, int depth) {
  if (depth > storage_limits::kDocumentDepth)
    throw storage_errors::invalid_xml("Elements are nested too deeply.");
  XmlElement element{node.name(), {}, {}};
  for (const auto& child : node.children()) {
    if (child.type() == pugi::node_element) element.children.push_back(element_of(child, depth + 1));
    if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata) element.text += child.value();
  }
  return element;
}

}  // namespace

const XmlElement* XmlElement::find(std::string_view child) const {
  for (const auto& candidate : children)
    if (candidate.name == child) return &candidate;
  return nullptr;
}

std::string_view XmlElement::text_of(std::string_view child) const {
  const auto* element = find(child);
  return element ? std::string_view(element->text) : std::string_view();
}

XmlElement parse_xml(std::string_view document, std::string_view root) {
  if (!is_clean(document))
    throw storage_errors::invalid_xml("A byte, character or entity that XML in UTF-8 does not know.");
  if (!is_in_utf8(document))
    throw storage_errors::invalid_xml("The document is declared in another encoding than UTF-8.");
  pugi::xml_document parsed;
  // Azure: keeps carriage returns and text of blanks, so neither is left to pugixml's defaults.
  const unsigned flags = pugi::parse_cdata | pugi::parse_escapes | pugi::parse_ws_pcdata;
  const auto result = parsed.load_buffer(document.data(), document.size(), flags, pugi::encoding_utf8);
  if (!result) refuse(document, result.offset, result.description());
  const auto top = parsed.document_element();
  if (root != top.name() || top.next_sibling() || has_text_outside(document))
    throw storage_errors::invalid_xml("The document must be one element " + std::string(root) + '.');
  return element_of(top, 1);
}

// --- writing ----------------------------------------------------------------------------------------------

XmlWriter::XmlWriter(std::size_t expected_size) {
  out_.reserve(expected_size);
  out_ = "<?xml version=\"1.0\" encoding=\"utf-8\"?>";
}

XmlWriter& XmlWriter::open(std::string_view name, Attributes attributes) {
  out_ += '<';
  out_ += name;
  for (const auto& [key, value] : attributes) {
    out_.append(" ").append(key).append("=\"");
    append_xml(out_, value);
    out_ += '"';
  }
  out_ += '>';
  return *this;
}

XmlWriter& XmlWriter::close(std::string_view name) {
  out_.append("</").append(name).append(">");
  return *this;
}

XmlWriter& XmlWriter::element(std::string_view name, std::string_view text) {
  if (text.empty()) return empty(name);
  open(name);
  append_xml(out_, text);
  return close(name);
}

XmlWriter& XmlWriter::element_if_set(std::string_view name, std::string_view text) {
  return text.empty() ? *this : element(name, text);
}

XmlWriter& XmlWriter::number(std::string_view name, std::int64_t value) {
  return open(name).raw(std::to_string(value)).close(name);
}

XmlWriter& XmlWriter::boolean(std::string_view name, bool value) {
  return open(name).raw(value ? "true" : "false").close(name);
}

XmlWriter& XmlWriter::empty(std::string_view name) {
  out_.append("<").append(name).append(" />");
  return *this;
}

XmlWriter& XmlWriter::name(std::string_view blob_name) {
  if (is_plain_xml(blob_name) || fits_xml(blob_name)) return element("Name", blob_name);
  return open("Name", {{"Encoded", "true"}}).raw(percent_encode(blob_name, true)).close("Name");
}

XmlWriter& XmlWriter::raw(std::string_view xml) {
  out_ += xml;
  return *this;
}

XmlWriter& XmlWriter::metadata(const std::vector<std::pair<std::string, std::string>>& pairs) {
  if (pairs.empty()) return empty("Metadata");
  open("Metadata");
  for (const auto& [key, value] : pairs) element(key, value);
  return close("Metadata");
}

Response xml_response(std::string document, int status) {
  Response response;
  response.status = status;
  response.headers.add("Content-Type", "application/xml");
  response.body = std::move(document);
  return response;
}

}  // namespace cvemu
