// By which names secrets go: as headers, parameters of a query, members of JSON, elements of XML, variables.
#pragma once
#include <string>
#include <string_view>

namespace cvemu {

// "Training-Key", "trainingKey" and "VISION_TRAINING_KEY" end in the same word, "trainingkey".
std::string plain_name(std::string_view name);
// Whether what stands behind this name is a secret. `name` as plain_name() makes it.
bool is_secret_name(std::string_view name);
// Whether the secret begins with the name of a scheme: "SharedKey account:signature", "Bearer token".
bool is_authorization_name(std::string_view name);
// Headers may go by fewer words than names in a text: any ...-key and ...-token. `name` as on the wire.
bool is_secret_header(std::string_view name);
// The first word of an Authorization header: SharedKey, Bearer ... `word` as plain_name() makes it.
bool is_authorization_scheme(std::string_view word);

}  // namespace cvemu
