// Bodies that are framed with checksums: the outcome does not depend on how the bytes come, and what is
// framed is unframed as it was. The first byte is the length of a piece.
#include "storage/structured_body.h"

#include "target.h"

namespace {

using namespace cvemu;

constexpr std::size_t kFrame = 13 + 8, kSegmentFrame = 10 + 8;

struct Outcome {
  std::string payload, refusal;
  bool operator==(const Outcome&) const = default;
};

std::string number(std::uint64_t value, std::size_t size) {
  std::string out;
  for (std::size_t i = 0; i < size; ++i) out += static_cast<char>(value >> (8 * i));
  return out;
}

std::string crc_of(std::string_view bytes) {
  Crc64 crc;
  crc.update(bytes);
  return crc.bytes();
}

Outcome decode(std::string_view message, std::uint64_t payload, std::size_t piece) {
  Outcome outcome;
  StructuredBodyDecoder decoder(payload, message.size());
  outcome.refusal = fuzz::refusal_of([&] {
    while (!message.empty()) {
      const std::string_view next = message.substr(0, piece);
      decoder.feed(next, [&](std::string_view data) { outcome.payload += data; });
      message.remove_prefix(next.size());
    }
    decoder.finish();
  });
  return outcome;
}

// The length that would fit the number of segments that the message tells.
std::uint64_t payload_of(std::string_view message) {
  if (message.size() < 13) return 0;
  const std::size_t segments =
      static_cast<unsigned char>(message[11]) | static_cast<unsigned char>(message[12]) << 8;
  const std::size_t frame = kFrame + segments * kSegmentFrame;
  return message.size() < frame ? 0 : message.size() - frame;
}

void check_message(std::string_view message, std::size_t piece) {
  const std::uint64_t payload = payload_of(message);
  const Outcome whole = decode(message, payload, message.size() + 1),
                pieces = decode(message, payload, piece);
  fuzz::expect(whole == pieces, "the outcome does not depend on how the bytes come");
  fuzz::expect(whole.payload.size() <= payload, "no more comes out than was announced");
  fuzz::expect(!whole.refusal.empty() || whole.payload.size() == payload,
               "as much comes out as was announced");
}

// In segments of that length.
std::string framed(std::string_view payload, std::size_t length) {
  const std::size_t segments = payload.empty() ? 1 : (payload.size() + length - 1) / length;
  std::string out = number(1, 1) + number(kFrame + segments * kSegmentFrame + payload.size(), 8) +
                    number(1, 2) + number(segments, 2);
  for (std::size_t i = 0; i < segments; ++i) {
    const std::string_view data = payload.substr(i * length, length);
    out += number(i + 1, 2) + number(data.size(), 8);
    out.append(data).append(crc_of(data));
  }
  return out + crc_of(payload);
}

void check_payload(std::string_view payload, std::size_t length) {
  if (payload.size() / length >= 0xFFFF) return;
  const std::string message = framed(payload, length);
  const Outcome outcome = decode(message, payload.size(), length + 3);
  fuzz::expect(outcome.refusal.empty() && outcome.payload == payload, "what is framed is unframed as it was");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::size_t piece = std::size_t{data[0]} + 1;
  const std::string_view rest = fuzz::text_of(data, size).substr(1);
  check_message(rest, piece);
  check_payload(rest, piece);
  return 0;
}
