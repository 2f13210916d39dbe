#include "base/system_errors.h"

#include <unistd.h>

#include <cerrno>

namespace cvemu {

namespace {

std::error_code access_error(const std::filesystem::path& path, int wanted) {
  return ::access(path.c_str(), wanted) == 0 ? std::error_code()
                                             : std::error_code(errno, std::generic_category());
}

}  // namespace

std::string plain_reason(const std::error_code& error) {
  switch (error.value()) {
    case ENOENT:
      return "it, or the folder that it is to lie in, does not exist";
    case EACCES:
    case EPERM:
      return "you have no right to";
    case ENOTDIR:
      return "a part of its path is a file and no folder";
    case EISDIR:
      return "it is a folder";
    case EROFS:
      return "the disk is read-only";
    case ENOSPC:
    case EDQUOT:
      return "the disk is full";
    case EADDRINUSE:
      return "the port is in use";
    case EADDRNOTAVAIL:
      return "this machine does not have the address";
    case ELOOP:
      return "its symbolic links go round in a circle";
    case ENAMETOOLONG:
      return "its name is too long";
    default:
      return error.message();
  }
}

std::string why_unwritable(const std::filesystem::path& file) {
  std::error_code error;
  if (std::filesystem::is_directory(file, error)) return "it is a folder";
  if (std::filesystem::exists(file, error)) {
    const auto refused = access_error(file, W_OK);
    return refused ? plain_reason(refused) : "";
  }
  if (error) return plain_reason(error);
  const auto folder = std::filesystem::absolute(file, error).parent_path();
  if (!std::filesystem::is_directory(folder, error))
    return "the folder " + folder.string() + " does not exist";
  const auto refused = access_error(folder, W_OK | X_OK);
  return refused ? plain_reason(refused) : "";
}

}  // namespace cvemu
