"""The program as its own client: the commands for a running emulator, their output and exit codes."""
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

from emulator import Emulator

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
