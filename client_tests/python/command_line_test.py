"""The command line: what is refused and how it is said, which word counts, and what a refusal leaves behind."""
import contextlib
import hashlib
import json
import os
import pathlib
import re
import socket
import sqlite3
import subprocess
import tempfile
import unittest
import unittest.mock

from emulator import ROOT, Emulator

FREE_PORTS = ["--port", "0", "--blob-port", "0", "--queue-port", "0"]
NOBODY = "http://127.0.0.1:1"
# Of the libraries, and of the code.
FOREIGN_WORDS = re.compile(r"json\.exception|nlohmann|SQL|PRAGMA|malformed|required \w+ missing|Could not convert"
                           r"|terminate|what\(\)|: Connection$|std::|errno", re.MULTILINE)


class Case(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def run_it(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess:
        inherited = {name: value for name, value in os.environ.items()
                     if not name.startswith("CVEMU_") and name != "AZURITE_ACCOUNTS"}
        return subprocess.run([os.environ["CVEMU"], *arguments], capture_output=True, text=True, timeout=60,
                              env={**inherited, **environment})

    def refused(self, code: int, words: "list[str]", *arguments: str, **environment: str) -> str:
        result = self.run_it(*arguments, **environment)
        self.assertEqual(result.returncode, code, (arguments, result.stdout, result.stderr))
        self.assertEqual(result.stdout, "", arguments)
        self.assertTrue(result.stderr.startswith("cvemu"), result.stderr)
        self.assertNotRegex(result.stderr, FOREIGN_WORDS)
        for word in words:
            self.assertIn(word, result.stderr)
        return result.stderr

    def started(self, *options: str, **arguments) -> Emulator:
        emulator = Emulator(*options, **arguments)
        self.addCleanup(emulator.__exit__)
        return emulator

    def files(self) -> "dict[str, str]":
        return {str(path.relative_to(self.folder)): hashlib.sha256(path.read_bytes()).hexdigest()
                for path in sorted(self.folder.rglob("*")) if path.is_file()}


class Arguments(Case):
    def setUp(self):
        super().setUp()
        self.emulator = self.started("--frozen-clock", "--create-queue", "work")
        self.url = ["--url", self.emulator.endpoint]

    def done(self, *arguments: str):
        result = self.run_it(*arguments, *self.url) if "--" not in arguments else self.run_it(
            arguments[0], *self.url, *arguments[1:])
        self.assertEqual(result.returncode, 0, result.stderr)
        return json.loads(result.stdout) if result.stdout else None

    def texts(self) -> "list[str]":
        return [message["text"] for message in self.done("messages", "work")["messages"]]

    def test_behind_two_dashes_everything_is_an_argument(self):
        for text in ("-5", "--help", "--", "-"):
            self.done("put-message", "--", "work", text)
        self.done("put-message", "work", "--", "--url")
        self.assertEqual(sorted(self.texts()), sorted(["-5", "--help", "--", "-", "--url"]))
        self.refused(2, ["one argument too many"], "put-message", *self.url, "--", "work", "a", "b")
        self.refused(2, ["unknown option -x", "behind --"], "put-message", *self.url, "work", "-x")

    def test_a_text_is_taken_as_it_was_written(self):
        written = ["{}", "[1,2]", "", "{\"a\": [1]}", "%%", "a,b", "\"q\""]
        for text in written:
            self.done("put-message", "work", text)
        self.assertEqual(sorted(self.texts()), sorted(written))

    def test_what_is_needed_and_missing_is_an_error_and_nothing_is_sent(self):
        before = self.done("state", "--full", "1")
        for line, name in [(["put-message", "work"], "text"), (["put-message"], "queue"), (["trigger"], "type"),
                           (["explain"], "iteration"), (["redeliver"], "id"), (["snapshot"], "name"),
                           (["advance"], "by, to, until"), (["timeline"], "project, iteration, message"),
                           (["clock", "set"], "mode, rate, at"), (["transitions", "set", "training"], "status"),
                           (["transitions", "show"], "kind"), (["identity", "set"], "managedIdentity"),
                           (["faults", "add"], "FILE"), (["wait-for"], "for"), (["show-message", "work"], "id"),
                           (["blob", "models"], "name")]:
            self.refused(2, [name, f"cvemu help {line[0]}"], *line, *self.url)
        self.refused(2, ["--seed needs a value"], "--seed")
        self.assertEqual(self.done("state", "--full", "1"), before)

    def test_every_option_of_every_command_is_explained(self):
        def listed(text: str) -> "list[str]":
            return [line for line in text.splitlines() if re.match(r"  (-|[a-zA-Z]+ TEXT)", line)]

        def unexplained(text: str) -> "list[str]":
            lines, bare = text.splitlines() + [""], r"  \S+(?: (?:[A-Z]+\S*|\[\S*\]|\.\.\.|\(Env:\w+\)))*"
            return [line for line in listed(text) if re.fullmatch(bare, line)
                    and not re.match(r" {20,}\S", lines[lines.index(line) + 1])]

        names = re.findall(r"^  ([a-z-]+) +\S", self.run_it("help").stdout.split("Commands for a running")[1], re.M)
        self.assertGreater(len(names), 40)
        self.assertEqual(unexplained(self.run_it("--help").stdout), [])
        for name in names:
            text = self.run_it("help", name).stdout
            self.assertTrue(listed(text), name)
            self.assertEqual(unexplained(text), [], name)
            below = text.split("Subcommands:")[1] if "Subcommands:" in text else ""
            for inner in re.findall(r"^  ([a-z-]+) +\S", below, re.M):
                self.assertEqual(unexplained(self.run_it("help", name, inner).stdout), [], (name, inner))

    def test_a_guess_is_near_or_there_is_a_list(self):
        self.refused(2, ["did you mean put-message?"], "put-mesage", "work", "x")
        self.refused(2, ["did you mean --visibleIn?"], "put-message", "--visibleInn", "1h", "work", "x")
        self.refused(2, ["did you mean add?"], "faults", "ad")
        for line, known in [(["banana"], "journal"), (["--banana"], "--queue-port"),
                            (["journal", "--banana", "1"], "--limit"), (["faults", "banana"], "catalog")]:
            self.assertNotIn("did you mean", self.refused(2, ["there is:", known], *line))
        self.assertNotIn("Did you mean", self.refused(1, ["customvision"], "journal", "--service", "banana", *self.url))
        self.refused(2, ["did you mean frozen?"], *FREE_PORTS, "--clock", "frozn")
        self.refused(2, ["there is: text, json"], *FREE_PORTS, "--output", "xml")

    def test_values_that_cannot_be_are_named_in_plain_words(self):
        self.refused(2, ["--seed", "\"abc\" is not a whole number"], *FREE_PORTS, "--seed", "abc")
        self.refused(2, ["--seed", "\"-1\" is not a whole number"], *FREE_PORTS, "--seed", "-1")
        self.refused(2, ["--journal-max", "-1"], *FREE_PORTS, "--journal-max", "-1")
        self.refused(2, ["--port", "\"abc\" is not a whole number from 0 to 65535"], "--port", "abc")
        self.refused(2, ["--port", "70000"], "--port", "70000")
        self.refused(2, ["--clock-rate", "number above 0"], *FREE_PORTS, "--clock-rate", "-1")
        self.refused(2, ["CVEMU_CLOCK", "frozn"], *FREE_PORTS, CVEMU_CLOCK="frozn")
        self.refused(2, ["rate", "not JSON"], "clock", "set", "scaled", "--rate", "fast", *self.url)
        self.refused(2, ["http or https"], "info", "--url", "nonsense")
        self.refused(1, ["nobody listens"], "info", "--url", NOBODY)

    def test_ready_files_that_say_nothing(self):
        for text in ("", "{", "[]", "{}", '{"endpoints": 5}', '{"endpoints": {"customVision": 7}}', "null"):
            file = self.folder / "ready.json"
            file.write_text(text)
            self.refused(1, ["ready.json is not the ready file"], "info", "--ready-file", str(file))
        self.refused(1, ["none.json is not there"], "info", "--ready-file", str(self.folder / "none.json"))
        self.refused(6, ["none.json is not there"], "wait", "--timeout", "10ms", "--ready-file",
                     str(self.folder / "none.json"))

    def test_files_that_cannot_be_read_or_written(self):
        self.refused(2, ["cannot be read"], "load", str(self.folder), *self.url)
        self.refused(2, ["cannot be read"], "import", str(self.folder / "none"), *self.url)
        self.refused(2, ["cannot be written"], "export", str(self.folder / "none" / "archive"), *self.url)


class Verbs(Case):
    def setUp(self):
        super().setUp()
        self.emulator = self.started("--frozen-clock", "--create-queue", "work")

    def json(self, *arguments: str):
        result = self.run_it(*arguments, CVEMU_URL=self.emulator.endpoint)
        self.assertEqual(result.returncode, 0, result.stderr)
        return json.loads(result.stdout) if result.stdout else None

    def test_clock_set(self):
        self.assertEqual(self.json("clock", "set", "scaled", "--rate", "60")["rate"], 60)
        self.assertEqual(self.json("clock", "set", "real")["mode"], "real")
        frozen = self.json("clock", "set", "frozen", "--at", "2030-01-01T00:00:00Z")
        self.assertEqual((frozen["mode"], frozen["now"][:10]), ("frozen", "2030-01-01"))
        self.assertEqual(self.json("clock", "set", "automatic")["mode"], "automatic")
        self.refused(1, ["Did you mean", "frozen"], "clock", "set", "frozn", CVEMU_URL=self.emulator.endpoint)

    def test_transitions(self):
        self.json("transitions", "set", "training", "--status", "Failed", "--details", "No memory.", "--hold")
        script = self.json("transitions", "show", "training")
        self.assertEqual(script["outcomes"], [{"status": "Failed", "details": "No memory.", "hold": True}])
        file = self.folder / "script.json"
        file.write_text(json.dumps({"outcomes": [{"delay": "6h"}, {"status": "Failed"}], "then": "cycle"}))
        self.json("transitions", "script", "export", str(file))
        listed = self.json("transitions")["transitions"]
        self.assertEqual(sorted((row["kind"], row["then"]) for row in listed),
                         [("export", "cycle"), ("training", "repeatLast")])
        self.json("transitions", "clear", "training")
        self.assertEqual([row["kind"] for row in self.json("transitions")["transitions"]], ["export"])

    def test_identity(self):
        self.json("identity", "set", "--managedIdentity", "false", "--queueRole", "false")
        identity = self.json("identity")
        self.assertIs(identity["managedIdentity"], False)
        self.assertIs(identity["roles"]["Storage Queue Data Contributor"], False)
        self.assertIs(identity["roles"]["Storage Blob Data Contributor"], True)

    def test_messages_are_shown_expired_and_removed(self):
        ids = [self.json("put-message", "work", text, "--visibleIn", "1h")["id"] for text in "abc"]
        self.json("show-message", "work", ids[0])
        self.json("expire-message", "work", ids[1])
        self.json("remove-message", "work", ids[2])
        left = self.json("messages", "work")["messages"]
        self.assertEqual([(message["text"], message["visible"]) for message in left], [("a", True)])

    def test_faults_journal_snapshots_and_waiting(self):
        file = self.folder / "fault.json"
        file.write_text(json.dumps({"match": {"operation": "CreateProject"}, "action": {"type": "status", "status": 503}}))
        self.json("faults", "put", "busy", str(file))
        self.assertEqual(self.json("faults", "show", "busy")["id"], "busy")
        self.assertIn("busy", json.dumps(self.json("faults", "try", "--operation", "CreateProject")))
        entry = self.json("journal", "--limit", "1")["entries"][0]
        self.assertEqual(self.json("journal", "show", str(entry["seq"]))["operation"], entry["operation"])
        self.assertGreater(self.json("journal", "count", "--operation", entry["operation"])["requests"], 0)
        self.json("snapshot", "one")
        self.assertEqual(self.json("snapshots", "show", "one")["name"], "one")
        self.json("wait-for", '{"idle": true}', "--timeout", "5s")
        self.json("put-message", "work", "hello")
        self.json("wait-for", '{"message": {"queue": "work"}}')


class Environment(Case):
    """A word on the line goes before each variable, also one of another option that says the same."""

    def setUp(self):
        super().setUp()
        self.ready = str(self.folder / "ready.json")
        self.token = ["--control-token", "right"]

    def test_the_ready_file_of_the_line_goes_before_the_url_of_the_environment(self):
        self.started("--ready-file", self.ready, *self.token)
        for line in (["health", "--ready-file", self.ready], ["--ready-file", self.ready, "health"]):
            for environment in ({"CVEMU_URL": NOBODY}, {"CVEMU_READY_FILE": "/none"}, {"CVEMU_CONTROL_TOKEN": "wrong"}):
                result = self.run_it(*line, **environment)
                self.assertEqual(result.returncode, 0, (line, environment, result.stderr))
        self.assertEqual(self.run_it("health", CVEMU_READY_FILE=self.ready, CVEMU_URL=NOBODY).returncode, 6)
        self.assertEqual(self.run_it("health", *self.token, CVEMU_READY_FILE=self.ready,
                                     CVEMU_CONTROL_TOKEN="wrong").returncode, 0)

    def test_the_url_of_the_line_goes_before_all(self):
        emulator = self.started()
        result = self.run_it("health", "--url", emulator.endpoint, CVEMU_URL=NOBODY, CVEMU_READY_FILE="/none")
        self.assertEqual(result.returncode, 0, result.stderr)

    def mode_with(self, *options: str, **environment: str) -> str:
        with unittest.mock.patch.dict(os.environ, environment):
            with Emulator(*options) as emulator:
                return emulator.control("clock")["mode"]

    def test_options_of_the_start(self):
        self.assertEqual(self.mode_with("--frozen-clock", CVEMU_CLOCK="real"), "frozen")
        self.assertEqual(self.mode_with("--clock", "automatic", CVEMU_CLOCK="real"), "automatic")
        self.assertEqual(self.mode_with(CVEMU_CLOCK="frozen"), "frozen")
        state = self.folder / "state"
        self.mode_with("--inMemoryPersistence", CVEMU_LOCATION=str(state))
        self.assertFalse(state.exists())
        self.mode_with(CVEMU_LOCATION=str(state))
        self.assertTrue((state / "cvemu.sqlite3").exists())

    def test_a_wrong_variable_is_nothing_beside_a_right_word(self):
        self.assertEqual(self.mode_with("--clock", "frozen", "--seed", "1", CVEMU_CLOCK="x", CVEMU_SEED="x"),
                         "frozen")


class Start(Case):
    """All options are looked at before anything is opened or made."""

    def test_a_wrong_option_leaves_nothing_behind(self):
        bad = self.folder / "bad.json"
        bad.write_text('{\n"queus": []}')
        cert = self.folder / "cert.pem"
        cert.write_text("no certificate")
        before = self.files()
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = str(taken.getsockname()[1])
            for code, wrong in [(2, ["--tier", "S9"]), (2, ["--accounts", "name:not base64!"]),
                                (2, ["--storage-account", "nonsense"]), (2, ["--clock-at", "noon"]),
                                (2, ["--idle-timeout", "soon"]), (2, ["--cert", str(cert), "--key", str(cert)]),
                                (2, ["--cert", str(self.folder / "none.pem")]), (2, ["--scenario", "/none.json"]),
                                (2, ["--scenario", str(self.folder)]), (5, ["--scenario", str(bad)]),
                                (2, ["--allow-folder", "/none"]), (2, ["--create-queue", "B A D"]),
                                (2, ["--ready-file", str(self.folder / "none" / "x")]),
                                (2, ["--ready-file", str(self.folder)]), (2, ["--env-file", str(self.folder)]),
                                (2, ["--debug", str(self.folder / "none" / "log")]), (2, ["--debug", str(self.folder)])]:
                self.refused(code, [wrong[0].lstrip("-") if code == 2 else "line 2"], "--port", port, "--blob-port", "0",
                             "--queue-port", "0", "--location", str(self.folder / "state"),
                             *(["--debug", str(self.folder / "log")] if wrong[0] != "--debug" else []),
                             *(["--ready-file", str(self.folder / "ready")] if wrong[0] != "--ready-file" else []), *wrong)
                self.assertEqual(self.files(), before, wrong)
                self.assertFalse((self.folder / "state").exists(), wrong)

    def test_two_endpoints_cannot_have_one_port(self):
        self.refused(2, ["--port and --queue-port are both 4711"], "--port", "4711", "--queue-port", "4711",
                     "--blob-port", "0")

    def test_an_unwritable_ready_file_is_known_before_the_banner(self):
        for option in ("--ready-file", "--env-file"):
            self.refused(2, [option, "does not exist"], *FREE_PORTS, option, str(self.folder / "none" / "x"))

    def test_a_start_that_fails_leaves_the_ready_file_of_another(self):
        ready = self.folder / "ready.json"
        first = self.started("--ready-file", str(ready))
        port = first.endpoint.rsplit(":", 1)[1]
        text = ready.read_text()
        self.refused(3, [port], "--port", port, "--blob-port", "0", "--queue-port", "0", "--ready-file", str(ready))
        self.assertEqual(ready.read_text(), text)
        self.assertEqual(os.listdir(self.folder), ["ready.json"])

    def test_a_taken_port_says_who_has_it(self):
        first = self.started("--control-token", "secret")
        for url, option in [(first.endpoint, "--port"), (first.ready["endpoints"]["blob"], "--blob-port"),
                            (first.ready["endpoints"]["queue"], "--queue-port")]:
            port = re.search(r":(\d+)", url).group(1)
            ports = [word for name in ("--port", "--blob-port", "--queue-port")
                     for word in (name, port if name == option else "0")]
            self.refused(3, [port, "another cvemu", f"choose another one with {option}"], *ports)
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            port = str(other.getsockname()[1])
            said = self.refused(3, [port, "in use", "--queue-port"], "--port", "0", "--blob-port", "0", "--queue-port", port)
            self.assertNotIn("cvemu (", said)
        self.refused(3, ["203.0.113.1", "this machine does not have"], *FREE_PORTS, "--host", "203.0.113.1")

    def test_azurites_options_without_effect_are_named_once(self):
        with tempfile.TemporaryFile("w+") as errors:
            with Emulator("--skipApiVersionCheck", "--extentMemoryLimit", "64", "--loose", stderr=errors):
                pass
            errors.seek(0)
            lines = [line for line in errors.read().splitlines() if "without effect" in line]
        self.assertEqual(len(lines), 1)
        for name in ("--skipApiVersionCheck", "--extentMemoryLimit"):
            self.assertIn(name, lines[0])
        self.assertNotIn("--loose", lines[0])


class Location(Case):
    def refuse(self, words: "list[str]", location: "pathlib.Path | None" = None) -> None:
        self.refused(4, [str(location or self.folder), *words], *FREE_PORTS, "--location", str(location or self.folder))

    def foreign(self, *statements: str) -> None:
        with contextlib.closing(sqlite3.connect(self.folder / "cvemu.sqlite3")) as connection:
            for statement in statements:
                connection.execute(statement)
            connection.commit()

    def test_a_database_of_another_program_is_refused_and_left_as_it_is(self):
        for statements in (["CREATE TABLE notes (text)", "INSERT INTO notes VALUES ('mine')"],
                           ["PRAGMA user_version=5", "CREATE TABLE notes (text)"], ["PRAGMA application_id=77"],
                           ["PRAGMA journal_mode=WAL", "CREATE TABLE notes (text)"]):
            for file in self.folder.iterdir():
                file.unlink()
            self.foreign(*statements)
            before = self.files()
            self.refuse(["another program"])
            self.assertEqual(self.files(), before, statements)

    def test_what_is_no_database_is_refused_and_left_as_it_is(self):
        for content in (b"hello", b"x" * 10000, b"SQLite format 3\0" + b"\xff" * 5000):
            (self.folder / "cvemu.sqlite3").write_bytes(content)
            before = self.files()
            self.refuse(["cvemu.sqlite3"])
            self.assertEqual(self.files(), before)

    def test_a_damaged_file_of_ours_is_named(self):
        with Emulator("--location", str(self.folder)):
            pass
        file = self.folder / "cvemu.sqlite3"
        file.write_bytes(file.read_bytes()[:4096] + b"\xff" * (file.stat().st_size - 4096))
        self.refuse(["damaged"])

    def test_files_and_folders_that_cannot_be_used(self):
        (self.folder / "file").write_text("")
        self.refuse(["a file and no folder"], self.folder / "file")
        self.refuse(["cannot be made", "a file and no folder"], self.folder / "file" / "below")
        (self.folder / "taken" / "cvemu.sqlite3").mkdir(parents=True)
        self.refuse(["it is a folder"], self.folder / "taken")

    def test_an_empty_file_becomes_ours(self):
        (self.folder / "cvemu.sqlite3").write_bytes(b"")
        with Emulator("--location", str(self.folder)) as emulator:
            self.assertEqual(emulator.control("health")["status"], "ready")

    @unittest.skipUnless(os.geteuid() == 0, "needs another user")
    def test_without_rights(self):
        binary = self.folder / "cvemu"
        binary.write_bytes(pathlib.Path(os.environ["CVEMU"]).read_bytes())
        for path, mode in ((binary, 0o755), (self.folder, 0o755)):
            path.chmod(mode)
        with Emulator("--location", str(self.folder / "ours")):
            pass

        def tried(location: pathlib.Path) -> str:
            result = subprocess.run([str(binary), *FREE_PORTS, "--location", str(location)], capture_output=True,
                                    text=True, timeout=60, user=65534, group=65534, env={"PATH": os.environ["PATH"]})
            self.assertEqual(result.returncode, 4, result.stderr)
            self.assertNotRegex(result.stderr, FOREIGN_WORDS)
            return result.stderr

        self.assertIn("you have no right to", tried(self.folder / "new"))
        before = self.files()
        self.assertIn("you have no right to", tried(self.folder / "ours"))
        (self.folder / "ours").chmod(0o777)
        self.assertIn("you have no right to", tried(self.folder / "ours"))
        self.assertEqual(self.files(), before)


class Tour(Case):
    def test_without_its_file_it_says_a_sentence(self):
        for name, text in [("none.json", None), ("odd.json", "[1]"), ("empty.json", "")]:
            if text is not None:
                (self.folder / name).write_text(text)
            result = subprocess.run([str(ROOT / "tools" / "tour"), "--ready", str(self.folder / name)],
                                    capture_output=True, text=True, timeout=60)
            self.assertEqual(result.returncode, 2)
            self.assertIn("--ready-file", result.stderr)
            self.assertNotIn("Traceback", result.stderr)


if __name__ == "__main__":
    unittest.main()
