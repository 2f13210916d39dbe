#include "base/spelling.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace cvemu {

namespace {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, replaced}));
    }
  }
  return row.back();
}

}  // namespace

std::string nearest_word(std::string_view wrong, const std::vector<std::string>& known) {
  const std::string lower_wrong = to_lower(wrong);
  std::string best;
  std::size_t least = std::string::npos;
  for (const std::string& word : known) {
    const std::size_t distance = edit_distance(to_lower(word), lower_wrong);
    if (distance >= least) continue;
    least = distance;
    best = word;
  }
  return best;
}

}  // namespace cvemu
