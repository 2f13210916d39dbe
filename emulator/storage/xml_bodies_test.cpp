#include "storage/xml_bodies.h"

#include "storage/testing.h"

namespace cvemu::storage_xml_bodies_test {

using namespace cvemu::testing;

namespace {

std::string identifier(const std::string& id, const std::string& policy) {
  return "<SignedIdentifier><Id>" + id + "</Id>" + policy + "</SignedIdentifier>";
}
std::string list(const std::string& identifiers) {
  return "<SignedIdentifiers>" + identifiers + "</SignedIdentifiers>";
}
std::string permission(const std::string& letters) {
  return "<AccessPolicy><Permission>" + letters + "</Permission></AccessPolicy>";
}
std::string acl_code(const std::string& document, std::string_view allowed = kQueuePermissions) {
  return code_of([&] { read_signed_identifiers(document, allowed); });
}

}  // namespace

TEST_CASE("ACL: texts come back as they were sent") {
  const auto document =
      list(identifier("pol 1",
                      "<AccessPolicy><Start>2020-01-01</Start><Expiry>2099-01-01T00:00:02.4180000Z"
                      "</Expiry><Permission>pura</Permission></AccessPolicy>"));
  const auto identifiers = read_signed_identifiers(document, kQueuePermissions);
  REQUIRE(identifiers.size() == 1);
  CHECK(identifiers[0] == SignedIdentifier{"pol 1", "2020-01-01", "2099-01-01T00:00:02.4180000Z", "pura"});
  CHECK(read_signed_identifiers(write_signed_identifiers(identifiers), kQueuePermissions) == identifiers);
}

TEST_CASE("ACL: nothing, and policies with nothing in them") {
  for (const auto document : {"", "<SignedIdentifiers/>", "<SignedIdentifiers></SignedIdentifiers>"})
    CHECK(read_signed_identifiers(document, kQueuePermissions).empty());
  CHECK(acl_code(list(identifier("a", "<AccessPolicy/>") + identifier("b", ""))) == "");
  CHECK(write_signed_identifiers({}).ends_with("<SignedIdentifiers />"));
}

TEST_CASE("ACL: limits") {
  const auto some = [](int count) {
    std::string all;
    for (int i = 0; i < count; ++i) all += identifier(std::to_string(i), permission("r"));
    return list(all);
  };
  CHECK(acl_code(some(5)) == "");
  CHECK(acl_code(some(6)) == "400 InvalidXmlDocument");
  CHECK(acl_code(list(identifier(std::string(64, 'i'), ""))) == "");
  CHECK(acl_code(list(identifier(std::string(65, 'i'), ""))) == "400 InvalidXmlDocument");
  CHECK(acl_code(list(identifier("", ""))) == "400 InvalidXmlDocument");
  CHECK(acl_code(list(identifier("a", "") + identifier("a", ""))) == "400 InvalidXmlDocument");
  CHECK(acl_code(list(identifier("a", permission("w")))) == "400 InvalidXmlDocument");
  CHECK(acl_code(list(identifier("a", permission("racwdl"))), kContainerPermissions) == "");
  CHECK(acl_code(list(identifier("a", "<AccessPolicy><Expiry>soon</Expiry></AccessPolicy>"))) ==
        "400 InvalidXmlDocument");
  CHECK(acl_code(list("<Other/>")) == "400 InvalidXmlDocument");
}

TEST_CASE("Block list: any mix, in document order, repeats kept") {
  using Kind = BlockReference::Kind;
  const auto blocks = read_block_list(
      "<BlockList>\n<Latest>YQ==</Latest><Committed>Yg==</Committed><Uncommitted>Yw==</Uncommitted>"
      "<Latest>YQ==</Latest></BlockList>");
  CHECK(blocks == std::vector<BlockReference>{{Kind::Latest, "YQ=="},
                                              {Kind::Committed, "Yg=="},
                                              {Kind::Uncommitted, "Yw=="},
                                              {Kind::Latest, "YQ=="}});
  CHECK(read_block_list("<BlockList/>").empty());
  CHECK(code_of([] { read_block_list("<BlockList><Other>x</Other></BlockList>"); }) ==
        "400 InvalidXmlDocument");
  CHECK(code_of([] { read_block_list("{\"a\":1}"); }) == "400 InvalidXmlDocument");
}

TEST_CASE("Tags: both ways") {
  const Tags tags = {{"key 1", "v & w"}, {"k", ""}};
  CHECK(read_tags(write_tags(tags)) == tags);
  CHECK(read_tags("<Tags><TagSet/></Tags>").empty());
  CHECK(write_tags({}).ends_with("<Tags><TagSet /></Tags>"));
  CHECK(code_of([] { read_tags("<Tags/>"); }) == "400 InvalidXmlDocument");
  CHECK(code_of([] { read_tags("<Tags><TagSet><Tag><Key>k</Key></Tag></TagSet></Tags>"); }) ==
        "400 InvalidXmlDocument");
}

TEST_CASE("Key info: dates in order") {
  const auto key_info = [](const std::string& inside) {
    return read_key_info("<KeyInfo>" + inside + "</KeyInfo>");
  };
  CHECK(key_info("<Start>2020-01-01T00:00:00Z</Start><Expiry>2020-01-02T00:00:00Z</Expiry>").start ==
        "2020-01-01T00:00:00Z");
  CHECK(key_info("<Expiry>2020-01-02</Expiry>").expiry == "2020-01-02");
  for (const auto bad : {"", "<Expiry>soon</Expiry>", "<Start>x</Start><Expiry>2020-01-02</Expiry>",
                         "<Start>2020-01-02</Start><Expiry>2020-01-02</Expiry>"})
    CHECK(code_of([&] { key_info(bad); }) == "400 InvalidXmlNodeValue");
}

}  // namespace cvemu::storage_xml_bodies_test
