// Names of this machine in the networks that it is in: "cvemu" in a network of containers. Any thread.
#pragma once
#include <chrono>
#include <map>
#include <string>

#include "base/guarded.h"

namespace cvemu {

class OwnNames {
 public:
  // Whether all addresses of the name are addresses of this machine. Asks the system, which may take seconds
  // for a name that nobody knows; what it said holds for kMemory.
  bool contains(const std::string& host);

 private:
  using Steady = std::chrono::steady_clock;
  static constexpr std::chrono::seconds kMemory{10};
  struct Known {
    bool own = false;
    Steady::time_point asked;
  };
  Guarded<std::map<std::string, Known>> known_;
};

}  // namespace cvemu
