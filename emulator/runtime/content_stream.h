// A stored content as the body of an answer.
#pragma once
#include <cstdint>

#include "http/message.h"
#include "store/blob/contents.h"

namespace cvemu {

// `length` bytes of the content from `offset` on, read piece by piece while they are sent. `tx` is the
// transaction that found the content; what is sent stays readable although its last row may go meanwhile.
Stream stream_of(Database& database, Transaction& tx, std::int64_t content, std::uint64_t offset,
                 std::uint64_t length);

}  // namespace cvemu
