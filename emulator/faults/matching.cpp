#include "faults/matching.h"

#include <cctype>

#include "base/secrets.h"
#include "base/text.h"
#include "store/customvision/iterations.h"
#include "store/customvision/projects.h"

namespace cvemu {

namespace {

bool same_letter(char a, char b) {
  return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
}

bool service_fits(std::string_view wanted, const RequestFacts& facts) {
  if (iequals(wanted, facts.service)) return true;
  // The halves of Custom Vision: by the kind of key that a row wants.
  if (iequals(wanted, "training")) return facts.key == Access::Key::Training;
  return iequals(wanted, "prediction") && facts.key == Access::Key::Prediction;
}

// A pattern is held against what may be shown, so that nobody finds out a secret letter by letter; the whole
// secret fits itself.
bool pattern_fits(std::string_view wanted, std::string_view actual, std::string_view shown) {
  return glob_fits(wanted, shown) || iequals(wanted, actual);
}

// Calls `miss(name, wanted, actual)` for each condition that does not hold, until it answers false. Both
// texts may be shown.
template <class Miss>
void each_miss(const RequestMatch& match, const RequestFacts& facts, Miss miss) {
  const auto plain = [&](std::string_view name, const std::string& wanted, std::string_view actual) {
    return wanted.empty() || iequals(wanted, actual) || miss(name, wanted, actual);
  };
  const auto globbed = [&](std::string_view name, const std::string& wanted, std::string_view actual) {
    if (wanted.empty()) return true;
    const std::string shown = masked(actual);
    return pattern_fits(wanted, actual, shown) || miss(name, wanted, shown);
  };
  if (!match.operation.empty() && !plain("operation", match.operation, facts.operation)) return;
  if (!match.service.empty() && !service_fits(match.service, facts) &&
      !miss("service", match.service, facts.service))
    return;
  if (!plain("method", match.method, facts.method) || !globbed("path", match.path, facts.path)) return;
  for (const auto& [name, wanted] : {std::pair("project", &match.project), {"iteration", &match.iteration}})
    if (!wanted->empty() && !iequals(*wanted, facts.param(name)) &&
        !plain(name, *wanted, facts.param(std::string(name) + "Name")))
      return;
  for (const auto& [name, wanted] : {std::pair("queue", &match.queue), {"container", &match.container}})
    if (!wanted->empty() && !plain(name, *wanted, facts.param(name))) return;
  if (!match.blob.empty() && !globbed("blob", match.blob, facts.param("blob"))) return;
  for (const auto& [name, wanted] : match.headers) {
    const std::string_view actual = facts.header(name);
    const std::string shown = masked_header(name, actual);
    if (!wanted.empty() && !pattern_fits(wanted, actual, shown) &&
        !miss("header (" + name + ')', masked_header(name, wanted), shown))
      return;
  }
  if (match.body && !match.body(facts.body())) miss("body", match.body_text, masked_beginning(facts.body()));
}

std::string shortened(std::string_view text) {
  constexpr std::size_t kShown = 200;
  std::string shown(text.substr(0, kShown));
  if (text.size() > kShown) shown.append("...");
  return shown;
}

}  // namespace

std::string_view path_param(std::string_view name) {
  if (name == "project") return "projectId";
  if (name == "iteration") return "iterationId";
  return name;
}

bool glob_fits(std::string_view glob, std::string_view text) {
  std::size_t g = 0, t = 0, star = std::string_view::npos, resume = 0;
  while (t < text.size()) {
    if (g < glob.size() && glob[g] == '*') {
      star = g++;
      resume = t;
    } else if (g < glob.size() && (glob[g] == '?' || same_letter(glob[g], text[t]))) {
      ++g;
      ++t;
    } else if (star != std::string_view::npos) {
      g = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (g < glob.size() && glob[g] == '*') ++g;
  return g == glob.size();
}

std::string name_of_project(Database& database, std::string_view id) {
  const auto uuid = Uuid::parse(id);
  if (!uuid) return {};
  Transaction tx(database);
  const auto project = projects::find(tx, *uuid);
  return project ? project->name : std::string();
}

std::string name_of_iteration(Database& database, std::string_view project, std::string_view id) {
  const auto owner = Uuid::parse(project), uuid = Uuid::parse(id);
  if (!owner || !uuid) return {};
  Transaction tx(database);
  const auto iteration = iterations::find(tx, *owner, *uuid);
  return iteration ? iteration->name : std::string();
}

bool fits(const RequestMatch& match, const RequestFacts& facts) {
  bool all = true;
  each_miss(match, facts, [&](auto&&...) { return all = false; });
  return all;
}

std::vector<std::string> differences(const RequestMatch& match, const RequestFacts& facts) {
  std::vector<std::string> found;
  each_miss(match, facts, [&](std::string_view name, std::string_view wanted, std::string_view actual) {
    found.push_back(std::string(name) + ": wanted " + std::string(wanted) + ", was " +
                    (actual.empty() ? "absent" : shortened(actual)));
    return true;
  });
  return found;
}

std::string describe(const RequestMatch& match) {
  std::vector<std::string> words;
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) words.push_back(name + (' ' + value));
  };
  add("operation", match.operation);
  add("service", match.service);
  add("method", match.method);
  add("path", match.path);
  add("project", match.project);
  add("iteration", match.iteration);
  add("queue", match.queue);
  add("container", match.container);
  add("blob", match.blob);
  for (const auto& [name, value] : match.headers)
    words.push_back("header " + name + ": " + masked_header(name, value));
  add("body", match.body_text);
  return words.empty() ? "any request" : join(words, ", ");
}

}  // namespace cvemu
