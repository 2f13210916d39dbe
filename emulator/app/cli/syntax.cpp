#include "app/cli/syntax.h"

#include "app/cli/configuration.h"
#include "app/cli/usage.h"

namespace cvemu::cli {

namespace {

// The first word of what --help says behind the name: "TEXT (Env:CVEMU_LOCATION)".
std::string value_name(const CLI::Option& option) {
  if (option.get_items_expected_max() == 0) return "";
  const std::string text = option.get_option_text();
  return text.empty() ? option.get_type_name() : text.substr(0, text.find(' '));
}

std::vector<std::string> names_of_option(const CLI::Option& option) {
  std::vector<std::string> names;
  for (const std::string& name : option.get_snames()) names.push_back('-' + name);
  for (const std::string& name : option.get_lnames()) names.push_back("--" + name);
  return names;
}

Parameter describe_parameter(CLI::Option& option) {
  Parameter all;
  all.names = option.get_positional() ? std::vector{option.get_name(true)} : names_of_option(option);
  all.value = option.get_name(true) == "FILE" ? "FILE" : value_name(option);
  all.help = option.get_description();
  all.variable = variable_of(option);
  all.fallback = option.get_default_str();
  all.words = words_of(option);
  all.required = option.get_required();
  all.repeatable = option.get_expected_max() > 1;
  return all;
}

void describe_command(CLI::App& app, const std::string& name, std::vector<CommandSyntax>& all) {
  CommandSyntax command{name, app.get_description(), {}, {}, {}, app.get_fallthrough()};
  for (CLI::Option* option : app.get_options()) {
    if (option->get_positional())
      command.arguments.push_back(describe_parameter(*option));
    else if (!option->get_group().empty())
      command.options.push_back(describe_parameter(*option));
  }
  const auto children = app.get_subcommands([](const CLI::App*) { return true; });
  for (const CLI::App* child : children) command.children.push_back(child->get_name());
  all.push_back(std::move(command));
  for (CLI::App* child : children)
    describe_command(*child, name.empty() ? child->get_name() : name + ' ' + child->get_name(), all);
}

}  // namespace

std::vector<CommandSyntax> syntax_of(CLI::App& program) {
  std::vector<CommandSyntax> all;
  describe_command(program, "", all);
  return all;
}

}  // namespace cvemu::cli
