#include "app/cli/completion.h"

#include "app/cli/table.h"
#include "app/cli/usage.h"
#include "base/text.h"

namespace cvemu::cli {

namespace {

using Syntax = std::vector<CommandSyntax>;

// In quotes, as bash and zsh read it.
std::string quoted_for_sh(std::string_view text) {
  std::string all = "'";
  for (const char c : text) all += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return all + '\'';
}

std::string quoted_for_fish(std::string_view text) {
  std::string all = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') all += '\\';
    all += c;
  }
  return all + '\'';
}

// What a value can be: "file", "folder", or words; "" for anything.
std::string values_of(const Parameter& parameter) {
  if (parameter.value == "FILE") return "file";
  return parameter.value == "FOLDER" ? "folder" : join(parameter.words, " ");
}

std::vector<Parameter> options_of(const CommandSyntax& command, const Syntax& all) {
  std::vector<Parameter> options = command.options;
  if (!command.takes_options_of_program) return options;
  for (const Parameter& option : all.front().options)
    if (option.names != all.front().options.front().names) options.push_back(option);  // both have --help
  return options;
}

const CommandSyntax& find(const Syntax& all, const std::string& name) {
  for (const CommandSyntax& command : all)
    if (command.name == name) return command;
  return all.front();
}

const CommandSyntax& child_of(const CommandSyntax& command, const std::string& child, const Syntax& all) {
  return find(all, command.name.empty() ? child : command.name + ' ' + child);
}

std::vector<std::string> valued_options(const CommandSyntax& command, const Syntax& all) {
  std::vector<std::string> names;
  for (const Parameter& option : options_of(command, all))
    if (!option.value.empty()) names.insert(names.end(), option.names.begin(), option.names.end());
  return names;
}

// --- bash and zsh: functions that set REPLY or reply, by the name of the command

// One branch of a "case"; nothing for an empty value.
std::string branch(const std::string& patterns, const std::string& assignment) {
  return "    " + patterns + ") " + assignment + " ;;\n";
}

template <class Write>
std::string function(const std::string& name, const Syntax& all, const char* word, Write write) {
  std::string text = name + "() {\n  REPLY= reply=()\n  case " + word + " in\n";
  for (const CommandSyntax& command : all) text += write(command);
  return text + "  esac\n}\n\n";
}

std::string listed(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + quoted_for_sh(word);
  return "reply=(" + text + ")";
}

std::string valued_function(const Syntax& all) {
  return function("_cvemu_valued", all, "$1", [&](const CommandSyntax& command) {
    const auto names = valued_options(command, all);
    return names.empty() ? "" : branch(quoted_for_sh(command.name), listed(names));
  });
}

// "faults add:--url" is an option of a command, "faults add:1" its first argument.
std::string values_function(const Syntax& all) {
  return function("_cvemu_values", all, "$1:$2", [&](const CommandSyntax& command) {
    std::string text;
    for (const Parameter& option : options_of(command, all)) {
      const std::string values = values_of(option);
      if (values.empty()) continue;
      std::string patterns;
      for (const std::string& name : option.names)
        patterns += (patterns.empty() ? "" : "|") + quoted_for_sh(command.name + ':' + name);
      text += branch(patterns, "REPLY=" + quoted_for_sh(values));
    }
    for (std::size_t i = 0; i < command.arguments.size(); ++i)
      if (const std::string values = values_of(command.arguments[i]); !values.empty())
        text += branch(quoted_for_sh(command.name + ':' + std::to_string(i + 1)),
                       "REPLY=" + quoted_for_sh(values));
    return text;
  });
}

std::string bash_functions(const Syntax& all) {
  std::string text = function("_cvemu_commands", all, "$1", [](const CommandSyntax& command) {
    return command.children.empty() ? "" : branch(quoted_for_sh(command.name), listed(command.children));
  });
  text += function("_cvemu_options", all, "$1", [&](const CommandSyntax& command) {
    std::vector<std::string> names;
    for (const Parameter& option : options_of(command, all))
      names.insert(names.end(), option.names.begin(), option.names.end());
    return branch(quoted_for_sh(command.name), listed(names));
  });
  return text + valued_function(all) + values_function(all);
}

// "name:what it does", as _describe reads it.
std::string described(const std::string& name, const std::string& help) {
  return name + ':' + help;
}

std::string zsh_functions(const Syntax& all) {
  std::string text = function("_cvemu_commands", all, "$1", [&](const CommandSyntax& command) {
    std::vector<std::string> words;
    for (const std::string& child : command.children)
      words.push_back(described(child, child_of(command, child, all).help));
    return words.empty() ? "" : branch(quoted_for_sh(command.name), listed(words));
  });
  text += function("_cvemu_options", all, "$1", [&](const CommandSyntax& command) {
    std::vector<std::string> words;
    for (const Parameter& option : options_of(command, all))
      for (const std::string& name : option.names) words.push_back(described(name, option.help));
    return branch(quoted_for_sh(command.name), listed(words));
  });
  return text + valued_function(all) + values_function(all);
}

// The shell parts a line at "=" and ":", too, so that --tier=F0 and a URL are several words.
constexpr const char* kBash = R"(_cvemu() {
  local IFS=$' \t\n' REPLY word command= explained= option= closed= current=${COMP_WORDS[COMP_CWORD]}
  local -a reply
  local -i at=1 argument=1
  COMPREPLY=()
  while ((at < COMP_CWORD)); do
    word=${COMP_WORDS[at]}
    at+=1
    if [[ -z $closed && $word == -- ]]; then
      closed=yes
    elif [[ -z $closed && $word == -* ]]; then
      _cvemu_valued "$command"
      [[ " ${reply[*]} " == *" $word "* ]] || continue
      if [[ ${COMP_WORDS[at]} == = ]]; then
        if ((at == COMP_CWORD)); then current=; else at+=1; fi
      fi
      if ((at >= COMP_CWORD)); then option=$word; break; fi
      at+=1
      while [[ ${COMP_WORDS[at]} == [=:]* ]]; do at+=2; done
    elif [[ $command == help ]]; then
      explained+=${explained:+ }$word
    else
      _cvemu_commands "$command"
      if [[ " ${reply[*]} " == *" $word "* ]]; then
        command+=${command:+ }$word
      else
        argument+=1
        while [[ ${COMP_WORDS[at]} == [=:]* ]]; do at+=2; done
      fi
    fi
  done
  ((at > COMP_CWORD)) && return
  if [[ -n $option ]]; then
    _cvemu_values "$command" "$option"
  elif [[ -z $closed && $current == -* ]]; then
    _cvemu_options "$command"
    REPLY=${reply[*]}
  elif [[ $command == help ]]; then
    _cvemu_commands "$explained"
    REPLY=${reply[*]}
  else
    _cvemu_commands "$command"
    REPLY=${reply[*]}
    [[ -n $REPLY ]] || _cvemu_values "$command" "$argument"
  fi
  case $REPLY in
    '') ;;
    file) compopt -o default ;;
    folder) compopt -o dirnames ;;
    *) COMPREPLY=($(compgen -W "$REPLY" -- "$current")) ;;
  esac
}

complete -F _cvemu cvemu
)";

constexpr const char* kZsh = R"(_cvemu() {
  local REPLY word command= explained= option= closed= current=$words[CURRENT]
  local -a reply
  local -i at=2 argument=1
  while ((at < CURRENT)); do
    word=$words[at]
    at+=1
    if [[ -z $closed && $word == -- ]]; then
      closed=yes
    elif [[ -z $closed && $word == -* ]]; then
      _cvemu_valued $command
      ((reply[(Ie)$word])) || continue
      if ((at == CURRENT)); then option=$word; break; fi
      at+=1
    elif [[ $command == help ]]; then
      explained+=${explained:+ }$word
    else
      _cvemu_commands $command
      if ((reply[(I)${(b)word}:*])); then command+=${command:+ }$word; else argument+=1; fi
    fi
  done
  if [[ -z $option$closed && $current == --*=* ]]; then
    option=${current%%=*}
    compset -P '*='
  fi
  if [[ -n $option ]]; then
    _cvemu_values "$command" $option
  elif [[ -z $closed && $current == -* ]]; then
    _cvemu_options "$command"
    _describe -o option reply
    return
  else
    if [[ $command == help ]]; then _cvemu_commands "$explained"; else _cvemu_commands "$command"; fi
    if (($#reply)); then
      _describe command reply
      return
    fi
    _cvemu_values "$command" $argument
  fi
  case $REPLY in
    '') _message 'a value' ;;
    file) _files ;;
    folder) _files -/ ;;
    *) compadd -- ${=REPLY} ;;
  esac
}

if [[ $funcstack[1] == _cvemu ]]; then _cvemu "$@"; else compdef _cvemu cvemu; fi
)";

// --- fish: one line for each option, command and argument

constexpr const char* kFish =
    R"(# Sets the command that the line is about, the number of its next argument, and what help is to explain.
function __cvemu_read_line
    set -g __cvemu_command ''
    set -g __cvemu_explained ''
    set -g __cvemu_argument 1
    set -l words (commandline -opc)
    set -l is_value no
    for word in $words[2..-1]
        if test $is_value = yes
            set is_value no
        else if string match -q -- '-*' $word
            contains -- $word (__cvemu_valued)
            and set is_value yes
        else if test "$__cvemu_command" = help
            set -g __cvemu_explained (string trim -- "$__cvemu_explained $word")
        else if __cvemu_is_command "$__cvemu_command" $word
            set -g __cvemu_command (string trim -- "$__cvemu_command $word")
        else
            set -g __cvemu_argument (math $__cvemu_argument + 1)
        end
    end
end

function __cvemu_at
    __cvemu_read_line
    test "$__cvemu_command" = "$argv[1]"
    and test -z "$argv[2]" -o "$__cvemu_argument" = "$argv[2]"
end

function __cvemu_explains
    __cvemu_read_line
    test "$__cvemu_command" = help -a "$__cvemu_explained" = "$argv[1]"
end

complete -c cvemu -e
complete -c cvemu -f
)";

std::string fish_functions(const Syntax& all) {
  std::string known = "function __cvemu_is_command\n    switch \"$argv[1] $argv[2]\"\n        case";
  std::string valued = "function __cvemu_valued\n    switch \"$__cvemu_command\"\n";
  for (const CommandSyntax& command : all) {
    for (const std::string& child : command.children)
      known += ' ' + quoted_for_fish(command.name + ' ' + child);
    if (const auto names = valued_options(command, all); !names.empty())
      valued += "        case " + quoted_for_fish(command.name) + "\n            printf '%s\\n' " +
                join(names, " ") + '\n';
  }
  return known + "\n            return 0\n    end\n    return 1\nend\n\n" + valued + "    end\nend\n\n";
}

std::string fish_values(const std::string& values, const char* free) {
  if (values == "file") return " -r -F";
  if (values == "folder") return " -x -a '(__fish_complete_directories)'";
  return values.empty() ? free : " -x -a " + quoted_for_fish(values);
}

std::string fish_line(const std::string& condition, const std::string& rest) {
  return "complete -c cvemu -n " + quoted_for_fish(condition) + rest + '\n';
}

std::string fish_option(const std::string& condition, const Parameter& option) {
  std::string rest;
  for (const std::string& name : option.names)
    rest += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  if (!option.value.empty()) rest += fish_values(values_of(option), " -x");
  return fish_line(condition, rest + " -d " + quoted_for_fish(option.help));
}

std::string fish_command(const CommandSyntax& command, const Syntax& all) {
  const std::string name = quoted_for_fish(command.name), here = "__cvemu_at " + name;
  std::string text;
  for (const std::string& child : command.children) {
    const std::string rest =
        " -a " + quoted_for_fish(child) + " -d " + quoted_for_fish(child_of(command, child, all).help);
    text += fish_line(here + " 1", rest) + fish_line("__cvemu_explains " + name, rest);
  }
  for (const Parameter& option : options_of(command, all)) text += fish_option(here, option);
  for (std::size_t i = 0; i < command.arguments.size(); ++i)
    if (const std::string values = fish_values(values_of(command.arguments[i]), ""); !values.empty())
      text += fish_line(here + ' ' + std::to_string(i + 1), values);
  return text;
}

std::string fish_lines(const Syntax& all) {
  std::string text;
  for (const CommandSyntax& command : all) text += fish_command(command, all);
  return text;
}

}  // namespace

std::string completion_script(const std::string& shell, const std::vector<CommandSyntax>& all) {
  const std::string origin =
      "# Completions for cvemu, as \"cvemu completion " + shell + "\" prints them.\n\n";
  if (shell == "bash") return origin + bash_functions(all) + kBash;
  if (shell == "zsh") return "#compdef cvemu\n" + origin + zsh_functions(all) + kZsh;
  if (shell == "fish") return origin + fish_functions(all) + kFish + '\n' + fish_lines(all);
  throw UsageError("there are completions for bash, zsh and fish, but not for \"" + shell + '"');
}

}  // namespace cvemu::cli
