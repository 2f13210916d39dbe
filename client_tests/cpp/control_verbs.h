// Every verb of the emulator's steering, done twice: through its route, as any language would, and through
// the object.
#pragma once
#include <functional>

#include "story.h"

namespace testing {

// Both do the verb in a story of their own, and check what came of it.
struct Verb {
  std::string operation;  // the route's published name
  std::function<void(Story&)> by_route;
  std::function<void(Story&)> by_object;  // by Control::call for what has no function of its own
};

std::vector<Verb> state_verbs();  // what changes something: time, operations, state, identity
std::vector<Verb> hand_verbs();   // what does by hand what else comes by itself: notifications, predictions
std::vector<Verb> sight_verbs();  // what looks: journal, faults, queues and blobs from inside

}  // namespace testing
