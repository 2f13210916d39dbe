// What models see of images, kept beside them. The bytes are learning/model_bytes.h's.
#pragma once
#include <string>
#include <string_view>

#include "db/database.h"

namespace cvemu::features {

void put(Transaction& tx, const Uuid& image, std::string_view kind, std::string_view bytes);
std::optional<std::string> find(Transaction& tx, const Uuid& image, std::string_view kind);
// Of all kinds, from one image to another with the same image.
void copy(Transaction& tx, const Uuid& from, const Uuid& to);

}  // namespace cvemu::features
