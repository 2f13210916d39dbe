// Archives of the whole state. An input is a list of changes to a true archive: four bytes for a place, one
// for how many bytes follow, and these. What is taken can be looked at without harm; not all of it must make
// sense.
#include "store/archive.h"

#include <algorithm>

#include "storage_services.h"

namespace {

using namespace cvemu;

constexpr std::size_t kHead = 5;

std::string true_archive() {
  fuzz::StorageServices services;
  services.fill();
  return archive::pack(services.database, archive::take(services.database));
}

std::string changed(std::string archive, std::string_view changes) {
  while (changes.size() >= kHead) {
    std::size_t place = 0;
    for (std::size_t i = 0; i < 4; ++i) place = place << 8 | static_cast<unsigned char>(changes[i]);
    const std::size_t count = static_cast<unsigned char>(changes[4]);
    changes.remove_prefix(kHead);
    const std::string_view bytes = changes.substr(0, count);
    changes.remove_prefix(bytes.size());
    place %= archive.size();
    std::copy_n(bytes.begin(), std::min(bytes.size(), archive.size() - place),
                archive.begin() + static_cast<std::ptrdiff_t>(place));
  }
  return archive;
}

// What is in a row may be anything now, so a request may fail; it may not do harm.
void look_at(fuzz::StorageServices& services) {
  for (const char* target :
       {"?comp=list&include=metadata", "/con?restype=container&comp=list&include=metadata,tags", "/con/small",
        "/con/large", "?restype=service&comp=properties"})
    services.try_blob(Method::Get, target);
  for (const char* target : {"?comp=list&include=metadata", "/que?comp=metadata", "/que/messages"})
    services.try_queue(Method::Get, target);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::string whole = true_archive();
  static fuzz::StorageServices services;
  try {
    archive::unpack(services.database, changed(whole, fuzz::text_of(data, size)));
  } catch (const DbError&) {
    fuzz::expect(size > 0, "a true archive is taken");
    return 0;
  }
  look_at(services);
  return 0;
}
