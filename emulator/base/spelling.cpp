#include "base/spelling.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace cvemu {

namespace {

// Letters to add, drop, change, or swap with their neighbour.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last, last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t changed = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, changed});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
    before_last = std::exchange(last, row);
  }
  return last.back();
}

// The most letters that a slip may change.
std::size_t most_slips(std::string_view a, std::string_view b) {
  const std::size_t longer = std::max(a.size(), b.size()), shorter = std::min(a.size(), b.size());
  return std::min(std::max<std::size_t>(longer / 3, 1), shorter > 0 ? shorter - 1 : 0);
}

}  // namespace

std::string nearest_word(std::string_view wrong, const std::vector<std::string>& known) {
  const std::string lower_wrong = to_lower(wrong);
  std::string best;
  std::size_t least = std::string::npos;
  for (const std::string& word : known) {
    const std::size_t distance = edit_distance(to_lower(word), lower_wrong);
    if (distance >= least || distance > most_slips(word, wrong)) continue;
    least = distance;
    best = word;
  }
  return best;
}

}  // namespace cvemu
