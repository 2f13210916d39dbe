// What can be said on the command line about the emulator to be run, in Azurite's spelling, too.
#pragma once
#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "cvemu/options.h"

namespace cvemu::cli {

struct Arguments {
  Options options;
  std::string training_time = "2s", export_time = "1s", test_blob_time = "60s";
  std::string notification_encoding = "plain", output = "text", log_level = "request", log_format = "text",
              oauth, ready_file;
  std::string clock_at, config, debug_file, env_file;
  std::vector<std::string> ignored;  // options of Azurite's that were given and have no meaning here
  std::string idle_timeout, clock;
  std::optional<Duration> idle_limit;  // unset: it never ends by itself
  bool silent = false, in_memory = false, list_operations = false, frozen_clock = false;
  bool product_style_off = false, exit_with_parent = false;
  bool as_azurite = false;  // how the program was started: the table endpoint is expected
};

// `arguments` must outlive the app: parsing fills it. Variables that another option of the line takes the
// place of, too, are looked at by finish_options.
void add_options(CLI::App& app, Arguments& arguments);
// What was said, as options of the emulator; StartError names the option that cannot be. Opens nothing.
void finish_options(Arguments& arguments);

}  // namespace cvemu::cli
