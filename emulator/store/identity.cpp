#include "store/identity.h"

#include <algorithm>

#include "store/key_values.h"

namespace cvemu::identity {

namespace {

constexpr std::string_view kName = "identity";

struct Letter {
  char letter;
  bool Identity::* member;
};
constexpr Letter kLetters[] = {
    {'i', &Identity::managed_identity},
    {'b', &Identity::blob_contributor},
    {'q', &Identity::queue_contributor},
    {'m', &Identity::multi_service_resource},
};

}  // namespace

Identity find(Transaction& tx) {
  const auto letters = key_values::find(tx, kName);
  Identity identity;
  if (!letters) return identity;
  for (const Letter& entry : kLetters)
    identity.*entry.member = letters->find(entry.letter) != std::string::npos;
  return identity;
}

void set(Transaction& tx, const Identity& identity) {
  std::string letters;
  for (const Letter& entry : kLetters)
    if (identity.*entry.member) letters += entry.letter;
  key_values::set(tx, kName, letters);
}

}  // namespace cvemu::identity
