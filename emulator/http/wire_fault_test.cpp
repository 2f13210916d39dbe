#include "http/wire_fault.h"

#include <doctest/doctest.h>

#include <string>

namespace cvemu::http_wire_fault_test {

namespace {

class Wire : public ByteStream {
 public:
  std::size_t read(char*, std::size_t) override { return 0; }
  bool write(std::string_view first, std::string_view second, bool) override {
    sent += std::string(first) + std::string(second);
    return true;
  }
  bool readable_within(std::chrono::milliseconds) override {
    sent += '~';
    return true;
  }
  void finish_writing() override {}
  void reset() override { sent += '!'; }
  std::string sent;
};

// An answer in two pieces; "~" is a pause, "!" a reset, a blank the end.
std::string sent(WireFault::Kind kind, std::uint64_t after = 0, std::uint64_t piece = 1) {
  Wire wire;
  FaultyStream stream(wire, {kind, after, piece, std::chrono::milliseconds(1)});
  const bool whole =
      stream.write("head:", "abc", true) && stream.write({}, "def", false) && stream.fail_at_end();
  return wire.sent + (whole ? "" : " cut");
}

}  // namespace

TEST_CASE("an answer goes wrong at the byte it was told to") {
  CHECK(sent(WireFault::Kind::Truncate, 4) == "head:abcd cut");
  CHECK(sent(WireFault::Kind::Truncate) == "head: cut");
  CHECK(sent(WireFault::Kind::Truncate, 100) == "head:abcdef cut");
  CHECK(sent(WireFault::Kind::Reset, 2) == "head:ab! cut");
  CHECK(sent(WireFault::Kind::Reset) == "! cut");
  CHECK(sent(WireFault::Kind::Empty) == " cut");
  CHECK(sent(WireFault::Kind::Corrupt, 1) == "head:accdef");
  CHECK(sent(WireFault::Kind::Corrupt, 3) == "head:abceef");
  CHECK(sent(WireFault::Kind::Stall, 4) == "head:abcd~ef");
  CHECK(sent(WireFault::Kind::Slow, 1, 2) == "head:abc~de~f");
}

}  // namespace cvemu::http_wire_fault_test
