#include "runtime/retries.h"

#include <functional>

namespace cvemu {

bool invites_retry(int status) {
  return status == 0 || status == 408 || status == 429 || status >= 500;
}

std::size_t retry_key(Method method, std::string_view target, std::uint64_t length, std::string_view body) {
  constexpr std::size_t kMix = 0x9E3779B97F4A7C15;
  std::size_t key = std::hash<std::string_view>()(target);
  key = key * kMix + static_cast<std::size_t>(method);
  key = key * kMix + static_cast<std::size_t>(length);
  return key * kMix + std::hash<std::string_view>()(body);
}

}  // namespace cvemu
