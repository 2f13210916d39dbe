#include <doctest/doctest.h>

#include "base/text.h"
#include "exporting/flatbuffer_writer.h"
#include "exporting/protobuf_writer.h"
#include "exporting/zip.h"

namespace cvemu::exporting_writers_test {

using namespace cvemu::exporting;
using cvemu::hex_encode;

TEST_CASE("protobuf: numbers, texts and messages as the encoding's documentation shows them") {
  CHECK(hex_encode(ProtobufWriter().integer(1, 150).text()) == "089601");
  CHECK(hex_encode(ProtobufWriter().bytes(2, "testing").text()) == "120774657374696e67");
  CHECK(hex_encode(ProtobufWriter().message(3, ProtobufWriter().integer(1, 150)).text()) == "1a03089601");
  const std::int64_t values[] = {3, 270, 86942};
  CHECK(hex_encode(ProtobufWriter().integers(6, values).text()) == "3206038e029ea705");
  CHECK(hex_encode(ProtobufWriter().integer(1, -1).text()) == "08ffffffffffffffffff01");
  CHECK(hex_encode(ProtobufWriter().single(4, 1.0F).text()) == "250000803f");
}

TEST_CASE("halves: nearest float16, ties to even, subnormal numbers, infinity") {
  const auto half = [](float value) { return hex_encode(raw_halves({&value, 1})); };
  CHECK(half(1.0F) == "003c");
  CHECK(half(-2.0F) == "00c0");
  CHECK(half(0.1F) == "662e");
  CHECK(half(65504.0F) == "ff7b");
  CHECK(half(65520.0F) == "007c");
  CHECK(half(1e9F) == "007c");
  CHECK(half(5.9604645e-8F) == "0100");  // the smallest
  CHECK(half(1e-10F) == "0000");
  CHECK(half(1.0F + 1.0F / 2048) == "003c");  // a tie goes to even
  CHECK(half(1.0F + 3.0F / 2048) == "023c");
}

TEST_CASE("flatbuffers: a table with a number and a text can be followed by hand") {
  FlatbufferWriter writer;
  const auto text = writer.text("hi");
  const auto root =
      writer.table({FlatbufferWriter::Field::int32(0, 7), FlatbufferWriter::Field::to(2, text)});
  const std::string file = writer.finish(root, "TEST");
  CHECK(file.size() % 16 == 0);
  CHECK(file.substr(4, 4) == "TEST");
  const auto u32 = [&](std::size_t at) {
    return std::size_t(static_cast<unsigned char>(file[at])) |
           std::size_t(static_cast<unsigned char>(file[at + 1])) << 8;
  };
  const std::size_t table = u32(0), vtable = table - u32(table);
  CHECK(u32(vtable) % 0x10000 == 10);  // bytes of the vtable: three entries
  const std::size_t number = file[vtable + 4], absent = file[vtable + 6], reference = file[vtable + 8];
  CHECK(u32(table + number) == 7);
  CHECK(absent == 0);
  const std::size_t place = table + reference + u32(table + reference);
  CHECK(u32(place) == 2);
  CHECK(file.substr(place + 4, 3) == std::string("hi\0", 3));
}

TEST_CASE("zip: the same files are the same bytes, dated 1980") {
  const std::vector<File> files{{"a.txt", "first"}, {"folder/b.txt", ""}};
  const std::string zip = write_zip(files);
  CHECK(zip == write_zip(files));
  CHECK(zip.substr(0, 4) == "PK\3\4");
  CHECK(hex_encode(zip.substr(10, 4)) == "00002100");  // time 0, 1 January 1980
  CHECK(zip.find("first") != std::string::npos);       // stored
}

}  // namespace cvemu::exporting_writers_test
