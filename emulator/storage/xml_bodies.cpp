#include "storage/xml_bodies.h"

#include <algorithm>

#include "base/text.h"
#include "base/times.h"
#include "storage/errors.h"
#include "storage/limits.h"
#include "storage/xml.h"

namespace cvemu {

namespace {

bool is_date_or_empty(std::string_view text) {
  return text.empty() || times::parse_iso(text).has_value();
}

SignedIdentifier identifier_of(const XmlElement& element, std::string_view allowed) {
  SignedIdentifier out{std::string(element.text_of("Id")), {}, {}, {}};
  if (element.name != "SignedIdentifier" || out.id.empty() ||
      out.id.size() > storage_limits::kSignedIdentifierId)
    throw storage_errors::invalid_xml("A SignedIdentifier needs an Id of 1 to 64 characters.");
  // Azure: Python sends an empty AccessPolicy for a policy without fields.
  if (const auto* policy = element.find("AccessPolicy")) {
    out.start = policy->text_of("Start");
    out.expiry = policy->text_of("Expiry");
    out.permission = policy->text_of("Permission");
  }
  if (!is_date_or_empty(out.start) || !is_date_or_empty(out.expiry))
    throw storage_errors::invalid_xml("Start and Expiry must be ISO 8601 dates.");
  if (out.permission.find_first_not_of(allowed) != std::string::npos)
    throw storage_errors::invalid_xml("Permission may hold the letters " + std::string(allowed) + '.');
  return out;
}

bool has_id(const std::vector<SignedIdentifier>& identifiers, std::string_view id) {
  return std::any_of(identifiers.begin(), identifiers.end(),
                     [&](const auto& known) { return known.id == id; });
}

BlockReference::Kind block_kind(std::string_view name) {
  if (name == "Latest") return BlockReference::Kind::Latest;
  if (name == "Committed") return BlockReference::Kind::Committed;
  if (name == "Uncommitted") return BlockReference::Kind::Uncommitted;
  throw storage_errors::invalid_xml("A BlockList holds Latest, Committed and Uncommitted.");
}

}  // namespace

std::string read_queue_message(std::string_view document) {
  XmlElement root = parse_xml(document, "QueueMessage");
  for (auto& child : root.children)
    if (child.name == "MessageText") return std::move(child.text);
  throw storage_errors::invalid_xml("MessageText is missing.");
}

std::vector<SignedIdentifier> read_signed_identifiers(std::string_view document, std::string_view allowed) {
  std::vector<SignedIdentifier> identifiers;
  if (document.empty()) return identifiers;
  for (const auto& element : parse_xml(document, "SignedIdentifiers").children) {
    auto identifier = identifier_of(element, allowed);
    if (has_id(identifiers, identifier.id))
      throw storage_errors::invalid_xml("The Id " + identifier.id + " is there twice.");
    identifiers.push_back(std::move(identifier));
  }
  if (identifiers.size() > storage_limits::kSignedIdentifiers)
    throw storage_errors::invalid_xml("There may be no more than five stored access policies.");
  return identifiers;
}

std::string write_signed_identifiers(std::span<const SignedIdentifier> identifiers) {
  XmlWriter xml;
  if (identifiers.empty()) return xml.empty("SignedIdentifiers").take();
  xml.open("SignedIdentifiers");
  for (const auto& identifier : identifiers) {
    xml.open("SignedIdentifier").element("Id", identifier.id).open("AccessPolicy");
    xml.element_if_set("Start", identifier.start);
    xml.element_if_set("Expiry", identifier.expiry);
    xml.element_if_set("Permission", identifier.permission);
    xml.close("AccessPolicy").close("SignedIdentifier");
  }
  return xml.close("SignedIdentifiers").take();
}

std::vector<BlockReference> read_block_list(std::string_view document) {
  XmlElement root = parse_xml(document, "BlockList");
  std::vector<BlockReference> blocks;
  blocks.reserve(root.children.size());
  for (auto& child : root.children) blocks.push_back({block_kind(child.name), std::move(child.text)});
  return blocks;
}

Tags read_tags(std::string_view document) {
  const XmlElement root = parse_xml(document, "Tags");
  const auto* set = root.find("TagSet");
  if (!set) throw storage_errors::invalid_xml("TagSet is missing.");
  Tags tags;
  for (const auto& tag : set->children) {
    if (tag.name != "Tag" || !tag.find("Key") || !tag.find("Value"))
      throw storage_errors::invalid_xml("A TagSet holds Tag elements with Key and Value.");
    tags.emplace_back(tag.text_of("Key"), tag.text_of("Value"));
  }
  return tags;
}

std::string write_tags(const Tags& tags) {
  XmlWriter xml;
  xml.open("Tags");
  if (tags.empty()) return xml.empty("TagSet").close("Tags").take();
  xml.open("TagSet");
  for (const auto& [key, value] : tags)
    xml.open("Tag").element("Key", key).element("Value", value).close("Tag");
  return xml.close("TagSet").close("Tags").take();
}

KeyInfo read_key_info(std::string_view document) {
  const XmlElement root = parse_xml(document, "KeyInfo");
  KeyInfo info{std::string(root.text_of("Start")), std::string(root.text_of("Expiry"))};
  const auto expiry = times::parse_iso(info.expiry);
  if (!expiry) throw storage_errors::invalid_xml_node("Expiry", info.expiry);
  const auto start = times::parse_iso(info.start);
  if (!start && !info.start.empty()) throw storage_errors::invalid_xml_node("Start", info.start);
  if (start && *expiry <= *start)
    throw storage_errors::invalid_xml_node("Expiry", info.expiry, "Expiry must be after Start.");
  return info;
}

}  // namespace cvemu
