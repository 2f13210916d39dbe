"""The program: options, exit codes, ready file, signals, and what survives kill -9."""
import base64
import json
import os
import pathlib
import subprocess
import tempfile
import unittest
import urllib.request

from emulator import Emulator, images

FREE_PORTS = ["--port", "0", "--blob-port", "0", "--queue-port", "0"]


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run([os.environ["CVEMU"], *arguments], capture_output=True, text=True, timeout=30,
                          env={**os.environ, **environment})


def call(emulator: Emulator, method: str, path: str, body: "dict | None" = None):
    request = urllib.request.Request(f"{emulator.endpoint}/customvision/v3.3/training{path}", method=method,
                                     data=None if body is None else json.dumps(body).encode(),
                                     headers={"Training-key": "any", "Content-Type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        text = answer.read()
        return json.loads(text) if text else None


class Usage(unittest.TestCase):
    def refused(self, code: int, words: "list[str]", *arguments: str, **environment: str):
        result = run(*arguments, **environment)
        self.assertEqual(result.returncode, code, result.stderr)
        self.assertEqual(result.stdout, "")
        for word in words:
            self.assertIn(word, result.stderr)

    def test_unknown_option_names_the_nearest(self):
        self.refused(2, ["--queue-prot", "--queue-port"], "--queue-prot", "1")

    def test_bad_values_name_the_option(self):
        self.refused(2, ["--blob-port"], "--blob-port", "abc")
        self.refused(2, ["--port"], "--port", "70000")
        self.refused(2, ["--training-time", "soon"], "--training-time", "soon")
        self.refused(2, ["notification-encoding"], "--notification-encoding", "rot13")
        self.refused(2, ["--location"], "--inMemoryPersistence", "--location", "/tmp/x")
        self.refused(2, ["name"], *FREE_PORTS, AZURITE_ACCOUNTS="name:not base64!")

    def test_a_name_that_cannot_be_created_is_refused_before_anything_opens(self):
        for option in ("--create-queue", "--create-container"):
            for name in ("BAD NAME", "a b", "ab", "x/y", "[", ""):
                with tempfile.TemporaryDirectory() as folder:
                    self.refused(2, [option, name, "3 to 63"], *FREE_PORTS, option, name, "--location", folder)
                    self.assertEqual(os.listdir(folder), [])

    def test_a_deep_or_broken_scenario_is_refused_with_its_line(self):
        deep = '{"queues": ["work"],\n"projects": ' + "[" * 8000 + "]" * 8000 + ',\n"containers": []}'
        for text, words in [(deep, ["line 2", "64 levels"]), ('{"queues": ["BAD NAME"]}', ["/queues/0", "3 to 63"]),
                            ('{"queues": [1e999]}', ["not JSON"]), ('{"containers":\n ["a b"]}', ["line 2"]),
                            ('{"clock": {"mode": "x"}}', ["/clock/mode"]),
                            ('{"faults": [{"action": {"type": "status", "status": 4294967800}}]}', ["/faults/0"])]:
            with tempfile.TemporaryDirectory() as folder:
                file = pathlib.Path(folder, "scenario.json")
                file.write_text(text, "utf-8")
                for command in (["validate", str(file)], [*FREE_PORTS, "--scenario", str(file)]):
                    result = run(*command)
                    self.assertEqual(result.returncode, 5, (text[:60], result.stderr))
                    for word in words:
                        self.assertIn(word, result.stderr)

    def test_taken_port_and_unusable_location(self):
        with Emulator() as first:
            port = first.endpoint.rsplit(":", 1)[1]
            self.refused(3, [port], "--port", port, "--blob-port", "0", "--queue-port", "0")
        self.refused(4, ["/proc/none"], *FREE_PORTS, "--location", "/proc/none")

    def test_a_location_has_one_emulator_at_a_time(self):
        with tempfile.TemporaryDirectory() as folder:
            with Emulator("--location", folder):
                self.refused(4, [folder, "another process uses it"], *FREE_PORTS, "--location", folder)
            with Emulator("--location", folder) as emulator:
                self.assertEqual(emulator.stop(), 0)

    def test_version_help_and_operations(self):
        self.assertRegex(run("--version").stdout,
                         r"^cvemu \d+\.\d+\.\d+\ncommit \w+, (not )?optimized\nSQLite 3\.\S+, OpenSSL 3\.[^\n]+\n$")
        self.assertIn("--queue-port", run("--help").stdout)
        services = json.loads(run("--list-operations").stdout)["services"]
        self.assertIn("CreateProject", [row["name"] for row in services[0]["operations"]])

    def test_azurites_spellings_are_taken(self):
        with Emulator("--blobHost", "127.0.0.1", "--skipApiVersionCheck", "--loose", "--disableTelemetry",
                      "--tablePort", "0") as emulator:
            self.assertEqual(emulator.control("health")["status"], "ready")


class Life(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def test_ready_file_is_there_while_it_runs(self):
        file = self.folder / "ready.json"
        with Emulator("--ready-file", str(file)) as emulator:
            self.assertEqual(json.loads(file.read_text()), emulator.ready)
            self.assertEqual(emulator.ready["pid"], emulator.process.pid)
            self.assertEqual(emulator.stop(), 0)
        self.assertFalse(file.exists())

    def test_banner_has_the_lines_that_frameworks_wait_for(self):
        process = subprocess.Popen([os.environ["CVEMU"], *FREE_PORTS], stdout=subprocess.PIPE, text=True)
        lines = [process.stdout.readline() for _ in range(4)]
        process.terminate()
        process.communicate(timeout=30)
        for service in ("Custom Vision", "Blob", "Queue"):
            self.assertTrue(any(line.startswith(f"{service} service is successfully listening at http://")
                                for line in lines), lines)

    def test_kill_loses_nothing_that_was_answered(self):
        location = ["--location", str(self.folder / "state"), "--training-time", "1h"]
        with Emulator(*location) as emulator:
            project = call(emulator, "POST", "/projects?name=kept")
            tags = [call(emulator, "POST", f"/projects/{project['id']}/tags?name={n}")["id"] for n in "ab"]
            emulator.kill()
        with Emulator(*location) as emulator:
            self.assertEqual(call(emulator, "GET", f"/projects/{project['id']}"), project)
            self.assertEqual(sorted(tag["id"] for tag in call(emulator, "GET", f"/projects/{project['id']}/tags")),
                             sorted(tags))

    def test_a_pending_training_goes_on_after_kill(self):
        location = ["--location", str(self.folder / "state"), "--training-time", "1h"]
        with Emulator(*location) as emulator:
            project = call(emulator, "POST", "/projects?name=kept")["id"]
            for kind in ("circle", "square"):
                tag = call(emulator, "POST", f"/projects/{project}/tags?name={kind}")["id"]
                batch = [{"name": file.name, "contents": base64.b64encode(file.read_bytes()).decode()}
                         for file in images(kind)]
                call(emulator, "POST", f"/projects/{project}/images/files", {"images": batch, "tagIds": [tag]})
            iteration = call(emulator, "POST", f"/projects/{project}/train")["id"]
            emulator.kill()
        with Emulator(*location) as emulator:
            path = f"/projects/{project}/iterations/{iteration}"
            self.assertEqual(call(emulator, "GET", path)["status"], "Training")
            emulator.advance("1h")
            self.assertEqual(call(emulator, "GET", path)["status"], "Completed")


if __name__ == "__main__":
    unittest.main()
