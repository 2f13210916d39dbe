#include "http/host_policy.h"

#include <doctest/doctest.h>

namespace cvemu::http_host_policy_test {

namespace {

using Verdict = HostPolicy::Verdict;

const HostPolicy kPolicy({"0.0.0.0", "emulator.example.com", "*.team.example.org", "nonsense/", "", "*"});

Headers headers_of(std::initializer_list<Headers::Field> fields) {
  Headers headers;
  for (const auto& [name, value] : fields) headers.add(name, value);
  return headers;
}

Verdict judged(std::initializer_list<Headers::Field> fields, bool encrypted = false) {
  return kPolicy.judge(headers_of(fields), encrypted);
}

}  // namespace

TEST_CASE("HostPolicy: hosts that are ours") {
  for (const char* host : {"127.0.0.1",
                           "127.0.0.1:10003",
                           "192.168.1.7:1",
                           "8.8.8.8",
                           "[::1]",
                           "[::1]:10003",
                           "[FE80::1]:80",
                           "[::ffff:127.0.0.1]",
                           "[::1]:",
                           "localhost",
                           "localhost:10003",
                           "LocalHost:10003",
                           "localhost.",
                           "localhost.:1",
                           "localhost:",
                           "my.app.localhost",
                           "cvemu",
                           "my_service-1:10003",
                           "2130706433",
                           "host.docker.internal:10003",
                           "anything.internal",
                           "cvemu.default.svc",
                           "cvemu.default.svc.cluster.local.:10003",
                           "vision.test",
                           "emulator.example.com",
                           "EMULATOR.example.com.:99",
                           "a.team.example.org",
                           "a.b.team.example.org"}) {
    CAPTURE(host);
    CHECK(judged({{"Host", host}}) == Verdict::Welcome);
  }
}

TEST_CASE("HostPolicy: hosts that are not, and what is no host at all") {
  for (const char* host : {"",
                           ":10003",
                           "attacker.example",
                           "attacker.example:10003",
                           "localhost.attacker.example",
                           "notlocalhost.example",
                           "127.0.0.1.attacker.example",
                           "127.1",
                           "127.0.0.1.",
                           "0x7f.0.0.1",
                           "1.2.3.4.5",
                           "ai.",
                           "test.",
                           ".",
                           "..",
                           ".localhost",
                           "a..localhost",
                           "evil.localhost..",
                           "localhost@attacker.example",
                           "attacker.example@localhost",
                           "user:pw@localhost",
                           "localhost:0",
                           "localhost:65536",
                           "localhost:-1",
                           "localhost:80:80",
                           "localhost:8o",
                           "localhost:80/",
                           "localhost/x",
                           "localhost?x",
                           "localhost#x",
                           "local host",
                           "localhost, attacker.example",
                           "localhost'",
                           "l\xC3\xB6"
                           "calhost",
                           "loc%61lhost",
                           "[::1",
                           "::1",
                           "[localhost]",
                           "[127.0.0.1]",
                           "[::1]x",
                           "[fe80::1%25eth0]",
                           "[]",
                           "example.com",
                           "other.example.com",
                           "x.emulator.example.com",
                           "team.example.org",
                           "evilteam.example.org",
                           "internal.example"}) {
    CAPTURE(host);
    CHECK(judged({{"Host", host}}) == Verdict::ForeignHost);
  }
  CHECK(judged({}) == Verdict::ForeignHost);
  CHECK(judged({{"Host", "localhost"}, {"host", "localhost"}}) == Verdict::ForeignHost);
  CHECK(judged({{"Host", "localhost"}, {"host", "attacker.example"}}) == Verdict::ForeignHost);
}

TEST_CASE("HostPolicy: what a browser says of the page that sends a request") {
  for (const char* site : {"same-origin", "none"})
    CHECK(judged({{"Host", "localhost:1"}, {"Sec-Fetch-Site", site}}) == Verdict::Welcome);
  for (const char* site :
       {"cross-site", "same-site", "", "Same-Origin", "same-origin, cross-site", "anything"})
    CHECK(judged({{"Host", "localhost:1"}, {"Sec-Fetch-Site", site}}) == Verdict::ForeignPage);
  CHECK(judged({{"Host", "localhost:1"}, {"Sec-Fetch-Site", "none"}, {"Sec-Fetch-Site", "cross-site"}}) ==
        Verdict::ForeignPage);
  // Node's fetch says this and nothing else.
  CHECK(judged({{"Host", "localhost:1"}, {"Sec-Fetch-Mode", "cors"}}) == Verdict::Welcome);
  CHECK(judged({{"Host", "attacker.example"}, {"Sec-Fetch-Site", "same-origin"}}) == Verdict::ForeignHost);
}

TEST_CASE("HostPolicy: the origin of a page is that of the request, to the port") {
  struct Case {
    const char *host, *origin;
    bool encrypted, welcome;
  };
  const Case cases[] = {
      {"localhost:10003", "http://localhost:10003", false, true},
      {"LOCALHOST:10003", "http://localhost:10003", false, true},
      {"[::1]:10003", "http://[::1]:10003", false, true},
      {"localhost", "http://localhost:80", false, true},
      {"localhost:443", "https://localhost", true, true},
      {"localhost.:10003", "http://localhost.:10003", false, true},
      {"localhost:10003", "https://localhost:10003", false, false},
      {"localhost:10003", "http://localhost:10003", true, false},
      {"localhost:10003", "http://localhost:3000", false, false},
      {"localhost:10003", "http://localhost", false, false},
      {"localhost:10003", "http://127.0.0.1:10003", false, false},
      {"localhost:10003", "http://attacker.example:10003", false, false},
      {"localhost:10003", "http://localhost:10003.attacker.example", false, false},
      {"localhost:10003", "http://x@localhost:10003", false, false},
      {"localhost:10003", "http://localhost:10003/", false, false},
      {"localhost:10003", "null", false, false},
      {"localhost:10003", "", false, false},
      {"localhost:10003", "file://", false, false},
      {"localhost:10003", "localhost:10003", false, false},
  };
  for (const Case& one : cases) {
    CAPTURE(std::string(one.host) + " from " + one.origin);
    const auto expected = one.welcome ? Verdict::Welcome : Verdict::ForeignPage;
    CHECK(judged({{"Host", one.host}, {"Origin", one.origin}}, one.encrypted) == expected);
  }
  CHECK(judged({{"Host", "a"}, {"Origin", "http://a"}, {"Origin", "http://b"}}) == Verdict::ForeignPage);
}

TEST_CASE("HostPolicy: browsers by a stranger's name, and programs by any") {
  const char* const browser = "Mozilla/5.0 (X11; Linux x86_64) Chrome/156";
  const auto rebound = [](std::initializer_list<Headers::Field> fields) {
    return kPolicy.is_rebound_page(headers_of(fields));
  };
  CHECK(rebound({{"Host", "attacker.example:10000"}, {"User-Agent", browser}}));
  CHECK(rebound({{"Host", "attacker.example"}, {"Origin", "http://attacker.example"}}));
  CHECK(rebound({{"Host", "windows.net.attacker.example"}, {"User-Agent", browser}}));
  CHECK_FALSE(rebound({{"Host", "attacker.example"}, {"User-Agent", "azsdk-python-storage-blob/12.0"}}));
  CHECK_FALSE(rebound({{"Host", "attacker.example"}}));
  for (const char* host : {"localhost:10000", "127.0.0.1", "devstoreaccount1.blob.localhost:10000",
                           "emulator.example.com", "devstoreaccount1.blob.core.windows.net",
                           "westeurope.api.cognitive.microsoft.com", "mine.cognitiveservices.azure.com"})
    CHECK_FALSE(rebound({{"Host", host}, {"User-Agent", browser}, {"Origin", "http://localhost:3000"}}));
}

TEST_CASE("HostPolicy: names that an option may give") {
  for (const char* name :
       {"emulator.example.com", "*.example.com", "Emulator.Example.", "127.0.0.1", "::1", "a_b"})
    CHECK(HostPolicy::is_valid_name(name));
  for (const char* name :
       {"", "*", "*.", "a.*", "*a.example", "http://a", "a:80", "a/b", "a b", "a,b", ".a", "*..a"})
    CHECK_FALSE(HostPolicy::is_valid_name(name));
}

TEST_CASE("Authority: the host as it stands in a URL") {
  CHECK(Authority::parse("[::1]:10003")->url_host() == "[::1]");
  CHECK(Authority::parse("LocalHost:1")->url_host() == "localhost");
  CHECK(Authority::parse("localhost:1")->port == 1);
  CHECK_FALSE(Authority::parse("localhost:")->port.has_value());
}

}  // namespace cvemu::http_host_policy_test
