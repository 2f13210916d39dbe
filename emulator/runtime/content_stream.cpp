#include "runtime/content_stream.h"

namespace cvemu {

Stream stream_of(Database& database, Transaction& tx, std::int64_t content, std::uint64_t offset,
                 std::uint64_t length) {
  auto reader = std::make_shared<ContentReader>(database, tx, content, offset, length);
  return {length, [reader](const std::function<void(std::string_view)>& sink) {
            for (std::string_view piece; !(piece = reader->next()).empty();) sink(piece);
          }};
}

}  // namespace cvemu
