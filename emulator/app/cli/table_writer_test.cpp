#include "app/cli/table_writer.h"

#include <doctest/doctest.h>

#include "app/cli/listings.h"
#include "app/cli/table.h"
#include "base/text.h"

namespace cvemu::cli_table_writer_test {

using namespace cvemu::cli;

TEST_CASE("table: columns are as wide as their longest cell, and what is not there is a dash") {
  const Json list = parse_json(R"([{"name": "work", "messages": 12}, {"name": "notifications"}])");
  CHECK(table_of(list, {"name", "messages"}, kAnyWidth) ==
        "name           messages\n"
        "work           12\n"
        "notifications  -\n");
  CHECK(table_of(Json::array(), {"name", "messages"}, kAnyWidth) == "name  messages\n");
}

TEST_CASE("table: a line fits the terminal; cells of the last columns are cut first") {
  const Json list = parse_json(R"([{"id": "0123456789", "text": "a text that is rather long", "ok": true}])");
  CHECK(table_of(list, {"id", "text", "ok"}, 30) ==
        "id          text          ok\n"
        "0123456789  a text th...  true\n");
  CHECK(table_of(list, {"text", "id", "ok"}, 24) ==
        "text        id      ok\n"
        "a text ...  012...  true\n");
  for (const std::size_t width : {1, 2, 3, 5, 8, 13, 21, 34, 80}) {
    const std::string table = table_of(list, {"id", "text", "ok"}, width);
    for (const std::string_view line : split(table, '\n')) CHECK(width_of(line) <= width);
  }
  CHECK(table_of(list, {"id"}, 8) == "id\n01234...\n");
}

TEST_CASE("table: nothing that a terminal obeys comes out") {
  const Json list = Json::array({{{"text", "a\x1b[31m\n\r\t\x7f\xc2\x9b\xe2\x80\xae z"}}});
  CHECK(table_of(list, {"text"}, kAnyWidth) == "text\na\\u001b[31m\\n\\r\\t\\u007f\\u009b\\u202e z\n");
  CHECK(lines_of({{"a\x1b", "b\n"}}) == "a\\u001b: b\\n\n");
}

TEST_CASE("table: letters of other scripts have their width, and are not cut within") {
  CHECK(width_of("caf\xc3\xa9") == 4);
  CHECK(width_of("cafe\xcc\x81") == 4);
  CHECK(width_of("\xe6\xa4\x8d\xe7\x89\xa9") == 4);
  CHECK(cut_to("\xe6\xa4\x8d\xe7\x89\xa9\xe5\x9c\x92", 6) == "\xe6\xa4\x8d\xe7\x89\xa9\xe5\x9c\x92");
  CHECK(cut_to("\xe6\xa4\x8d\xe7\x89\xa9\xe5\x9c\x92", 5) == "\xe6\xa4\x8d...");
  CHECK(cut_to("\xe6\xa4\x8d\xe7\x89\xa9\xe5\x9c\x92", 4) == "...");
  CHECK(cut_to("abcdef", 2) == "..");
}

TEST_CASE("table: what lies within a member is told shortly") {
  const Json list = parse_json(R"([{"id": 1, "match": {"operation": "TrainProject", "body": {"a": 1}},
    "scope": ["a", "b"], "none": [], "iterations": [{"id": 1}, {"id": 2}], "settings": {"domain": "x"}}])");
  CHECK(table_of(list, {"match", "scope", "none", "iterations", "settings/domain"}, kAnyWidth) ==
        "match                                scope  none  iterations  domain\n"
        "operation=TrainProject body={\"a\":1}  a, b   -     2           x\n");
}

TEST_CASE("lines: every value of an object has its name, at any depth, and is whole") {
  const Json object = parse_json(R"({"mode": "frozen", "next": [{"kind": "deliver"}], "seed": null,
    "options": {"port": 10003, "key": [], "accounts": ["a", "b"], "empty": {}}})");
  CHECK(lines_of(object) ==
        "mode: frozen\nnext: [{\"kind\":\"deliver\"}]\nseed: -\noptions.port: 10003\noptions.key: -\n"
        "options.accounts: a, b\noptions.empty: -\n");
  CHECK(lines_of(object, "options") == "mode: frozen\nnext: [{\"kind\":\"deliver\"}]\nseed: -\n");
}

}  // namespace cvemu::cli_table_writer_test
