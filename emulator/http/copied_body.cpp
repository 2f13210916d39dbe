#include "http/copied_body.h"

#include <algorithm>

namespace cvemu {

void CopiedBody::note(std::string_view piece) {
  seen_ += piece.size();
  if (beginning_.size() < kept_) beginning_ += piece.substr(0, kept_ - beginning_.size());
}

void CopiedBody::each(const std::function<void(std::string_view)>& take) {
  if (is_ahead_) {
    if (!whole_.empty()) take(whole_);
    return;
  }
  source_.each([&](std::string_view piece) {
    note(piece);
    take(piece);
  });
}

bool CopiedBody::read_ahead(std::uint64_t limit) {
  if (is_ahead_) return true;
  const auto announced = source_.length();
  if (!announced || *announced > limit) return false;
  whole_ = source_.all(static_cast<std::size_t>(limit));
  note(whole_);
  return is_ahead_ = true;
}

}  // namespace cvemu
