// The one place that compiles doctest's own main; every x_test.cpp only registers cases.
// Said by itself, too: a precompiled header has passed the place where the second one says it.
#define DOCTEST_CONFIG_IMPLEMENT
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>
