// Lists of names and values in one text column: lines of name TAB value. Metadata, tags and rare properties
// are kept so; names have no tab, and neither part has a line feed (both come from header values or checked
// XML). Any text can be read, for an archive may bring any.
#pragma once
#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cvemu {

using Pairs = std::vector<std::pair<std::string, std::string>>;

std::string pack(const Pairs& pairs);
Pairs unpack(std::string_view packed);
void pack_one(std::string& packed, std::string_view name, std::string_view value);

// Calls use(name, value) for each line, without copying.
template <class Use>
void each_pair(std::string_view packed, Use&& use) {
  while (!packed.empty()) {
    const std::string_view line = packed.substr(0, packed.find('\n'));
    packed.remove_prefix(std::min(line.size() + 1, packed.size()));
    const std::size_t tab = std::min(line.find('\t'), line.size());
    use(line.substr(0, tab), line.substr(std::min(tab + 1, line.size())));
  }
}

}  // namespace cvemu
