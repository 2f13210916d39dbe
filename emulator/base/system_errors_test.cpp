#include "base/system_errors.h"

#include <doctest/doctest.h>

namespace cvemu::base_system_errors_test {

TEST_CASE("system errors: in words of our own, and the system's for what is rare") {
  const auto said = [](std::errc code) { return plain_reason(std::make_error_code(code)); };
  CHECK(said(std::errc::permission_denied) == "you have no right to");
  CHECK(said(std::errc::read_only_file_system) == "the disk is read-only");
  CHECK_FALSE(said(std::errc::too_many_links).empty());
}

TEST_CASE("system errors: whether a file could be written is known without making it") {
  const auto folder = std::filesystem::temp_directory_path() / "cvemu-system-errors-test";
  std::filesystem::remove_all(folder);
  CHECK(why_unwritable(folder / "file").find("does not exist") != std::string::npos);
  std::filesystem::create_directory(folder);
  CHECK(why_unwritable(folder) == "it is a folder");
  CHECK(why_unwritable(folder / "file").empty());
  CHECK(std::filesystem::is_empty(folder));
  std::filesystem::remove_all(folder);
}

}  // namespace cvemu::base_system_errors_test
