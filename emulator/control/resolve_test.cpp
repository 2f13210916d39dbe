#include "control/resolve.h"

#include <doctest/doctest.h>

namespace cvemu::control_resolve_test {

using namespace cvemu::control;

namespace {

struct Fixture {
  Database database;
  IdSource ids{3};

  Uuid add(const std::string& name) {
    Project project;
    project.id = ids.uuid();
    project.name = name;
    Transaction tx(database);
    projects::insert(tx, project);
    tx.commit();
    return project.id;
  }
  // What is refused, with its detail of that name.
  std::string refusal(std::string_view named, std::string_view detail) {
    try {
      resolve_project(database, named, "/project");
      return "";
    } catch (const ApiError& error) {
      std::string all = error.code;
      for (const auto& [name, value] : error.details)
        if (name == detail) all += ' ' + value;
      return all;
    }
  }
};

}  // namespace

TEST_CASE("Resolve: a project by its id, and by its name without regard to case") {
  Fixture fixture;
  const Uuid hemlock = fixture.add("Hemlock"), other = fixture.add("Japanese Cherry");
  CHECK(resolve_project(fixture.database, hemlock.text(), "") == hemlock);
  CHECK(resolve_project(fixture.database, "hEMLOCK", "") == hemlock);
  CHECK(resolve_project(fixture.database, "Japanese cherry", "") == other);
}

TEST_CASE("Resolve: a name that nobody has is refused with the nearest, at the place it was named") {
  Fixture fixture;
  CHECK(fixture.refusal("Hemlock", "didYouMean") == "UnknownProject");
  fixture.add("Hemlock");
  CHECK(fixture.refusal("Hemlok", "didYouMean") == "UnknownProject Hemlock");
  CHECK(fixture.refusal("Hemlok", "path") == "UnknownProject /project");
  CHECK(fixture.refusal(Uuid(1, 2).text(), "path") == "UnknownProject /project");
}

TEST_CASE("Resolve: two of one name are refused, and each is found by its id") {
  Fixture fixture;
  const Uuid first = fixture.add("Hemlock"), second = fixture.add("hemlock");
  CHECK(fixture.refusal("Hemlock", "path") == "AmbiguousName /project");
  CHECK(resolve_project(fixture.database, first.text(), "") == first);
  CHECK(resolve_project(fixture.database, second.text(), "") == second);
}

TEST_CASE("Resolve: an iteration by id or name, and every one by none") {
  Iteration iteration;
  iteration.id = Uuid(5, 6);
  iteration.name = "Iteration 1";
  CHECK(is_named(iteration, ""));
  CHECK(is_named(iteration, "iteration 1"));
  CHECK(is_named(iteration, iteration.id.text()));
  CHECK_FALSE(is_named(iteration, "Iteration 2"));
}

}  // namespace cvemu::control_resolve_test
