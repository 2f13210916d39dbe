// Secrets are masked by what they are, wherever they stand: signatures of SAS, account keys,
// customer-provided keys, keys of Custom Vision, bearer tokens, passwords. Everything that is *shown* goes
// through these functions: control answers, logs, the console, texts of errors. What is delivered, stored or
// exported does not.
//
// What they know a secret by: its name (secret_names.h) before a value, in headers, queries, JSON, XML and
// plain text; its form (JSON Web Tokens, account keys of 64 bytes, "SharedKey account:signature", passwords
// in URLs); and base64 around any of these. Escapes are seen through to any usual depth (escapes.h).
//
// What they keep: the text stays what it was. JSON is valid JSON after it, XML valid XML, a URL a valid URL;
// the other parameters of a SAS, the scheme and the account of an Authorization, the hash of a customer's key
// stand there still. Masking again does no harm. A secret that the text's end cuts off is masked as far as
// it goes.
//
// Any bytes are fine. Time and memory are linear in the text. For any number of threads.
#pragma once
#include <string>
#include <string_view>

namespace cvemu {

inline constexpr std::string_view kMask = "***";

std::string masked(std::string_view text);
// Of a text that went on: its last word may be the beginning of a key.
std::string masked_beginning(std::string_view text);
// The value of a header of this name, which may be a secret by its name alone.
std::string masked_header(std::string_view name, std::string_view value);

}  // namespace cvemu
