"""The program as its own client: the commands for a running emulator, their output and exit codes."""
import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

from emulator import Emulator, Temporary

NOBODY = "http://127.0.0.1:1"


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess:
    inherited = {name: value for name, value in os.environ.items() if name != "CVEMU_URL"}
    return subprocess.run([os.environ["CVEMU"], *arguments], capture_output=True, text=True, timeout=60,
                          env={**inherited, **environment})


class Commands(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.ready = pathlib.Path(folder.name) / "ready.json"
        self.dotenv = pathlib.Path(folder.name) / ".env"
        self.emulator = Emulator("--ready-file", str(self.ready), "--env-file", str(self.dotenv), "--frozen-clock",
                                 "--create-queue", "work", "--create-container", "models")
        self.addCleanup(self.emulator.__exit__)
        self.url = ["--url", self.emulator.endpoint]

    def done(self, *arguments: str, **environment: str) -> str:
        result = run(*arguments, **environment)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout

    def test_it_is_found_by_option_environment_and_ready_file(self):
        for arguments, environment in [(self.url, {}), ([], {"CVEMU_URL": self.emulator.endpoint}),
                                       (["--ready-file", str(self.ready)], {}),
                                       ([], {"CVEMU_READY_FILE": str(self.ready)})]:
            answer = json.loads(self.done("health", *arguments, **environment))
            self.assertEqual(answer["status"], "ready")

    def test_wait_and_health_answer_six_when_nobody_is_there(self):
        self.assertEqual(self.done("wait", *self.url), "")
        for arguments in (["wait", "--timeout", "100ms", "--url", NOBODY], ["health", "--url", NOBODY],
                          ["wait", "--timeout", "100ms", "--ready-file", str(self.ready) + ".none"]):
            result = run(*arguments)
            self.assertEqual(result.returncode, 6, result.stderr)
            self.assertNotEqual(result.stderr, "")

    def test_wait_returns_when_the_emulator_starts_later(self):
        later = str(self.ready) + ".later"
        waiting = subprocess.Popen([os.environ["CVEMU"], "wait", "--ready-file", later], stderr=subprocess.PIPE)
        with Emulator("--ready-file", later):
            self.assertEqual(waiting.wait(timeout=60), 0)
        waiting.stderr.close()

    def test_wrong_use_is_two_and_a_refusal_is_one(self):
        self.assertEqual(run("advance", "--ulr", "x").returncode, 2)
        self.assertEqual(run("wait", "--timeout", "soon", *self.url).returncode, 2)
        self.assertEqual(run("messages", *self.url).returncode, 2)
        result = run("messages", "wrok", *self.url)
        self.assertEqual(result.returncode, 1)
        self.assertIn("wrok", result.stderr)
        self.assertEqual(run("info", "--url", NOBODY).returncode, 1)

    def test_help_explains_and_sends_nothing(self):
        commands = re.findall(r"^  ([a-z-]+) +\S", self.done("help").split("Commands for a running emulator")[1], re.M)
        self.assertIn("shutdown", commands)
        before = self.done("state", "--full", "1", *self.url)
        for command in commands:
            explained = run("help", command, *self.url)
            self.assertEqual(explained.returncode, 0, explained.stderr)
            self.assertTrue(explained.stdout.strip(), command)
            self.assertEqual(explained.stdout, self.done(command, "--help"))
        self.assertIn("FILE", self.done("help", "faults", "add"))
        self.assertEqual(self.done("state", "--full", "1", *self.url), before)
        wrong = run("help", "faults", "ad")
        self.assertEqual(wrong.returncode, 2)
        self.assertIn("cvemu faults ad", wrong.stderr)

    def test_a_line_has_one_command(self):
        """What stands behind a command is its argument, or an error; it is never a second command."""
        before = self.done("state", "--full", "1", *self.url)
        for line in (["health", "shutdown"], ["clock", "reset"], ["faults", "clear", "reset"], ["reset", "shutdown"],
                     ["serve", "reset"], ["--list-operations", "shutdown"], ["jobs", "help"],
                     ["faults", "catalog", "clear"]):
            result = run(*line, CVEMU_URL=self.emulator.endpoint)
            self.assertEqual(result.returncode, 2, line)
            self.assertNotEqual(result.stderr, "", line)
        self.assertEqual(self.done("state", "--full", "1", *self.url), before)

    def test_a_name_may_be_that_of_a_command(self):
        for name in ("reset", "shutdown", "remove", "help"):
            self.assertEqual(json.loads(self.done("snapshot", name, *self.url))["name"], name)
            self.done("restore", name, *self.url)
            self.done("snapshots", "remove", name, *self.url)
        self.done("put-message", "work", "shutdown", *self.url)
        self.assertEqual(json.loads(self.done("messages", "work", *self.url))["messages"][0]["text"], "shutdown")

    def test_advance_moves_the_clock(self):
        before = json.loads(self.done("clock", *self.url))["now"]
        after = json.loads(self.done("advance", "10m", *self.url))["now"]
        self.assertNotEqual(before, after)
        self.done("advance", "--until", "idle", *self.url)

    def test_env_speaks_the_forms_of_shells_and_files(self):
        self.assertIn(f"export VISION_TRAINING_ENDPOINT='{self.emulator.endpoint}'", self.done("env", *self.url))
        self.assertEqual(self.done("env", "--format", "dotenv", *self.url), self.dotenv.read_text())
        connection = json.loads(self.done("env", "--format", "json", *self.url))
        self.assertEqual(connection["storageConnectionString"], self.emulator.connection_string)
        shown = subprocess.run(["sh", "-c", f'eval "$({os.environ["CVEMU"]} env --url {self.emulator.endpoint})"; '
                                            'printf %s "$AZURE_STORAGE_CONNECTION_STRING"'],
                               capture_output=True, text=True, timeout=60)
        self.assertEqual(shown.stdout, self.emulator.connection_string)

    def test_messages_are_put_and_seen(self):
        self.done("put-message", "work", "hello you", "--visibleIn", "1h", *self.url)
        seen = json.loads(self.done("messages", "work", *self.url))["messages"]
        self.assertEqual([(message["text"], message["visible"]) for message in seen], [("hello you", False)])
        self.assertEqual(json.loads(self.done("queues", *self.url))["queues"], [{"name": "work", "messages": 1}])
        self.assertEqual(json.loads(self.done("blobs", "models", *self.url))["blobs"], [])

    def test_shutdown_ends_it_with_zero(self):
        self.done("shutdown", "--drain", *self.url)
        self.assertEqual(self.emulator.process.wait(timeout=30), 0)
        self.emulator.process.stdout.close()
        self.assertFalse(self.dotenv.exists())


SCENARIO = {
    "queues": ["notifications"], "containers": ["models"],
    "projects": [{"name": "Hemlock", "domain": "General (compact)", "notificationQueue": "notifications",
                  "tags": ["Hemlock", "Cherry"],
                  "images": [{"tag": "Hemlock", "count": 5}, {"tag": "Cherry", "count": 5}],
                  "iterations": [{"status": "Training"}]}],
}
FAULT = {"id": "busy", "match": {"operation": "TrainProject"}, "action": {"type": "status", "status": 503}}


class EveryCommand(Temporary):
    """Each command does what it says, and ends with the exit code that it promises when it cannot."""

    def setUp(self):
        super().setUp()
        self.emulator = self.start("--clock", "frozen", "--scenario", self.file("scenario.json", SCENARIO))

    def run_it(self, *arguments: str) -> subprocess.CompletedProcess:
        return run(*arguments, CVEMU_URL=self.emulator.endpoint)

    def text(self, *arguments: str) -> str:
        result = self.run_it(*arguments)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout

    def json(self, *arguments: str):
        return json.loads(self.text(*arguments))

    def fails(self, code: int, words: str, *arguments: str) -> None:
        result = self.run_it(*arguments)
        self.assertEqual(result.returncode, code, (arguments, result.stdout, result.stderr))
        self.assertIn(words, result.stderr)

    def test_help_lists_them_all_and_each_is_tested(self):
        listed = self.text("help").split("Commands for a running emulator:")[1]
        names = re.findall(r"^  (\S+)", listed, re.MULTILINE)
        self.assertGreater(len(names), 30)
        source = "".join(path.read_text("utf-8") for path in pathlib.Path(__file__).parent.glob("com*_test.py"))
        self.assertEqual([name for name in names if f'"{name}"' not in source], [])
        self.fails(2, "did you mean journal", "jurnal")

    def test_public_endpoints_are_shown_and_set(self):
        self.assertEqual(self.json("public-endpoints", "set", "--blob", "http://localhost:49153")["blob"],
                         "http://localhost:49153")
        self.assertEqual(self.json("public-endpoints"),
                         {"customVision": None, "blob": "http://localhost:49153", "queue": None})
        self.assertEqual(self.json("env", "--format", "json")["endpoints"]["blob"],
                         "http://localhost:49153/devstoreaccount1")
        self.fails(2, "one of these is needed: customVision", "public-endpoints", "set")

    def test_state_is_kept_restored_exported_emptied(self):
        def projects() -> int:
            return len(self.json("projects")["projects"])

        archive = str(self.folder / "archive")
        self.assertEqual(self.json("snapshot", "clean")["name"], "clean")
        self.text("export", archive)
        self.assertEqual(self.json("state")["projects"], 1)
        self.assertEqual(self.json("reset")["removed"]["projects"], 1)
        self.assertEqual(projects(), 0)
        self.text("restore", "clean")
        self.assertEqual(projects(), 1)
        self.text("reset", "--scope", "projects", "--scope", "journal")
        self.assertEqual(projects(), 0)
        self.text("import", archive)
        self.assertEqual(projects(), 1)
        self.assertIn("Hemlock", self.text("state", "--full", "1"))
        self.assertEqual(len(self.json("snapshots")["snapshots"]), 1)
        self.text("snapshots", "remove", "clean")
        self.fails(1, "clean", "restore", "clean")
        self.fails(1, "clean", "snapshots", "remove", "clean")
        self.fails(1, "queues", "reset", "--scope", "queus")
        self.fails(1, "0", "state", "--full", "2")
        self.fails(2, "name", "snapshot")
        self.fails(2, "written", "export", str(self.folder / "none" / "archive"))
        self.fails(5, "archive", "import", self.file("rubbish", "rubbish"))

    def test_scenarios_are_checked_and_loaded(self):
        good = self.file("good.json", {"queues": ["more"]})
        wrong = self.file("wrong.json", '{\n"queus": []}')
        self.assertEqual(run("validate", good).returncode, 0)
        self.assertEqual(run("validate", wrong).returncode, 5)
        self.fails(5, "line 2", "load", wrong)
        self.fails(2, "none.json", "load", str(self.folder / "none.json"))
        self.text("load", good)
        self.assertIn("more", self.text("queues"))

    def test_operations_are_decided(self):
        def pending():
            return self.json("operations", "--project", "Hemlock", "--kind", "training")["operations"]

        self.text("snapshot", "training")
        for verb, status in [("complete", "Completed"), ("fail", "Failed")]:
            [operation] = pending()
            self.text("operations", "hold", operation["id"])
            self.text("advance", "1h")
            self.assertTrue(pending()[0]["held"])
            details = ["--details", "by hand"] if verb == "fail" else []
            self.text("operations", verb, operation["id"], *details)
            self.assertEqual(self.json("projects")["projects"][0]["iterations"][0]["status"], status)
            self.fails(1, "pending", "operations", verb, operation["id"])
            self.text("restore", "training")
        [operation] = pending()
        self.text("operations", "hold", operation["id"])
        self.text("operations", "release", operation["id"])
        self.text("advance", "1h")
        self.assertEqual(pending(), [])
        self.fails(1, "training", "operations", "--kind", "trainig")
        self.fails(2, "id", "operations", "complete")

    def test_notifications_by_hand(self):
        def count() -> int:
            return self.json("messages", "notifications")["messages"].__len__()

        before = count()
        self.text("trigger", "Training", "--project", "Hemlock", "--status", "TrainingFailed", "--withState")
        project = self.json("projects")["projects"][0]
        iteration = project["iterations"][0]
        self.assertEqual((iteration["status"], count()), ("Failed", before + 1))
        self.text("redeliver", iteration["id"])
        self.assertEqual(count(), before + 2)
        self.assertIn("delivered 2 times", self.text("explain", iteration["id"]))
        self.assertIn("notification.enqueued", self.text("timeline", "--project", "Hemlock"))
        self.fails(1, "Training", "trigger", "Trainig", "--project", "Hemlock")
        self.fails(1, "journal", "redeliver", "nothing")
        self.fails(1, "", "explain", "nothing")
        self.fails(2, "project, iteration, message", "timeline")
        self.assertEqual(self.json("jobs")["jobs"], [])

    def test_faults_are_added_and_removed(self):
        self.assertIn("status", self.text("faults", "catalog"))
        self.text("faults", "add", self.file("fault.json", FAULT))
        self.assertEqual([fault["id"] for fault in self.json("faults")["faults"]], ["busy"])
        self.text("faults", "remove", "busy")
        self.fails(1, "busy", "faults", "remove", "busy")
        self.text("faults", "add", self.file("fault.json", FAULT))
        self.text("faults", "clear")
        self.assertEqual(self.json("faults")["faults"], [])
        self.fails(5, "TrainProject", "faults", "add",
                   self.file("wrong.json", {"match": {"operation": "TrainProjct"}, "action": {"type": "status"}}))

    def test_the_journal_is_read_in_each_form_and_verified(self):
        lines = self.text("journal", "--format", "ndjson", "--operation", "TrainProject").splitlines()
        self.assertEqual([json.loads(line)["operation"] for line in lines], ["TrainProject"])
        self.assertIn("log", self.json("journal", "--format", "har"))
        self.assertTrue(self.text("journal", "--format", "curl", "--limit", "1").startswith("curl"))
        self.assertGreater(len(self.json("journal")["entries"]), 1)
        self.fails(1, "TrainProject", "journal", "--operation", "TrainProjct")
        expected = {"expect": [{"match": {"operation": "TrainProject"}, "requests": 1}]}
        self.text("verify", self.file("expected.json", expected))
        self.text("journal", "clear")
        self.fails(7, "TrainProject", "verify", self.file("expected.json", expected))
        self.fails(5, "expect", "verify", self.file("wrong.json", {}))

    def test_predictions_are_set(self):
        rules = {"rules": [{"project": "Hemlock", "predictions": [{"tagName": "Cherry", "probability": 0.5}]}]}
        self.text("predictions", "set", self.file("rules.json", rules))
        self.assertEqual(self.json("predictions")["rules"][0]["predictions"], rules["rules"][0]["predictions"])
        self.fails(5, "rules", "predictions", "set", self.file("wrong.json", {}))
        self.text("predictions", "clear")
        self.assertEqual(self.json("predictions")["rules"], [])

    def test_what_there_is_to_look_at(self):
        self.assertIn("/_emulator/wait", json.loads(run("openapi").stdout)["paths"])
        self.assertEqual(self.json("containers")["containers"], [{"name": "models"}])
        self.assertIn("seed", self.json("info"))
        self.fails(1, "none", "blob", "models", "none")
        self.fails(1, "models", "blobs", "model")


class Idle(unittest.TestCase):
    def test_it_ends_by_itself_when_nobody_asks(self):
        emulator = Emulator("--idle-timeout", "200ms")
        self.assertEqual(emulator.process.wait(timeout=60), 0)
        emulator.process.stdout.close()
        self.assertEqual(run("--idle-timeout", "soon").returncode, 2)


class Orphans(unittest.TestCase):
    def test_exit_with_parent(self):
        with tempfile.TemporaryDirectory() as folder:
            ready = pathlib.Path(folder) / "ready.json"
            # The shell ends as soon as the emulator is ready; then nobody is left to end the emulator. The pipe is
            # at its end when both are gone.
            shell = subprocess.Popen(["sh", "-c", f'"$CVEMU" --exit-with-parent --port 0 --blob-port 0 --queue-port 0 '
                                                  f'--ready-file {ready} & "$CVEMU" wait --ready-file {ready}'],
                                     stdout=subprocess.PIPE)
            shell.communicate(timeout=60)
            self.assertEqual(shell.returncode, 0)
            self.assertFalse(ready.exists())


if __name__ == "__main__":
    unittest.main()
