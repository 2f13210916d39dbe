// Blobs that the emulator itself keeps for a service: training images, exported models. They lie beside the
// blobs of users and are read through the same endpoint with a SAS.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "db/database.h"

namespace cvemu::service_blobs {

// Creates the container if it is missing; replaces the blob.
void put(Transaction& tx, std::string_view account, std::string_view container, std::string_view name,
         std::string_view content_type, std::string_view bytes, Instant now);
// The same bytes under another name, kept once. Nothing happens if there are none.
void copy(Transaction& tx, std::string_view account, std::string_view from_container, std::string_view from,
          std::string_view to_container, std::string_view to, Instant now);
std::optional<std::string> read(Transaction& tx, std::string_view account, std::string_view container,
                                std::string_view name);
// Nothing happens if it is not there.
void remove(Transaction& tx, std::string_view account, std::string_view container, std::string_view name);
void remove_container(Transaction& tx, std::string_view account, std::string_view container);

}  // namespace cvemu::service_blobs
