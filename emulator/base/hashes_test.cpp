#include "base/hashes.h"

#include <doctest/doctest.h>

#include "base/text.h"

namespace cvemu::base_hashes_test {

TEST_CASE("Crc64: the vectors that Azure's SDKs agree on") {
  const auto crc = [](std::string_view bytes) {
    Crc64 sum;
    sum.update(bytes);
    return base64_encode(sum.bytes());
  };
  CHECK(crc("") == "AAAAAAAAAAA=");
  CHECK(crc("x") == "seRUZAJnvS0=");
  CHECK(crc("abc") == "6/rBP7vK5QU=");
  CHECK(crc("hello") == "V0JSBnCFdzM=");
  CHECK(crc("123456789") == "iJh5CoYUi64=");
}

TEST_CASE("Crc64: the same sum however the bytes are cut") {
  Crc64 whole, pieces;
  whole.update("123456789abcdefghijk");
  pieces.update("1234");
  pieces.update("56789abcdefghij");
  pieces.update("k");
  CHECK(whole.bytes() == pieces.bytes());
}

TEST_CASE("md5 and sha1: published vectors") {
  CHECK(base64_encode(md5("hello")) == "XUFAKrxLKna5cZ2REBfFkg==");
  CHECK(base64_encode(md5("")) == "1B2M2Y8AsgTpgAmY7PhCfg==");
  CHECK(hex_encode(sha1("abc")) == "a9993e364706816aba3e25717850c26c9cd0d89d");
  Md5 streamed;
  streamed.update("hel");
  streamed.update("lo");
  CHECK(streamed.finish() == md5("hello"));
}

TEST_CASE("HmacSha256: RFC 4231 cases 1, 2 and 6 (a key longer than a block)") {
  CHECK(hex_encode(HmacSha256(std::string(20, '\x0b')).sign("Hi There")) ==
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  CHECK(hex_encode(HmacSha256("Jefe").sign("what do ya want for nothing?")) ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  CHECK(hex_encode(HmacSha256(std::string(131, '\xaa'))
                       .sign("Test Using Larger Than Block-Size Key - Hash Key First")) ==
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST_CASE("equal_in_constant_time: equal only if equal") {
  CHECK(equal_in_constant_time("abc", "abc"));
  CHECK_FALSE(equal_in_constant_time("abc", "abd"));
  CHECK_FALSE(equal_in_constant_time("abc", "ab"));
}

TEST_CASE("Crc64: of what was computed in parts") {
  std::string text;
  for (int i = 0; i < 3000; ++i) text += static_cast<char>(i * 7);
  Crc64 whole;
  whole.update(text);
  for (const std::size_t cut : {0, 1, 7, 8, 255, 1024, 2999, 3000}) {
    Crc64 first, second;
    first.update(std::string_view(text).substr(0, cut));
    second.update(std::string_view(text).substr(cut));
    first.append(second, text.size() - cut);
    CHECK(first.bytes() == whole.bytes());
  }
}

}  // namespace cvemu::base_hashes_test
