#include "storage/xml.h"

#include "storage/testing.h"
#include "storage/xml_bodies.h"

namespace cvemu::storage_xml_test {

using namespace cvemu::testing;

namespace {

std::string message(const std::string& inside) {
  return read_queue_message("<QueueMessage><MessageText>" + inside + "</MessageText></QueueMessage>");
}
std::string message_code(const std::string& document) {
  return code_of([&] { read_queue_message(document); });
}

}  // namespace

TEST_CASE("XML in: every prologue that a client sends") {
  const std::string body = "<QueueMessage><MessageText>hi</MessageText></QueueMessage>";
  for (const std::string begin : {"", "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>",
                                  "<?xml version='1.0' encoding='utf-8'?>\n", "<?xml version=\"1.0\"?>\n",
                                  "\xEF\xBB\xBF", "<!DOCTYPE x>", "<!-- & -->"})
    CHECK(read_queue_message(begin + body + "\n") == "hi");
}

TEST_CASE("XML in: a document declared in another encoding is refused, unless it is ASCII") {
  const auto declared = [](const std::string& encoding, const std::string& text) {
    return "<?xml version=\"1.0\" encoding=" + encoding + "?><QueueMessage><MessageText>" + text +
           "</MessageText></QueueMessage>";
  };
  const std::string two = "\xC3\xA9";  // one character of UTF-8, two of windows-1252
  for (const auto encoding : {"\"windows-1252\"", "'iso-8859-1'", "'UTF-16'"}) {
    CHECK(message_code(declared(encoding, two)) == "400 InvalidXmlDocument");
    CHECK(message_code("\xEF\xBB\xBF" + declared(encoding, two)) == "400 InvalidXmlDocument");
    CHECK(read_queue_message(declared(encoding, "x")) == "x");
  }
  for (const auto encoding : {"\"utf-8\"", "'UTF-8'"})
    CHECK(read_queue_message(declared(encoding, two)) == two);
  CHECK(read_queue_message("<?xml version='1.0'?><QueueMessage><MessageText>" + two +
                           "</MessageText></QueueMessage>") == two);
}

TEST_CASE("XML in: text is kept byte for byte") {
  CHECK(message("") == "");
  CHECK(message("  ") == "  ");
  CHECK(message(" \t\n a \n") == " \t\n a \n");
  CHECK(message("a\r\nb\rc") == "a\r\nb\rc");
  CHECK(message("a&#xD;b&#13;c") == "a\rb\rc");
  CHECK(message("&lt;&amp;&gt;&quot;&apos;\"'") == "<&>\"'\"'");
  CHECK(message("&#233;&#x1F600;\u00e9") == "\u00e9\U0001F600\u00e9");
  CHECK(message("a<!-- & -->b") == "ab");
  CHECK(message(" <![CDATA[x<y&z]]> ") == " x<y&z ");
  CHECK(read_queue_message("<QueueMessage>\n  <MessageText/>\n</QueueMessage>") == "");
}

TEST_CASE("XML in: what is not XML is refused with a code") {
  using namespace std::string_literals;
  for (const std::string& inside :
       {"\x01"s, "\0"s, "&#x1;"s, "&#0;"s, "&#xD800;"s, "&#x110000;"s, "&#xFFFE;"s, "&foo;"s, "&"s, "a & b"s,
        "&#;"s, "&#xZZ;"s, "\xff"s, "\xC3"s, "\xEF\xBF\xBE"s, "<"s, "<a>"s})
    CHECK(code_of([&] { message(inside); }) == "400 InvalidXmlDocument");
  for (const auto document : {"", "nonsense", "{\"a\":1}", "<QueueMessage>", "<QueueMessage/>", "<Other/>",
                              "<QueueMessage><Text>x</Text></QueueMessage>", "<QueueMessage/><QueueMessage/>",
                              "<QueueMessage/>tail", "head<QueueMessage/>", "<queuemessage/>"})
    CHECK(message_code(document) == "400 InvalidXmlDocument");
}

TEST_CASE("XML in: comments and CDATA are looked into as well, and what follows another alphabet") {
  using namespace std::string_literals;
  for (const std::string& inside :
       {"<!-- \x01 -->"s, "<![CDATA[\x02]]>"s, "<![CDATA[\xff]]>"s, "\u00e9&foo;"s, "\u00e9\x01"s,
        "<!-- \u00e9 -->\x01"s, "<![CDATA[x"s, "<!-- x"s})
    CHECK(code_of([&] { message(inside); }) == "400 InvalidXmlDocument");
  CHECK(message("<!-- \u00e9 --><![CDATA[\u00e9&]]>\u00e9&amp;") == "\u00e9&\u00e9&");
}

TEST_CASE("XML in: elements nested without end do no harm") {
  std::string deep;
  for (int i = 0; i < 200000; ++i) deep += "<a>";
  for (int i = 0; i < 200000; ++i) deep += "</a>";
  CHECK(code_of([&] { parse_xml(deep, "a"); }) == "400 InvalidXmlDocument");
}

TEST_CASE("XML in: a fault is told with its place") {
  try {
    parse_xml("<a>\n  <b></c>\n</a>", "a");
    FAIL("must be refused");
  } catch (const ApiError& error) {
    CHECK(error.details.at(0) == std::pair<std::string, std::string>("LineNumber", "2"));
  }
}

TEST_CASE("XML out: elements, attributes and escapes") {
  XmlWriter xml;
  xml.open("A", {{"Endpoint", "http://h/\"a&b\""}})
      .element("B", "<x> & \"y\"\r\n")
      .number("C", -5)
      .boolean("D", true);
  xml.element("E", "").metadata({{"k", "v"}}).close("A");
  CHECK(xml.take() ==
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><A Endpoint=\"http://h/&quot;a&amp;b&quot;\"><B>&lt;x&gt; "
        "&amp; "
        "&quot;y&quot;&#xD;\n</B><C>-5</C><D>true</D><E /><Metadata><k>v</k></Metadata></A>");
}

TEST_CASE("XML out: what XML cannot hold is replaced; blob names are percent-encoded") {
  const auto written = [](std::string_view text) {
    XmlWriter xml;
    return parse_xml(xml.open("A").element("B", text).close("A").take(), "A").find("B")->text;
  };
  CHECK(written("a\x01z") == "a\xEF\xBF\xBDz");
  CHECK(written("\u00e9\xffz") == "\u00e9\xEF\xBF\xBDz");
  CHECK(written("a\xEF\xBF\xBE\u00e9\x02") == "a\xEF\xBF\xBD\u00e9\xEF\xBF\xBD");
  CHECK(written("\U0001F600 & \u00e9") == "\U0001F600 & \u00e9");
  XmlWriter names;
  names.open("A").name("a/\u00e9 &.txt").name("a/\xEF\xBF\xBF b").close("A");
  CHECK(names.take().ends_with(
      "<A><Name>a/\u00e9 &amp;.txt</Name><Name Encoded=\"true\">a/%EF%BF%BF%20b</Name></A>"));
}

TEST_CASE("XML both ways: any text survives") {
  for (const std::string text : {"  ", "\r\n", "<&>\"'", "\U0001F600", "]]>", "a\tb"}) {
    XmlWriter xml;
    xml.open("QueueMessage").element("MessageText", text).close("QueueMessage");
    CHECK(read_queue_message(xml.take()) == text);
  }
}

}  // namespace cvemu::storage_xml_test
