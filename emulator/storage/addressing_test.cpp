#include "storage/addressing.h"

#include "storage/errors.h"
#include "storage/testing.h"

namespace cvemu::storage_addressing_test {

using namespace cvemu::testing;

namespace {

const Accounts kAccounts = Accounts::parse("acct:a2V5;other:a2V5");

std::string place(std::string_view host, std::string_view target, bool product_style = true) {
  const Sent sent("GET " + std::string(target), {"Host: " + std::string(host)});
  const Address address = resolve_address(sent.exchange, kAccounts, {product_style});
  return std::string(address.account) + (address.secondary ? "|2nd|" : "|") + std::string(address.path);
}

std::string endpoint(std::string_view host, std::string_view target, bool encrypted = false) {
  const Request request = request_of("GET " + std::string(target), {"Host: " + std::string(host)});
  const Exchange exchange{request, {}, {.encrypted = encrypted}, {}, {}};
  return endpoint_of(exchange, resolve_address(exchange, kAccounts));
}

}  // namespace

TEST_CASE("Addressing: path style for addresses and names without a dot") {
  for (const auto host :
       {"127.0.0.1:10000", "[::1]:10000", "localhost", "azurite:10000", "host.docker.internal:1", ""})
    CHECK(place(host, "/acct/c/b%20c/d?x=/y") == "acct|/c/b%20c/d");
}

TEST_CASE("Addressing: product style if the host begins with an account") {
  CHECK(place("acct.blob.localhost:10000", "/c/b") == "acct|/c/b");
  CHECK(place("ACCT.blob.core.windows.net", "/c/b") == "acct|/c/b");
  CHECK(place("acct-secondary.queue.localhost", "/q") == "acct|2nd|/q");
  CHECK(place("acct.blob.localhost", "/?comp=list") == "acct|/");
  CHECK(place("acct.blob.localhost", "/acct/b") == "acct|/acct/b");
}

TEST_CASE("Addressing: a dotted host that is no account is path style") {
  CHECK(place("azurite.docs:10000", "/acct/c") == "acct|/c");
  CHECK(place("acct.blob.localhost", "/other/c", false) == "other|/c");
}

TEST_CASE("Addressing: slashes behind the account and behind a container") {
  CHECK(place("h", "/acct") == "acct|/");
  CHECK(place("h", "/acct/?comp=list") == "acct|/");
  CHECK(place("h", "/acct?comp=list") == "acct|/");
  CHECK(place("h", "/acct/c/") == "acct|/c");
  CHECK(place("h", "/acct/c/b/") == "acct|/c/b/");
  CHECK(place("h", "/acct/c//") == "acct|/c//");
}

TEST_CASE("Addressing: the secondary, and Python's way to ask for its statistics") {
  CHECK(place("h", "/acct-secondary/q") == "acct|2nd|/q");
  CHECK(place("h", "/acct-secondary/acct/?restype=service&comp=stats") == "acct|2nd|/");
  CHECK(place("h", "/acct-secondary/acct") == "acct|2nd|/acct");
}

TEST_CASE("Addressing: unknown accounts and bad escapes") {
  CHECK(code_of([] { place("h", "/nobody/c"); }) == "404 ResourceNotFound");
  CHECK(code_of([] { place("h", "/"); }) == "404 ResourceNotFound");
  CHECK(code_of([] { place("nobody.blob.localhost", "/c"); }) == "404 ResourceNotFound");
  for (const auto path : {"/acct/c/%", "/acct/c/%2", "/acct/c/%zz", "/acct/c/a%4"})
    CHECK(code_of([&] { place("h", path); }) == "400 InvalidUri");
}

TEST_CASE("Addressing: the endpoint is the one the client used") {
  CHECK(endpoint("127.0.0.1:10000", "/acct/c") == "http://127.0.0.1:10000/acct");
  CHECK(endpoint("h", "/acct-secondary", true) == "https://h/acct-secondary");
  CHECK(endpoint("acct.blob.localhost:1", "/c") == "http://acct.blob.localhost:1");
}

TEST_CASE("Accounts: the text of AZURITE_ACCOUNTS") {
  const Accounts two = Accounts::parse("one:Zmlyc3Q=:c2Vjb25k; two:a2V5;");
  CHECK(two.size() == 2);
  CHECK(two.find("one")->keys.size() == 2);
  CHECK(two.find("one")->keys[1].bytes == "second");
  CHECK(two.find("devstoreaccount1") == nullptr);
  CHECK(Accounts::parse("").find("devstoreaccount1") != nullptr);
}

TEST_CASE("Accounts: a text that cannot be read names what is wrong") {
  for (const auto text :
       {"one", "one:", "one:%%%", "one:a2V5:a2V5:a2V5", "On:a2V5", "o:a2V5", "one:a2V5;one:a2V5"})
    CHECK_THROWS_AS(Accounts::parse(text), BadAccounts);
}

TEST_CASE("Accounts: what may be a key is not repeated") {
  for (const auto text :
       {"c2VjcmV0", "c2VjcmV0:one", "one:a2V5;c2VjcmV0", "one:a2V5:c2VjcmV0:a2V5", "one:c2VjcmV0%"})
    try {
      Accounts::parse(text);
      FAIL(text);
    } catch (const BadAccounts& error) {
      CHECK_MESSAGE(std::string(error.what()).find("c2VjcmV0") == std::string::npos, error.what());
    }
}

TEST_CASE("Accounts: one may be added while the emulator is put together") {
  Accounts accounts = Accounts::development();
  const Account* before = accounts.find(kDevelopmentAccount);
  accounts.add("cvemu-artifacts", {"a2V5"});
  CHECK(accounts.find("cvemu-artifacts") != nullptr);
  CHECK(accounts.find(kDevelopmentAccount) == before);
}

}  // namespace cvemu::storage_addressing_test
