#include "base/secrets.h"

#include <doctest/doctest.h>

#include <chrono>
#include <vector>

#include "base/text.h"

namespace cvemu::base_secrets_test {

namespace {

constexpr std::string_view kAccountKey =
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
constexpr std::string_view kToken =
    "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.eyJhdWQiOiJodHRwczovL3N0b3JhZ2UifQ.c2lnbmF0dXJl";

struct Row {
  std::string_view text, expected;
};

void check(const std::vector<Row>& rows) {
  for (const auto& [text, expected] : rows) {
    CHECK(masked(text) == expected);
    CHECK(masked(expected) == expected);  // twice is once
  }
}

}  // namespace

TEST_CASE("secrets: the signature of a SAS, its other parameters stay") {
  check({
      {"http://h/q?sv=2021-12-02&sig=ab%2Bc%3D&se=2030", "http://h/q?sv=2021-12-02&sig=***&se=2030"},
      {"uri=http%3A%2F%2Fh%2Fq%3Fsv%3D1%26sig%3Dab%252Bc%26se%3D2&name=x",
       "uri=http%3A%2F%2Fh%2Fq%3Fsv%3D1%26sig%3D***%26se%3D2&name=x"},
      {"x%253Fsig%253Dabc%2526se%253D1", "x%253Fsig%253D***%2526se%253D1"},
      {R"({"q":"http:\/\/h\/q?sig=a\/b\u002Bc\u003d\u0026se=3"})",
       R"({"q":"http:\/\/h\/q?sig=***\u0026se=3"})"},
      {R"({"payload":"{\"q\":\"http://h?sig=abc\",\"n\":1}"})",
       R"({"payload":"{\"q\":\"http://h?sig=***\",\"n\":1}"})"},
      {"<U>http://h?sv=1&amp;sig=a&#43;b&amp;se=2</U>", "<U>http://h?sv=1&amp;sig=***&amp;se=2</U>"},
      {"tried http://h?SIG=abc\nand again", "tried http://h?SIG=***\nand again"},
      {"http://h?sig=ab%20cd+ef", "http://h?sig=***"},  // '+' became a blank on the way
      {R"({"sig":"abc","x":1})", R"({"sig":"***","x":1})"},
      {"SharedAccessSignature=sv=1&sig=abc;BlobEndpoint=http://h",
       "SharedAccessSignature=sv=1&sig=***;BlobEndpoint=http://h"},
  });
}

TEST_CASE("secrets: what only looks like one stays") {
  for (const std::string_view text :
       {"design=blue&sigma=1", "http://h?sig=&se=1", "Bearer tokens are refused",
        "Bearer authorization_uri=https://login/x",
        "x-ms-encryption-key-sha256: DvP0K=", "Access-Control-Request-Headers: authorization,x-ms-date",
        R"({"token":{"session":"a","continuation":"b"}})", R"({"password":null,"apiKey":true})",
        R"({"error":"wrong token: ","n":1})", R"({"uri":"http://h?sig=","n":1})",
        "0732100f-1a38-4e49-a514-c9b44c697ab5", "make sure the value of Authorization is right",
        "<Tag><Key>a</Key><Value>b</Value></Tag>", "--training-key: 1 required TEXT missing",
        "--control-token: only printable ASCII characters",
        "it asks for its token: Authorization, or nothing", "popreceipt=AgAAAAMAAAA&visibilitytimeout=0",
        "SharedKey*"})
    CHECK(masked(text) == text);
}

TEST_CASE("secrets: keys by their names, in every kind of text") {
  check({
      {"Training-Key: abc\r\nHost: h", "Training-Key: ***\r\nHost: h"},
      {"?subscription-key=abc&v=1", "?subscription-key=***&v=1"},
      {R"({"trainingKey":"a\"b\\","n":1})", R"({"trainingKey":"***\\","n":1})"},
      {R"({"training-key": ["a","b\"c"],"n":1})", R"({"training-key": ["***","***"],"n":1})"},
      {R"({"predictionKey":12345,"n":1})", R"({"predictionKey":0,"n":1})"},
      {R"([{"name":"Training-Key","value":"abc"}])", R"([{"name":"Training-Key","value":"***"}])"},
      {R"("{\"Training-Key\":\"a\\\"b\",\"n\":1}")", R"("{\"Training-Key\":\"***\",\"n\":1}")"},
      {"text=%7B%22Training-Key%22%3A%22a%5C%22b%22%2C%22n%22%3A1%7D",
       "text=%7B%22Training-Key%22%3A%22***%22%2C%22n%22%3A1%7D"},
      {"<AccountKey>abc</AccountKey>", "<AccountKey>***</AccountKey>"},
      {R"(<add key="AccountKey" value="abc"/>)", R"(<add key="AccountKey" value="***"/>)"},
      {"AccountName=a;AccountKey=Zm9v/+==;QueueEndpoint=http://h",
       "AccountName=a;AccountKey=***;QueueEndpoint=http://h"},
      {"VISION_TRAINING_KEY='abc'", "VISION_TRAINING_KEY='***'"},
      {"curl -H 'Prediction-Key: abc' 'http://h?sig=abc'",
       "curl -H 'Prediction-Key: ***' 'http://h?sig=***'"},
      {"x-ms-encryption-key:abc\nx-ms-encryption-key-sha256:def",
       "x-ms-encryption-key:***\nx-ms-encryption-key-sha256:def"},
      {"x-ms-source-encryption-key: abc", "x-ms-source-encryption-key: ***"},
      {"<HeaderName>x-ms-encryption-key</HeaderName><HeaderValue>abc</HeaderValue>",
       "<HeaderName>x-ms-encryption-key</HeaderName><HeaderValue>***</HeaderValue>"},
      {"<UserDelegationKey><SignedOid>1</SignedOid><Value>abc=</Value></UserDelegationKey><Value>b</Value>",
       "<UserDelegationKey><SignedOid>1</SignedOid><Value>***</Value></UserDelegationKey><Value>b</Value>"},
      {"token=http%3A%2F%2Fh%2Fp%3Fsig%3Dabc&name=x", "token=http%3A%2F%2Fh%2Fp%3Fsig%3D***&name=x"},
      {"http://user:abc@host/path", "http://user:***@host/path"},
  });
}

TEST_CASE("secrets: an Authorization keeps its scheme and the account") {
  check({
      {"Authorization: SharedKey acct:abc= next", "Authorization: SharedKey acct:*** next"},
      {R"({"Authorization":"Bearer abc"})", R"({"Authorization":"Bearer ***"})"},
      {R"({"x-ms-copy-source-authorization":"Bearer abc"})",
       R"({"x-ms-copy-source-authorization":"Bearer ***"})"},
      {"refused: SharedKeyLite acct:abc", "refused: SharedKeyLite acct:***"},
      {"sent Bearer 0123456789abcdef.x", "sent Bearer ***"},
      {"The MAC signature found in the HTTP request 'abc=' is not",
       "The MAC signature found in the HTTP request '***' is not"},
  });
  CHECK(masked_header("authorization", "SharedKey acct:abc=") == "SharedKey acct:***");
  CHECK(masked_header("x-ms-copy-source-authorization", "Bearer abc") == "Bearer ***");
  CHECK(masked_header("Authorization", "abc") == "***");
  CHECK(masked_header("Authorization", "Digest username=\"a\", response=\"b\"") == "Digest ***");
  CHECK(masked_header("Authorization", "SharedKey*") == "SharedKey*");  // a pattern
}

TEST_CASE("secrets: headers whose whole value is one, and others that hold one") {
  for (const char* name :
       {"Training-Key", "prediction-key", "Ocp-Apim-Subscription-Key", "x-ms-encryption-key",
        "x-ms-source-encryption-key", "Cookie", "Set-Cookie", "X-Api-Key", "x-ms-control-token"})
    CHECK_MESSAGE(masked_header(name, "abc") == kMask, name);
  CHECK(masked_header("x-ms-copy-source", "http://h/c/b?sv=1&sig=abc") == "http://h/c/b?sv=1&sig=***");
  CHECK(masked_header("Location", "http://h/c/b?sig=abc&se=1") == "http://h/c/b?sig=***&se=1");
  for (const char* name :
       {"x-ms-encryption-key-sha256", "x-ms-meta-sort-key", "x-ms-lease-id", "x-ms-client-request-id"})
    CHECK_MESSAGE(masked_header(name, "abc") == "abc", name);
}

TEST_CASE("secrets: by their form alone") {
  const std::string key(kAccountKey), token(kToken);
  CHECK(masked("unknown command " + key + "!") == "unknown command ***!");
  CHECK(masked("name:" + key + ";") == "name:***;");
  CHECK(masked("key=" + percent_encode(key) + "&x=1") == "key=***&x=1");
  CHECK(masked("got " + token + ", expected another") == "got ***, expected another");
  for (std::size_t length = token.find('.') + 1; length < token.size(); ++length)
    CHECK(masked("got " + token.substr(0, length)) == "got ***");
}

TEST_CASE("secrets: base64 around them is base64 without them") {
  const std::string secret = R"({"uri":"http://h/c?sv=1&sig=abcdef","n":1})",
                    clean = R"({"uri":"http://h/c?sv=1&sig=***","n":1})";
  CHECK(masked("text " + base64_encode(secret) + " end") == "text " + base64_encode(clean) + " end");
  CHECK(masked(base64_encode(base64_encode(secret))) == base64_encode(base64_encode(clean)));
  CHECK(masked("<MessageText>" + base64_encode(secret) + "</MessageText>") ==
        "<MessageText>" + base64_encode(clean) + "</MessageText>");
  const std::string plain = base64_encode("nothing to hide in this text, not a thing");
  CHECK(masked(plain) == plain);
  std::string lines = base64_encode(std::string(40, 'x') + "?sig=" + std::string(60, 'S'));
  lines.insert(76, "\r\n");
  CHECK(base64_decode(masked(lines)) == std::string(40, 'x') + "?sig=***");
}

TEST_CASE("secrets: a text that was cut shows no beginning of one") {
  const std::string secret = "U0VDUkVUc2VjcmV0U0VDUkVU";
  for (const std::string& text :
       {"http://h?sv=1&sig=" + secret, "{\"Training-Key\":\"" + secret + "\"}", "AccountKey=" + secret,
        "<AccountKey>" + secret + "</AccountKey>", "Authorization: SharedKey acct:" + secret})
    for (std::size_t length = 0; length < text.size(); ++length)
      CHECK(masked(text.substr(0, length)).find(secret.substr(0, 3)) == std::string::npos);
  const std::string message = base64_encode("{\"uri\":\"http://h?sig=" + secret + "\"}");
  for (std::size_t length = 16; length < message.size(); ++length) {
    const std::string shown = masked_beginning(message.substr(0, length));
    std::string padded = shown;
    padded.append((4 - padded.size() % 4) % 4, '=');
    CHECK(base64_decode(padded).value_or("").find(secret.substr(0, 3)) == std::string::npos);
  }
  for (std::size_t length = 20; length < kAccountKey.size(); ++length)
    CHECK(masked_beginning("key " + std::string(kAccountKey.substr(0, length))) == "key ***");
  CHECK(masked_beginning("a word of a text") == "a word of a text");
}

TEST_CASE("secrets: any bytes, and no more time for hostile ones than their length asks for") {
  std::string bytes;
  for (int i = 0; i < 4096; ++i) bytes += static_cast<char>(i * 7919 >> 3);
  CHECK(masked(bytes).size() > 0);
  CHECK(masked(std::string_view("\0sig=abc\0sig=def", 16)) == std::string_view("\0sig=***\0sig=***", 16));
  for (const std::string_view piece :
       {"sig=", "%25", "\\", "\"sig\":", "eyJa.eyJb.", "aa/", "://a:", "Bearer a=Bearer ", "sig=\"x",
        "sig%5C", "token\",\"value ", "'sig='", "SharedKey a", "<Value>", "YWFh", "\"key\":[\"", "&"}) {
    std::string text;
    while (text.size() < 2'000'000) text += piece;
    CHECK(masked(text).size() > 0);  // quadratic work would take hours
  }
}

}  // namespace cvemu::base_secrets_test
