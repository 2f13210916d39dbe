#include "control/query.h"

#include <doctest/doctest.h>

#include "http/message.h"

namespace cvemu::control_query_test {

namespace {

// "didYouMean: format; allowed: format, limit", or "" for a query that is accepted.
std::string refusal(std::string_view query, std::string_view accepted) {
  try {
    control::check_query(Query::parse(query), accepted);
    return "";
  } catch (const ApiError& error) {
    CHECK(error.status == 400);
    CHECK(error.code == "UnknownField");
    std::string text;
    for (const auto& [name, value] : error.details)
      if (name != "path") text += (text.empty() ? "" : "; ") + name + ": " + value;
    return text.empty() ? error.message : text;
  }
}

}  // namespace

TEST_CASE("Query: what the row names is accepted, everything else is refused with what there is") {
  CHECK(refusal("", "format, limit").empty());
  CHECK(refusal("limit=1&format=x&limit=2", "format, limit").empty());
  CHECK(refusal("fromat=x", "format, limit") == "didYouMean: format; allowed: format, limit");
  CHECK(refusal("limit=1&banana=x", "format, limit") == "allowed: format, limit");
  CHECK(refusal("x=1", "").find("no parameters") != std::string::npos);
}

}  // namespace cvemu::control_query_test
