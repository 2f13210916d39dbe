// The context from which a container image is built: a TensorFlow Lite model and a small prediction server,
// written for this purpose. Azure: routes and file names are those of the service's DockerFile exports.
#pragma once
#include <string_view>
#include <vector>

#include "exporting/network.h"

namespace cvemu::exporting {

enum class DockerFlavor { Linux, Windows, Arm };

// Everything but the model and the files that describe it. Names begin with the folder "app" where they
// belong.
std::vector<File> docker_files(DockerFlavor flavor);

}  // namespace cvemu::exporting
