// XML of the storage services: a document is read whole or refused, and what was read is written so that it
// reads the same.
#include "storage/xml.h"

#include "base/xml_text.h"
#include "storage/access.h"
#include "storage/service_properties.h"
#include "storage/xml_bodies.h"
#include "target.h"

namespace {

using namespace cvemu;

// The name of the first element, as far as this can be told without reading the document.
std::string_view root_of(std::string_view document) {
  for (std::size_t at = 0; (at = document.find('<', at)) != std::string_view::npos;) {
    const std::string_view rest = document.substr(++at);
    if (!rest.empty() && rest[0] != '?' && rest[0] != '!')
      return rest.substr(0, rest.find_first_of(" \t\r\n/>"));
  }
  return "";
}

bool same(const XmlElement& a, const XmlElement& b) {
  return a.name == b.name && a.text == b.text &&
         std::equal(a.children.begin(), a.children.end(), b.children.begin(), b.children.end(), same);
}

void write(XmlWriter& xml, const XmlElement& element) {
  std::string text;
  append_xml(text, element.text);
  xml.open(element.name).raw(text);
  for (const XmlElement& child : element.children) write(xml, child);
  xml.close(element.name);
}

void check_element(const XmlElement& root) {
  XmlWriter xml;
  write(xml, root);
  fuzz::expect(same(parse_xml(xml.take(), root.name), root), "a document that is written reads the same");
}

void check_tags(std::string_view document) {
  const Tags tags = read_tags(document);
  fuzz::expect(read_tags(write_tags(tags)) == tags, "tags that are written read the same");
}

void check_identifiers(std::string_view document) {
  const auto read = read_signed_identifiers(document, kContainerPermissions);
  const std::string text = write_signed_identifiers(read);
  fuzz::expect(read_signed_identifiers(text, kContainerPermissions) == read,
               "policies that are written read the same");
  for (const auto& identifier : read)
    fuzz::expect(find_policy_in(text, kContainerPermissions, identifier.id).has_value(),
                 "a policy is found by its id");
}

void check_properties(std::string_view document) {
  const auto read = update_service_properties({}, document, StorageKind::Blob);
  const std::string text = write_service_properties(read, StorageKind::Blob);
  fuzz::expect(update_service_properties({}, text, StorageKind::Blob) == read,
               "properties that are written read the same");
  fuzz::refusal_of([&] { update_service_properties({}, document, StorageKind::Queue); });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view document = fuzz::text_of(data, size);
  const std::string_view root = root_of(document);
  fuzz::refusal_of([&] { check_element(parse_xml(document, root)); });
  fuzz::refusal_of([&] {
    if (root == "QueueMessage") read_queue_message(document);
    if (root == "SignedIdentifiers") check_identifiers(document);
    if (root == "BlockList") read_block_list(document);
    if (root == "Tags") check_tags(document);
    if (root == "KeyInfo") read_key_info(document);
    if (root == "StorageServiceProperties") check_properties(document);
  });
  return 0;
}
