// The XML documents that clients send and services answer, as values. Readers throw ApiError
// (400 InvalidXmlDocument, InvalidXmlNodeValue) and take exactly the shapes in the comments.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cvemu {

// <QueueMessage><MessageText>text</MessageText></QueueMessage>: the text, decoded, every byte kept.
std::string read_queue_message(std::string_view document);

// A stored access policy in the ACL of a container or queue. Texts stay as the client wrote them.
struct SignedIdentifier {
  std::string id, start, expiry, permission;
  bool operator==(const SignedIdentifier&) const = default;
};
inline constexpr std::string_view kQueuePermissions = "raup";
inline constexpr std::string_view kContainerPermissions = "racwdxylftmeopi";
// <SignedIdentifiers>. Refuses more than five, ids that are empty, repeated or longer than 64 characters,
// permission letters other than `allowed`, dates that cannot be read. An empty document means none.
std::vector<SignedIdentifier> read_signed_identifiers(std::string_view document, std::string_view allowed);
std::string write_signed_identifiers(std::span<const SignedIdentifier>);

// <BlockList>: ids in document order.
struct BlockReference {
  enum class Kind { Latest, Committed, Uncommitted };
  Kind kind = Kind::Latest;
  std::string id;  // base64 as sent
  bool operator==(const BlockReference&) const = default;
};
std::vector<BlockReference> read_block_list(std::string_view document);

// <Tags><TagSet><Tag><Key/><Value/></Tag>...: pairs in document order. Limits are the blob service's
// business.
using Tags = std::vector<std::pair<std::string, std::string>>;
Tags read_tags(std::string_view document);
std::string write_tags(const Tags&);

// <KeyInfo><Start/><Expiry/></KeyInfo> of Get User Delegation Key. Start may be left out. Dates that cannot
// be read, or an expiry that is not after the start, are InvalidXmlNodeValue.
struct KeyInfo {
  std::string start, expiry;
};
KeyInfo read_key_info(std::string_view document);

}  // namespace cvemu
