#include "storage/names.h"

#include "storage/testing.h"

namespace cvemu::storage_names_test {

using namespace cvemu::testing;
using Texts = std::vector<std::string>;

TEST_CASE("Names: queues") {
  for (const std::string& name : Texts{"abc", "a-b", "0-9", std::string(63, 'a')})
    CHECK(code_of([&] { check_queue_name(name); }) == "");
  for (const std::string& name : Texts{"", "ab", std::string(64, 'a')})
    CHECK(code_of([&] { check_queue_name(name); }) == "400 OutOfRangeInput");
  for (const std::string& name :
       Texts{"-ab", "ab-", "a--b", "Abc", "a_b", "a|b", "a.b", "$root", "a\xC3\xA9"})
    CHECK(code_of([&] { check_queue_name(name); }) == "400 InvalidResourceName");
}

TEST_CASE("Names: containers may be $root, $web, $logs besides") {
  for (const auto name : {"$root", "$web", "$logs", "abc"})
    CHECK(code_of([&] { check_container_name(name); }) == "");
  for (const auto name : {"$other", "a$b"})
    CHECK(code_of([&] { check_container_name(name); }) == "400 InvalidResourceName");
}

TEST_CASE("Names: blobs keep every character but a backslash") {
  CHECK(checked_blob_name("dir\\a b+c\u00e9%#?.txt") == "dir/a b+c\u00e9%#?.txt");
  std::string long_name;
  for (int i = 0; i < 1024; ++i) long_name += "\u00e9";
  CHECK(checked_blob_name(long_name) == long_name);
  CHECK(code_of([&] { checked_blob_name(long_name + "x"); }) == "400 OutOfRangeInput");
  CHECK(code_of([&] { checked_blob_name(std::string(253, '/')); }) == "");
  CHECK(code_of([&] { checked_blob_name(std::string(254, '/')); }) == "400 OutOfRangeInput");
}

TEST_CASE("Names: control characters and bytes that are no UTF-8 make no blob name") {
  using namespace std::string_literals;
  for (const std::string& name : {"a\0b"s, "a\nb"s, "a\x7f"s, "\xC2\x81"s, "\xEE\x80\x80"s, "\xff"s, "\xC3"s})
    CHECK(code_of([&] { checked_blob_name(name); }) == "400 InvalidUri");
}

TEST_CASE("Names: identifiers") {
  for (const auto text : {"a", "_", "A1_b"}) CHECK(is_identifier(text));
  for (const auto text : {"", "1a", "a-b", "a b", "a.b"}) CHECK_FALSE(is_identifier(text));
}

}  // namespace cvemu::storage_names_test
