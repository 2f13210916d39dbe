#include "faults/notification_text.h"

#include "base/text.h"
#include "base/xml_text.h"

namespace cvemu::notification_text {

namespace {

constexpr std::string_view kOpen = "<MessageText>", kClose = "</MessageText>";

struct TextSpan {
  std::size_t begin = 0, end = 0;
};

TextSpan find_text(std::string_view xml) {
  const std::size_t open = xml.find(kOpen);
  if (open == std::string_view::npos) return {};
  const std::size_t begin = open + kOpen.size(), end = xml.find(kClose, begin);
  return end == std::string_view::npos ? TextSpan{} : TextSpan{begin, end};
}

std::string replace_all(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

std::string unescaped(std::string_view text) {
  std::string out = replace_all(std::string(text), "&lt;", "<");
  out = replace_all(std::move(out), "&gt;", ">");
  out = replace_all(std::move(out), "&quot;", "\"");
  return replace_all(std::move(out), "&amp;", "&");
}

// The text between the tags, as it goes over the wire.
std::string with_text(std::string_view xml, std::string_view text) {
  const TextSpan span = find_text(xml);
  std::string out(xml.substr(0, span.begin));
  append_xml(out, text, XmlQuotes::Keep);
  return out.append(xml.substr(span.end));
}

bool is_base64(std::string_view xml) {
  const TextSpan span = find_text(xml);
  return base64_decode(xml.substr(span.begin, span.end - span.begin)).has_value();
}

}  // namespace

std::string read(std::string_view xml) {
  const TextSpan span = find_text(xml);
  std::string text = unescaped(xml.substr(span.begin, span.end - span.begin));
  if (!text.starts_with('{'))
    if (const auto decoded = base64_decode(text)) text = *decoded;
  return text.starts_with('{') ? text : std::string();
}

std::string member(std::string_view json, std::string_view name) {
  const std::string key = '"' + std::string(name) + "\":\"";
  const std::size_t found = json.find(key);
  if (found == std::string_view::npos) return {};
  const std::string_view rest = json.substr(found + key.size());
  return std::string(rest.substr(0, rest.find('"')));
}

std::string element(std::string_view xml, std::string_view name) {
  const std::string open = '<' + std::string(name) + '>';
  const std::size_t found = xml.find(open);
  if (found == std::string_view::npos) return {};
  const std::string_view rest = xml.substr(found + open.size());
  return std::string(rest.substr(0, rest.find('<')));
}

std::string replace(std::string_view xml, std::string_view text) {
  return with_text(xml, is_base64(xml) ? base64_encode(text) : std::string(text));
}

std::string malform(std::string_view xml, std::string_view how) {
  const std::string json = read(xml);
  if (how == "plainText") return replace(xml, "Training completed");
  if (how == "notBase64") return with_text(xml, "%%% " + json);
  if (how == "lowerCaseContent") return replace(xml, replace_all(json, "\"Content\":", "\"content\":"));
  if (how == "unknownType") {
    const std::string type = "\"type\":\"" + member(json, "type") + '"';
    return replace(xml, replace_all(json, type, R"("type":"Retraining")"));
  }
  if (how == "extraFields") return replace(xml, R"({"unexpected":{"more":[1,2,3]},)" + json.substr(1));
  if (how == "otherVersion")
    return replace(xml, replace_all(json, R"("version":"1.0")", R"("version":"2.0")"));
  return replace(xml, json.substr(0, json.size() / 2));  // brokenJson
}

}  // namespace cvemu::notification_text
