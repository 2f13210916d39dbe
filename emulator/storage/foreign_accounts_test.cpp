#include "storage/foreign_accounts.h"

#include <doctest/doctest.h>

namespace cvemu::storage_foreign_accounts_test {

namespace {

const Account* found(const ForeignAccounts& accounts, std::string_view url) {
  return accounts.find(*Url::parse(url));
}

}  // namespace

TEST_CASE("foreign accounts: found by the URL of their service") {
  const auto accounts =
      ForeignAccounts::parse({"one=a2V5MQ==@http://127.0.0.1:10101/one", "two=a2V5Mg==@https://storage.test/",
                              "one=a2V5MQ==@http://azurite:10000/one"});
  REQUIRE(found(accounts, "http://127.0.0.1:10101/one/queue?x=1"));
  CHECK(found(accounts, "http://127.0.0.1:10101/one/queue")->keys.at(0).bytes == "key1");
  CHECK(found(accounts, "https://storage.test/container")->name == "two");
  CHECK(found(accounts, "http://Azurite:10000/one/models")->name == "one");
  for (const char* other : {"http://127.0.0.1:10101/oneself/queue", "http://127.0.0.1:10102/one/queue",
                            "https://127.0.0.1:10101/one/queue", "http://storage.test/container"})
    CHECK_FALSE(found(accounts, other));
  CHECK(accounts.hosts() == std::vector<std::string>{"127.0.0.1:10101", "storage.test:443", "azurite:10000"});
}

TEST_CASE("foreign accounts: what cannot be read is refused") {
  for (const char* bad : {"", "name", "name=a2V5", "name@http://a/", "name=a2V5@ftp://a/",
                          "name=not base64!@http://a/", "No=a2V5@http://a/"})
    CHECK_THROWS_AS(ForeignAccounts::parse({bad}), BadAccounts);
}

TEST_CASE("foreign accounts: what may be a key is not repeated") {
  for (const char* bad : {"c2VjcmV0", "one:c2VjcmV0@http://a/", "c2VjcmV0=@http://a/",
                          "one=http://a/@c2VjcmV0", "one=a2V5@c2VjcmV0", "one=c2VjcmV0%@http://a/"})
    try {
      ForeignAccounts::parse({bad});
      FAIL(bad);
    } catch (const BadAccounts& error) {
      CHECK_MESSAGE(std::string(error.what()).find("c2VjcmV0") == std::string::npos, error.what());
    }
}

}  // namespace cvemu::storage_foreign_accounts_test
