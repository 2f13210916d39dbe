// Emptying the database, as a whole or in parts, and counting what it holds.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "db/database.h"

namespace cvemu::clear_state {

// What users see; the service's own files (images, models) belong to their projects.
struct Totals {
  std::int64_t projects = 0, images = 0, iterations = 0, queues = 0, messages = 0, containers = 0, blobs = 0;
};
Totals count(Transaction& tx, std::string_view service_account);

// Every account that has a queue or a container, in order.
std::vector<std::string> accounts(Transaction& tx);

void projects(Transaction& tx, std::string_view service_account);  // with their files
void queues(Transaction& tx);
void blobs(Transaction& tx, std::string_view service_account);  // containers with all they hold

// Everything but what makes this emulator itself: its key, its count of starts.
void all(Database& database);

}  // namespace cvemu::clear_state
