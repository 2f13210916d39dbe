"""Completions and the manual page: what --help lists is in them all, and the shells themselves complete by them."""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

BINARY = os.environ["CVEMU"]
SHELLS = ("bash", "zsh", "fish")
OPTION = re.compile(r"(?<![\w-])(--?[A-Za-z][\w-]*)")


def output(*command: str, text: "str | None" = None, **environment: str) -> str:
    result = subprocess.run(command, capture_output=True, text=True, timeout=120, input=text,
                            env={**os.environ, **environment})
    if result.returncode != 0 or result.stderr:
        raise AssertionError(f"{command}: {result.returncode} {result.stderr}")
    return result.stdout


def help_of(*command: str) -> str:
    return output(BINARY, *command, "--help")


def options_in(text: str) -> "set[str]":
    """The names at the beginning of the lines of a help text."""
    lines = re.findall(r"^  (-\S+)", text, re.MULTILINE)
    return {name for line in lines for name in line.split(",")}


def commands_in(text: str) -> "list[str]":
    below = re.split(r"^(?:Subcommands|Commands for a running emulator):$", text, flags=re.MULTILINE)[1:]
    return [name for part in below for name in re.findall(r"^  ([a-z][a-z-]*)(?: |$)", part.split("\n\n")[0], re.M)]


def walk() -> "dict[tuple[str, ...], set[str]]":
    """Every command of the program, with its options; () is the program."""
    found, left = {}, [()]
    while left:
        command = left.pop()
        text = help_of(*command)
        found[command] = options_in(text)
        left += [(*command, name) for name in commands_in(text)]
    return found


class Case(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def needs(self, program: str) -> str:
        path = shutil.which(program)
        if not path:
            self.skipTest(f"{program} is not installed")
        return path

    def script(self, shell: str, name: "str | None" = None) -> str:
        path = self.folder / (name or f"completion.{shell}")
        path.write_text(output(BINARY, "completion", shell))
        return str(path)


class Everything(Case):
    @classmethod
    def setUpClass(cls):
        cls.commands = walk()

    def test_the_walk_finds_them(self):
        self.assertGreater(len(self.commands), 60)
        self.assertIn(("faults", "add"), self.commands)
        self.assertIn("--blobPort", self.commands[()])
        self.assertIn("-o", self.commands[("faults",)])

    def test_bash_and_zsh_have_every_option_and_command(self):
        for shell in ("bash", "zsh"):
            script = output(BINARY, "completion", shell)
            options = script.split("_cvemu_options() {")[1].split("\n}\n")[0]
            words = script.split("_cvemu_commands() {")[1].split("\n}\n")[0]
            for command, names in self.commands.items():
                [row] = re.findall(rf"^ +'{' '.join(command)}'\) reply=\((.*)\) ;;$", options, re.MULTILINE)
                self.assertEqual({name for name in names if not re.search(rf"'{name}[:']", row)}, set(), (shell, command))
                if command:
                    [row] = re.findall(rf"^ +'{' '.join(command[:-1])}'\) reply=\((.*)\) ;;$", words, re.MULTILINE)
                    self.assertRegex(row, rf"'{command[-1]}[:']", shell)

    def test_fish_has_every_option_and_command(self):
        lines = output(BINARY, "completion", "fish").splitlines()
        for command, names in self.commands.items():
            begin = f"complete -c cvemu -n '__cvemu_at \\'{' '.join(command)}\\''"
            row = "\n".join(line.split(" -d ")[0] for line in lines if line.startswith(begin))
            wanted = [f" -l {name[2:]}" if name.startswith("--") else f" -s {name[1:]}" for name in names]
            self.assertEqual([name for name in wanted if not re.search(name + r"(?![\w-])", row)], [], command)
            if command:
                above = f"complete -c cvemu -n '__cvemu_at \\'{' '.join(command[:-1])}\\' 1' -a '{command[-1]}' -d '"
                self.assertTrue(any(line.startswith(above) for line in lines), above)

    def test_the_page_has_every_option_with_variable_and_default_and_every_command(self):
        page = output(BINARY, "help", "--man").replace("\\-", "-")
        for title in ("NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "COMMANDS", '"EXIT STATUS"', "ENVIRONMENT", "FILES",
                      "EXAMPLES", '"SEE ALSO"'):
            self.assertTrue(re.search(rf"(?m)^\.SH {title}$", page), title)
        options = page.split(".SH OPTIONS")[1].split(".SH COMMANDS")[0]
        commands = page.split(".SH COMMANDS")[1].split('.SH "EXIT STATUS"')[0]
        for command, names in self.commands.items():
            if command:
                self.assertTrue(f"\n\\fBcvemu {' '.join(command)}\\fR" in commands, command)
            place = commands if command else options
            self.assertEqual([name for name in names if f"\\fB{name}\\fR" not in place], [], command)
        text = help_of()
        for name, fallback, variable in re.findall(r"^  (?:-\w,)?(--[\w-]+)\S* [A-Z]+(?:=(\S+))?(?: \.\.\.)?"
                                                   r" \(Env:(\w+)\)", text, re.MULTILINE):
            [item] = re.findall(rf"\\fB{name}\\fR.*\n((?:(?!\.TP).*\n)+)", options)
            self.assertIn(f"Variable: \\fB{variable}\\fR", item)
            if fallback:
                self.assertIn(f"Default: \\fB{fallback}\\fR", item)
            self.assertIn(f"\n\\fB{variable}\\fR\n", page.split(".SH ENVIRONMENT")[1].split(".SH FILES")[0])

    def test_examples_of_the_page_are_commands(self):
        page = output(BINARY, "help", "--man").replace("\\-", "-")
        examples = page.split(".SH EXAMPLES")[1].split(".SH")[0]
        lines = re.findall(r"cvemu ([a-z][a-z-]*)", "\n".join(re.findall(r"(?m)^\\fB(.*)\\fR$", examples)))
        self.assertGreater(len(lines), 5)
        for name in lines:
            self.assertIn((name,), self.commands)

    def test_they_are_the_same_each_time_and_need_no_emulator(self):
        for line in (["help", "--man"], *(["completion", shell] for shell in SHELLS)):
            once = output(BINARY, *line, CVEMU_URL="http://127.0.0.1:1", CVEMU_LOCATION="/none")
            self.assertEqual(once, output(BINARY, *line, COLUMNS="40", TZ="Asia/Tokyo"))
            self.assertTrue(once.endswith("\n"))


class Refused(unittest.TestCase):
    def test_another_shell_and_a_page_of_one_command(self):
        for line, words in [(["completion", "tcsh"], "bash, zsh and fish"), (["completion"], "shell is missing"),
                            (["help", "--man", "faults"], "leave out")]:
            result = subprocess.run([BINARY, *line], capture_output=True, text=True, timeout=60)
            self.assertEqual((result.returncode, result.stdout), (2, ""), line)
            self.assertIn(words, result.stderr)


    def test_what_cannot_be_written_is_no_success(self):
        for line in (["help"], ["help", "--man"], ["openapi"], *(["completion", shell] for shell in SHELLS)):
            with open("/dev/full", "w", encoding="ascii") as full:
                result = subprocess.run([BINARY, *line], stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
            self.assertEqual(result.returncode, 1, line)
            self.assertIn("cannot be written", result.stderr)


class Page(Case):
    def test_man_prints_it_without_a_warning(self):
        man = self.needs("man")
        file = self.folder / "cvemu.1"
        file.write_text(output(BINARY, "help", "--man"))
        for locale in ("C", "C.UTF-8"):
            page = output(man, "--warnings", "-E", "UTF-8", "-l", str(file), LC_ALL=locale, MANWIDTH="100", PAGER="cat")
            self.assertIn("--notification-encoding", re.sub(r".\x08", "", page))

    def test_groff_takes_it_without_a_warning(self):
        groff = self.needs("groff")
        text = output(groff, "-man", "-ww", "-Tascii", "-P-c", text=output(BINARY, "help", "--man"))
        self.assertIn("EXIT STATUS", re.sub(r".\x08", "", text))

    def test_nothing_beyond_ascii_and_nothing_of_this_machine(self):
        page = output(BINARY, "help", "--man")
        self.assertTrue(page.isascii())
        self.assertTrue(page.startswith('.TH CVEMU 1 "" "cvemu '))


# Lines without their last word, that word, and what is offered.
LINES = [("cvemu", "adv", ["advance"]), ("cvemu", "completi", ["completion"]),
         ("cvemu", "--ti", ["--tier"]), ("cvemu --tier", "", ["unlimited", "F0", "S0"]), ("cvemu --tier", "F", ["F0"]),
         ("cvemu --port 0", "adv", ["advance"]), ("cvemu serve --tier", "S", ["S0"]), ("cvemu serve", "--ti", ["--tier"]),
         ("cvemu faults", "a", ["add"]), ("cvemu faults add", "--u", ["--url"]), ("cvemu clock set", "f", ["frozen"]),
         ("cvemu clock set --rate 5", "sc", ["scaled"]), ("cvemu clock set scaled", "--ra", ["--rate"]),
         ("cvemu --public-url http://127.0.0.1:10003", "adv", ["advance"]),
         ("cvemu faults --url http://127.0.0.1:10003", "ca", ["catalog"]),
         ("cvemu faults -o", "", ["json", "table"]), ("cvemu transitions set training --status", "C", ["Completed"]),
         ("cvemu help", "adv", ["advance"]), ("cvemu help faults", "cl", ["clear"]), ("cvemu help", "--m", ["--man"]),
         ("cvemu completion", "", ["bash", "zsh", "fish"]), ("cvemu put-message work --", "--u", [])]


class Bash(Case):
    def complete(self, *words: str, line: str = "") -> "list[str]":
        """COMPREPLY for the words as bash parts them, the last one being completed; what compopt is told, too."""
        script = f"""compopt() {{ printf '%s\\n' "compopt $*"; }}
            source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _cvemu cvemu "${{@: -1}}" "${{@: -2:1}}"
            ((${{#COMPREPLY[@]}})) && printf '%s\\n' "${{COMPREPLY[@]}}"; true"""
        bash = self.needs("bash")
        return output(bash, "--norc", "-u", "-c", script, "bash", self.script("bash"), *words).splitlines()

    def test_it_is_bash(self):
        output(self.needs("bash"), "-n", self.script("bash"))
        shown = output(self.needs("bash"), "--norc", "-c", f'source "{self.script("bash")}"; complete -p cvemu')
        self.assertEqual(shown, "complete -F _cvemu cvemu\n")

    def test_words_are_completed(self):
        for before, last, offered in LINES:
            words = [word for part in before.split() for word in re.split(r"([=:]+)", part)]
            self.assertEqual(self.complete(*words, last), offered, (before, last))

    def test_options_with_an_equals_sign(self):
        self.assertEqual(self.complete("cvemu", "--tier", "="), ["unlimited", "F0", "S0"])
        self.assertEqual(self.complete("cvemu", "--tier", "=", "F"), ["F0"])
        self.assertEqual(self.complete("cvemu", "--tier", "=", "F0", "adv"), ["advance"])
        self.assertEqual(self.complete("cvemu", "--storage-account", "a", "=", "b", "adv"), ["advance"])

    def test_files_and_folders_are_left_to_the_shell(self):
        for words in (["--ready-file"], ["load"], ["faults", "put", "busy"], ["--scenario", "="], ["health", "--ready-file"]):
            self.assertEqual(self.complete("cvemu", *words, ""), ["compopt -o default"], words)
        self.assertEqual(self.complete("cvemu", "--location", ""), ["compopt -o dirnames"])
        self.assertEqual(self.complete("cvemu", "faults", "put", ""), [])


class Fish(Case):
    def complete(self, line: str) -> "list[str]":
        fish = self.needs("fish")
        script = f'source "{self.script("fish")}"; complete -C "{line}"'
        return [row.split("\t")[0] for row in output(fish, "--no-config", "-c", script, HOME=str(self.folder)).splitlines()]

    def test_it_is_fish(self):
        output(self.needs("fish"), "--no-config", "-n", self.script("fish"), HOME=str(self.folder))

    def test_words_are_completed(self):
        for before, last, offered in LINES:
            self.assertEqual(sorted(self.complete(f"{before} {last}")), sorted(offered), (before, last))
        self.assertEqual(self.complete("cvemu --tier=F"), ["--tier=F0"])

    def test_files_and_folders(self):
        (self.folder / "scenario.json").write_text("")
        (self.folder / "state").mkdir()
        self.assertEqual(self.complete(f"cvemu load {self.folder}/sce"), [f"{self.folder}/scenario.json"])
        self.assertEqual(self.complete(f"cvemu --location {self.folder}/s"), [f"{self.folder}/state/"])


class Zsh(Case):
    def complete(self, *words: str) -> "list[str]":
        """What is offered to zsh, of that what begins as the last word; zsh's own functions are played."""
        script = r"""compdef() { : }; _message() { : }; compset() { : }; _files() { print -r -- "_files $*" }
            _describe() { print -rl -- ${(P)@[-1]} }; compadd() { shift; print -rl -- $@ }
            source $1; shift; words=("$@"); CURRENT=$#; _cvemu"""
        rows = output(self.needs("zsh"), "-f", "-c", script, "zsh", self.script("zsh"), *words).splitlines()
        last = words[-1].split("=")[-1]
        return [name for name in (row.split(":")[0] for row in rows) if name.startswith((last, "_files"))]

    def test_it_is_zsh(self):
        output(self.needs("zsh"), "-n", self.script("zsh"))

    def test_words_are_completed(self):
        for before, last, offered in LINES:
            self.assertEqual(self.complete(*before.split(), last), offered, (before, last))
        self.assertEqual(self.complete("cvemu", "--tier=F"), ["F0"])
        self.assertEqual(self.complete("cvemu", "--tier=F0", "adv"), ["advance"])

    def test_files_and_folders_are_left_to_the_shell(self):
        for words in (["--ready-file"], ["load"], ["faults", "put", "busy"], ["health", "--ready-file"]):
            self.assertEqual(self.complete("cvemu", *words, ""), ["_files "], words)
        self.assertEqual(self.complete("cvemu", "--location", ""), ["_files -/"])
        self.assertEqual(self.complete("cvemu", "faults", "put", ""), [])


if __name__ == "__main__":
    unittest.main()
