// A file of the source tree that travels inside the binary (tools/embed.py).
#pragma once
#include <string_view>
#include <vector>

namespace cvemu {

struct EmbeddedFile {
  std::string_view name, text;
};

}  // namespace cvemu
