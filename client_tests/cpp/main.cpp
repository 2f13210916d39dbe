// The one place that compiles doctest's own main; every x_test.cpp only registers cases.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>
