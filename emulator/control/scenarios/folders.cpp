#include "control/scenarios/folders.h"

#include "control/json.h"

namespace cvemu::control {

namespace {

constexpr std::size_t kBeginning = 16;  // bytes that tell an image
// Azure: an image has at most 6 MB (documentation). With a byte more the service refuses it by name.
constexpr std::size_t kMostBytes = 6 * 1024 * 1024 + 1;

ApiError not_allowed() {
  ApiError error(
      403, "FolderNotAllowed",
      "Over HTTP a scenario may name only folders, and files in them, below those that this emulator was "
      "given with --allow-folder DIR (CVEMU_ALLOW_FOLDER).");
  error.details.emplace_back("path", "/folder");
  return error;
}

}  // namespace

std::string ImageFolder::read(const std::string& file) const {
  try {
    const auto folder = Folder::open(path, roots);
    auto bytes = folder ? folder->read(file, kMostBytes) : std::nullopt;
    if (bytes) return *std::move(bytes);
  } catch (const Folder::Outside&) {
    throw not_allowed();
  }
  throw bad_request("ScenarioRefused", (path / file).string() + " cannot be read.");
}

ImageFolders::ImageFolders(const ControlContext& control, const RequestContext& context,
                           std::filesystem::path base)
    : control_(control),
      roots_(context.exchange.peer.internal ? nullptr : &control.options.allow_folders),
      base_(std::move(base)) {}

std::filesystem::path ImageFolders::place_of(const std::string& folder) const {
  if (folder.find('\0') != std::string::npos)
    throw bad_field("InvalidField", "A folder's name has no NUL.", "/folder");
  if (roots_ && roots_->empty()) throw not_allowed();
  const std::filesystem::path named(folder);
  if (named.is_absolute()) return named;
  if (!base_.empty()) return base_ / named;
  return roots_ ? roots_->front() / named : std::filesystem::absolute(named);
}

ImageFolder ImageFolders::find(const std::string& name, std::size_t most) const {
  ImageFolder found{place_of(name), roots_, {}};
  try {
    const auto folder = Folder::open(found.path, roots_);
    const auto names = folder ? folder->names() : std::nullopt;
    if (!folder || !names)
      throw bad_field("NoSuchFolder", found.path.string() + " is no folder here that can be read.",
                      "/folder");
    for (const std::string& file : *names) {
      control_.environment.database.check_ending();
      if (found.files.size() == most) break;
      const auto beginning = folder->read(file, kBeginning);
      if (beginning && control_.is_image(*beginning)) found.files.push_back(file);
    }
  } catch (const Folder::Outside&) {
    throw not_allowed();
  }
  if (found.files.empty())
    throw bad_field("NoPictures",
                    found.path.string() + " holds no JPEG, PNG, GIF or BMP file that can be read.",
                    "/folder");
  return found;
}

}  // namespace cvemu::control
