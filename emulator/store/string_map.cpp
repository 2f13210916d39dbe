#include "store/string_map.h"

namespace cvemu {

void pack_one(std::string& packed, std::string_view name, std::string_view value) {
  packed.append(name).append(1, '\t').append(value).append(1, '\n');
}

std::string pack(const Pairs& pairs) {
  std::string packed;
  for (const auto& [name, value] : pairs) pack_one(packed, name, value);
  return packed;
}

Pairs unpack(std::string_view packed) {
  Pairs pairs;
  each_pair(packed, [&](std::string_view name, std::string_view value) { pairs.emplace_back(name, value); });
  return pairs;
}

}  // namespace cvemu
