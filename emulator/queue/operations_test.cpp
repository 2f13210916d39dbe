#include "queue/operations.h"

#include <doctest/doctest.h>

#include <set>

#include "base/embedded.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "queue/testing.h"

namespace cvemu::fixtures {
extern const std::vector<EmbeddedFile> kQueueOperations;  // fixtures/operations/queue.json
}

namespace cvemu::queue_operations_test {

using namespace cvemu::queue;

namespace {

std::string line_of(const Route& route) {
  JsonWriter json;
  json.begin_object().field("name", route.name).field("method", method_name(route.method));
  return json.field("path", route.path).end_object().take();
}

// The published list has one operation on each line.
std::multiset<std::string> published_lines() {
  std::multiset<std::string> lines;
  for (std::string_view line : split(fixtures::kQueueOperations.at(0).text, '\n')) {
    if (!line.starts_with("{\"name\"")) continue;
    if (line.ends_with(',')) line.remove_suffix(1);
    lines.emplace(line);
  }
  return lines;
}

}  // namespace

TEST_CASE("operations: the rows are the published list, no more and no less") {
  std::multiset<std::string> rows;
  for (const auto* operation : QueueService::operations()) rows.insert(line_of(operation->route));
  CHECK(rows.size() == 20);
  CHECK(rows == published_lines());
}

}  // namespace cvemu::queue_operations_test
