#include "store/service_properties.h"

#include <doctest/doctest.h>

namespace cvemu::store_service_properties_test {

TEST_CASE("service_properties: found as last set, for one account and one service") {
  Database db;
  Transaction tx(db);
  CHECK_FALSE(service_properties::find(tx, "acct", "queue"));
  service_properties::set(tx, "acct", "queue", "<StorageServiceProperties/>");
  service_properties::set(tx, "acct", "queue",
                          "<StorageServiceProperties><Cors/></StorageServiceProperties>");
  CHECK(service_properties::find(tx, "acct", "queue") ==
        "<StorageServiceProperties><Cors/></StorageServiceProperties>");
  CHECK_FALSE(service_properties::find(tx, "acct", "blob"));
  CHECK_FALSE(service_properties::find(tx, "other", "queue"));
}

}  // namespace cvemu::store_service_properties_test
