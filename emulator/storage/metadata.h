// x-ms-meta-*: names and values that a user keeps beside a queue, a container or a blob. Functions that read
// throw ApiError (storage_errors) and touch nothing else.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "http/message.h"

namespace cvemu {

// Names as first sent, without "x-ms-meta-", in the order sent. Names compare without case.
using Metadata = std::vector<std::pair<std::string, std::string>>;
// Throws EmptyMetadataKey, InvalidMetadata (not a C# identifier), MetadataTooLarge. A repeated name is joined
// by commas. Azure: Python also sends a header named exactly "x-ms-meta"; it is not metadata.
Metadata read_metadata(const Headers&);
void write_metadata(Headers&, const Metadata&);
// The same set of names and values, whatever the order.
bool same_metadata(const Metadata&, const Metadata&);

}  // namespace cvemu
