// Which exchanges are meant: what faults, journal queries and waits have in common.
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "db/database.h"
#include "http/router.h"
#include "http/service.h"

namespace cvemu {

// All that is set must hold. Texts compare without case. Patterns (glob) fit what may be shown
// (base/secrets.h): "*" and "SharedKey account:*" find an Authorization, a part of its signature does not. A
// value without wildcards fits itself.
struct RequestMatch {
  std::string service{};    // customvision, or a half of it: training, prediction; queue, blob
  std::string operation{};  // the published name
  std::string method{};
  std::string path{};                  // glob over the path as sent: * and ?
  std::string project{}, iteration{};  // id or name
  std::string queue{}, container{};
  std::string blob{};                                          // glob
  std::vector<std::pair<std::string, std::string>> headers{};  // name, glob of the value
  // Over the request's body, with the words for it in a report.
  std::function<bool(std::string_view body)> body{};
  std::string body_text{};

  bool needs_body() const { return static_cast<bool>(body); }
};

// One exchange as far as a match can ask. Views into what the caller holds.
struct RequestFacts {
  std::string_view service;
  Access::Key key = Access::Key::None;  // of the row
  std::string_view operation;           // "" if there is no row
  std::string_view method, path;
  // "project", "iteration", "queue", "container", "blob", also "projectName" and "iterationName"; "" if
  // absent.
  std::function<std::string(std::string_view name)> param;
  std::function<std::string_view(std::string_view name)> header;  // "" if absent
  std::function<std::string_view()> body;
  Delivery::Kind delivery = Delivery::Kind::None;  // of the emulator's own requests
};

bool fits(const RequestMatch& match, const RequestFacts& facts);

// What keeps an exchange from fitting: "operation: wanted TrainProject, was GetProject". Secrets are masked.
std::vector<std::string> differences(const RequestMatch& match, const RequestFacts& facts);
// "operation TrainProject, project ..."; "any request" if nothing is set.
std::string describe(const RequestMatch& match);

// Of ids; "" if there is none. Outside any Transaction.
std::string name_of_project(Database& database, std::string_view id);
std::string name_of_iteration(Database& database, std::string_view project, std::string_view id);

// The name of a parameter in the rows' paths: "projectId" for "project".
std::string_view path_param(std::string_view name);

// * for any number of characters, ? for one; without regard to case.
bool glob_fits(std::string_view glob, std::string_view text);

}  // namespace cvemu
