#include "storage/structured_body.h"

#include <vector>

#include "storage/testing.h"

namespace cvemu::storage_structured_body_test {

using namespace cvemu::testing;

namespace {

std::string little_endian(std::uint64_t number, std::size_t size) {
  std::string out;
  for (std::size_t i = 0; i < size; ++i) out += static_cast<char>(number >> (8 * i));
  return out;
}

std::string crc_of(std::string_view bytes) {
  Crc64 crc;
  crc.update(bytes);
  return crc.bytes();
}

// A message of these segments. Each test says itself which of its numbers it bends.
std::string message_of(const std::vector<std::string>& segments) {
  std::string rest, payload;
  std::uint64_t number = 0;
  for (const std::string& data : segments) {
    rest += little_endian(++number, 2) + little_endian(data.size(), 8) + data + crc_of(data);
    payload += data;
  }
  rest += crc_of(payload);
  return '\1' + little_endian(13 + rest.size(), 8) + little_endian(1, 2) + little_endian(segments.size(), 2) +
         rest;
}

std::string joined(const std::vector<std::string>& segments) {
  std::string all;
  for (const std::string& segment : segments) all += segment;
  return all;
}

struct Decoded {
  std::string payload, code;
};

Decoded decode(const std::vector<std::string_view>& pieces, std::uint64_t payload,
               std::optional<std::uint64_t> message) {
  Decoded decoded;
  decoded.code = code_of([&] {
    StructuredBodyDecoder decoder(payload, message);
    for (const std::string_view piece : pieces)
      decoder.feed(piece, [&](std::string_view data) { decoded.payload += data; });
    decoder.finish();
  });
  return decoded;
}

std::string code(std::string_view message, std::uint64_t payload) {
  return decode({message}, payload, message.size()).code;
}

Headers headers_of(std::string_view format, std::string_view length) {
  Headers headers;
  if (format != "-") headers.add("X-Ms-Structured-Body", format);
  if (length != "-") headers.add("X-Ms-Structured-Content-Length", length);
  return headers;
}

constexpr std::string_view kBroken = "400 InvalidInput";

}  // namespace

TEST_CASE("StructuredBody: the published example is hello") {
  const std::string message =
      base64_decode("ASwAAAAAAAAAAQABAAEABQAAAAAAAABoZWxsb1dCUgZwhXczV0JSBnCFdzM=").value();
  CHECK(message == message_of({"hello"}));
  const Decoded decoded = decode({message}, 5, message.size());
  CHECK(decoded.code == "");
  CHECK(decoded.payload == "hello");
}

TEST_CASE(
    "StructuredBody: segments of every kind, whole, byte by byte, cut at every position, without a length") {
  for (const std::vector<std::string>& segments :
       std::vector<std::vector<std::string>>{{""},
                                             {"x"},
                                             {"hello"},
                                             {"", ""},
                                             {"", "abc", "", "d", ""},
                                             {"12345678", "9"},
                                             {std::string(100, 'z')}}) {
    const std::string message = message_of(segments), payload = joined(segments);
    CAPTURE(payload);
    std::vector<std::string_view> bytes;
    for (std::size_t at = 0; at < message.size(); ++at) {
      bytes.push_back(std::string_view(message).substr(at, 1));
      const Decoded cut =
          decode({std::string_view(message).substr(0, at), std::string_view(message).substr(at)},
                 payload.size(), message.size());
      REQUIRE(cut.code == "");
      REQUIRE(cut.payload == payload);
    }
    CHECK(decode(bytes, payload.size(), std::nullopt).payload == payload);
    CHECK(decode(bytes, payload.size(), std::nullopt).code == "");
  }
}

TEST_CASE("StructuredBody: as many segments as the number can tell") {
  const std::vector<std::string> segments(65535, "ab");
  const std::string message = message_of(segments);
  const Decoded decoded = decode({message}, 131070, message.size());
  CHECK(decoded.code == "");
  CHECK(decoded.payload == joined(segments));
}

TEST_CASE("StructuredBody: no byte can be another one, be missing or be too much") {
  const std::vector<std::string> segments{"hello", "", "structured", "body"};
  const std::string message = message_of(segments), payload = joined(segments);
  for (std::size_t at = 0; at < message.size(); ++at) {
    CAPTURE(at);
    for (unsigned change = 1; change < 256; ++change) {
      std::string wrong = message;
      wrong[at] = static_cast<char>(static_cast<unsigned char>(wrong[at]) ^ change);
      const std::string got = code(wrong, payload.size());
      if (got != kBroken && got != "400 Crc64Mismatch") FAIL("accepted with ", change, ": ", got);
    }
    CHECK(code(message.substr(0, at), payload.size()) == kBroken);
    CHECK(decode({message.substr(0, at)}, payload.size(), message.size()).code == kBroken);
  }
  CHECK(code(message + 'x', payload.size()) == kBroken);
  CHECK(decode({message, "x"}, payload.size(), message.size()).code == kBroken);
  CHECK(decode({message, "x"}, payload.size(), std::nullopt).code == kBroken);
  CHECK(decode({message, ""}, payload.size(), message.size()).code == "");
}

TEST_CASE("StructuredBody: the payload has the length that was announced") {
  const std::string message = message_of({"hello", "you"});
  for (const std::uint64_t other : {std::uint64_t{0}, std::uint64_t{7}, std::uint64_t{9}, UINT64_MAX})
    CHECK(code(message, other) == kBroken);
  CHECK(code(message, 8) == "");
  CHECK(decode({message}, 8, message.size() + 1).code == kBroken);
  CHECK(decode({message}, 8, message.size() - 1).code == kBroken);
}

TEST_CASE("StructuredBody: a segment that claims more than there is, up to the largest numbers") {
  const auto claiming = [](std::uint64_t first, std::uint64_t second) {
    return message_of({"hello", "you"}).substr(0, 15) + little_endian(first, 8) + "hello" + crc_of("hello") +
           little_endian(2, 2) + little_endian(second, 8) + "you" + crc_of("you") + crc_of("helloyou");
  };
  CHECK(code(claiming(5, 3), 8) == "");
  for (const std::uint64_t length : {std::uint64_t{9}, std::uint64_t{1} << 63, UINT64_MAX, UINT64_MAX - 4}) {
    CHECK(code(claiming(length, 3), 8) == kBroken);
    CHECK(code(claiming(5, length), 8) == kBroken);
  }
  CHECK(code(claiming(5, 2), 8) == kBroken);
}

TEST_CASE("StructuredBody: a message that claims lengths at the end of the numbers") {
  for (const std::uint64_t message : {std::uint64_t{0}, std::uint64_t{38}, UINT64_MAX}) {
    const std::string head = '\1' + little_endian(message, 8) + little_endian(1, 2) + little_endian(1, 2);
    CHECK(decode({head}, 5, message).code == kBroken);
    CHECK(decode({head}, message - 39, message).code == kBroken);
    CHECK(decode({head}, 5, std::nullopt).code == kBroken);
  }
}

TEST_CASE("StructuredBody: no segments, no checksums, segments out of order") {
  const std::string none =
      '\1' + little_endian(21, 8) + little_endian(1, 2) + little_endian(0, 2) + crc_of("");
  CHECK(code(none, 0) == kBroken);
  const std::string unchecked = '\1' + little_endian(28, 8) + little_endian(0, 2) + little_endian(1, 2) +
                                little_endian(1, 2) + little_endian(5, 8) + "hello";
  CHECK(code(unchecked, 5) == kBroken);
  std::string swapped = message_of({"ab", "cd"});
  swapped[13] = 2;
  swapped[33] = 1;
  CHECK(code(swapped, 4) == kBroken);
}

TEST_CASE("StructuredBody: segments that are right by themselves but not together") {
  std::string message = message_of({"hello", "you"});
  message.replace(message.size() - 8, 8, crc_of("youhello"));
  CHECK(code(message, 8) == "400 Crc64Mismatch");
}

TEST_CASE("StructuredBody: what the two headers may say") {
  const auto length = [](std::string_view format, std::string_view text) -> std::string {
    std::optional<std::uint64_t> got;
    const std::string error = code_of([&] { got = structured_length(headers_of(format, text)); });
    return error.empty() ? got ? std::to_string(*got) : "plain" : error;
  };
  CHECK(length("-", "-") == "plain");
  CHECK(length(kStructuredBody, "0") == "0");
  CHECK(length(kStructuredBody, "9223372036854775807") == "9223372036854775807");
  CHECK(length(kStructuredBody, "-") == "400 MissingRequiredHeader");
  CHECK(length(kStructuredBody, "") == "400 MissingRequiredHeader");
  for (const auto bad : {"x", "-1", "1.5", "9223372036854775808", "0x10"})
    CHECK(length(kStructuredBody, bad) == "400 InvalidHeaderValue");
  for (const auto bad :
       {"", "XSM/1.0", "XSM/2.0; properties=crc64", "XSM/1.0; properties=crc64, md5", "xsm/1.0"})
    CHECK(length(bad, "5") == "400 InvalidHeaderValue");
  CHECK(length("-", "5") == "400 UnsupportedHeader");
}

}  // namespace cvemu::storage_structured_body_test
