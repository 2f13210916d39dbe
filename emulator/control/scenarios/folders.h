// The folders with images that a scenario names.
#pragma once
#include <string>
#include <vector>

#include "base/folder.h"
#include "control/context.h"

namespace cvemu::control {

// Where one lies and what it holds, as it was when the scenario was read.
struct ImageFolder {
  std::filesystem::path path;            // absolute
  const Folder::Roots* roots = nullptr;  // null: everything may be read
  std::vector<std::string> files;        // those that begin like an image, in order

  // A file once more; throws ApiError if it has gone, or leads out of the folders that are allowed.
  std::string read(const std::string& file) const;
};

class ImageFolders {
 public:
  // A scenario that this process itself brings may name any folder; one that came over HTTP those below
  // Options::allow_folders. `base`: the folder of the scenario's file, "" if it is none; relative folders lie
  // in it, else in the current folder, or over HTTP in the first that is allowed.
  ImageFolders(const ControlContext& control, const RequestContext& context, std::filesystem::path base);

  // The folder with its first `most` images. Throws ApiError with the path "/folder": 403 FolderNotAllowed,
  // which is the same whether the folder is there or not, 400 NoSuchFolder, 400 NoPictures.
  ImageFolder find(const std::string& folder, std::size_t most) const;

 private:
  std::filesystem::path place_of(const std::string& folder) const;
  const ControlContext& control_;
  const Folder::Roots* roots_;
  const std::filesystem::path base_;
};

}  // namespace cvemu::control
