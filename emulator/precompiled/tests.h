// The same for tests.
#ifndef CVEMU_PRECOMPILED_TESTS_H
#define CVEMU_PRECOMPILED_TESTS_H
#include <doctest/doctest.h>

#include "precompiled/library.h"

#endif
