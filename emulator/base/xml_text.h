// Text for XML, written: the one place that escapes it. Reading is storage/xml.h's.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace cvemu {

// Whether XML 1.0 knows the code point, and whether it can hold a text: valid UTF-8 of such code points.
bool is_xml_character(std::uint32_t code);
bool fits_xml(std::string_view text);

// Whether the text stands in XML as it is: ASCII with nothing to escape.
bool is_plain_xml(std::string_view text);

// Inside an element a quote may stand as it is, which JSON is easier to read with; not so in an attribute.
enum class XmlQuotes { Escape, Keep };

// Appends a text as it is written inside an element or an attribute in double quotes: & < > " and carriage
// returns by their references, what XML cannot hold as U+FFFD.
void append_xml(std::string& out, std::string_view text, XmlQuotes quotes = XmlQuotes::Escape);

}  // namespace cvemu
