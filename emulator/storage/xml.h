// XML in and out. xml.cpp is the only file that knows pugixml.
#pragma once
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/message.h"

namespace cvemu {

// An element as a plain value. `text` joins all text and CDATA directly inside it, comments left out, blanks
// and carriage returns kept as sent.
struct XmlElement {
  std::string name, text;
  std::vector<XmlElement> children;

  const XmlElement* find(std::string_view child) const;    // the first of that name, or nullptr
  std::string_view text_of(std::string_view child) const;  // "" if absent
};

// The root element of a document. Throws ApiError 400 InvalidXmlDocument for what is not well-formed, has
// another root than `root`, is not UTF-8 (also by its declaration, unless it is ASCII), or holds characters
// or entities that XML 1.0 does not know (pugixml would let them through). A byte-order mark and a DOCTYPE
// are passed over.
XmlElement parse_xml(std::string_view document, std::string_view root);

// Appends text as it comes; nothing is kept but the text. The caller keeps elements balanced.
//   XmlWriter xml;
//   xml.open("EnumerationResults", {{"ServiceEndpoint", endpoint}}).element("Prefix", prefix) ... .close(...)
// Texts are escaped as base/xml_text.h does.
class XmlWriter {
 public:
  explicit XmlWriter(std::size_t expected_size = 512);  // begins with the XML declaration, no byte-order mark

  using Attributes = std::initializer_list<std::pair<std::string_view, std::string_view>>;
  XmlWriter& open(std::string_view name, Attributes attributes = {});
  XmlWriter& close(std::string_view name);
  XmlWriter& element(std::string_view name, std::string_view text);
  // Nothing for an empty text.
  XmlWriter& element_if_set(std::string_view name, std::string_view text);
  XmlWriter& number(std::string_view name, std::int64_t value);
  XmlWriter& boolean(std::string_view name, bool value);
  XmlWriter& empty(std::string_view name);
  // A blob's <Name>. Azure: percent-encoded with Encoded="true" if XML cannot hold a character of it.
  XmlWriter& name(std::string_view blob_name);
  XmlWriter& raw(std::string_view xml);
  // <Metadata> with an element for each name.
  XmlWriter& metadata(const std::vector<std::pair<std::string, std::string>>& pairs);

  std::string take() { return std::move(out_); }
  std::size_t size() const { return out_.size(); }

 private:
  std::string out_;
};

// A 200 (or `status`) with this document and Content-Type: application/xml.
Response xml_response(std::string document, int status = 200);

}  // namespace cvemu
