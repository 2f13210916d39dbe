#include "app/cli/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include "app/cli/environment.h"
#include "base/text.h"

namespace cvemu::cli {

bool stdout_is_terminal() {
  return ::isatty(STDOUT_FILENO) == 1;
}

std::size_t stdout_width() {
  if (const auto said = parse_int(variable("COLUMNS")); said && *said > 0)
    return static_cast<std::size_t>(*said);
  winsize size{};
  return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

}  // namespace cvemu::cli
