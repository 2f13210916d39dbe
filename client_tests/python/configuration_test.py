"""Options from the environment and from a file, and what the program says about its work."""
import json
import os
import pathlib
import re
import socket
import subprocess
import tempfile
import unittest
import unittest.mock
import urllib.error
import urllib.request

from emulator import Emulator
from shared_key import Endpoint


class Temporary(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def start(self, *options: str, **variables: str) -> Emulator:
        """An emulator whose standard error is in `log`."""
        with self.log.open("wb") as log, unittest.mock.patch.dict(os.environ, variables):
            emulator = Emulator(*options, stderr=log)
        self.addCleanup(emulator.__exit__)
        return emulator

    @property
    def log(self) -> pathlib.Path:
        return self.folder / "log"

    def lines(self) -> "list[str]":
        return self.log.read_text().splitlines()

    def write(self, name: str, text: str) -> str:
        path = self.folder / name
        path.write_text(text)
        return str(path)


class Configuration(Temporary):
    def test_the_line_goes_before_the_environment_and_that_before_the_file(self):
        file = self.write("cvemu.toml", 'clock = "frozen"\nclock-at = "2030-01-01T00:00:00Z"\ntier = "F0"\n# more\n')
        emulator = self.start("--config", file, "--tier", "S0", CVEMU_CLOCK_AT="2031-01-01T00:00:00Z")
        self.assertEqual(emulator.control("clock")["now"], "2031-01-01T00:00:00.000Z")
        self.assertEqual(emulator.control("clock")["mode"], "frozen")
        self.assertEqual(emulator.control("info")["options"]["tier"], "S0")

    def test_several_values_in_a_file_and_in_a_variable(self):
        emulator = self.start(CVEMU_CREATE_CONTAINER="one,two",
                              CVEMU_CONFIG=self.write("file", "create-queue = [first, second]\n"))
        blob, queue = (Endpoint(emulator.connection_string, service) for service in ("Blob", "Queue"))
        self.assertEqual(blob.send("GET", "/?comp=list").all("Name"), ["one", "two"])
        self.assertEqual(queue.send("GET", "/?comp=list").all("Name"), ["first", "second"])

    def test_what_no_option_is_is_named_with_what_is_near(self):
        self.start("--config", self.write("file", "creat-queue = jobs\n"), CVEMU_CLOK="frozen", CVEMU_SOMETHING_ELSE="1")
        said = self.log.read_text()
        self.assertIn('there is no option "creat-queue"; did you mean create-queue?', said)
        self.assertIn("the variable CVEMU_CLOK is none of cvemu's; did you mean CVEMU_CLOCK?", said)
        self.assertIn("the variable CVEMU_SOMETHING_ELSE is none of cvemu's\n", said)

    def test_files_that_cannot_be_used(self):
        def refusal(file: str) -> "tuple[int, str]":
            result = subprocess.run([os.environ["CVEMU"], "--config", file], text=True, capture_output=True, timeout=30)
            return result.returncode, result.stderr

        code, said = refusal(self.write("file", "port = ten\n"))
        self.assertEqual(code, 2, said)
        self.assertIn("ten", said)
        code, said = refusal(str(self.folder / "none"))
        self.assertEqual(code, 2, said)
        self.assertIn("--config: cannot read", said)

    def test_every_option_has_a_variable(self):
        text = subprocess.run([os.environ["CVEMU"], "--help"], text=True, capture_output=True, check=True).stdout
        for line in text.splitlines():
            if found := re.match(r"\s+(?:-\w,)?--([\w-]+)", line):
                if found[1] not in ("help", "version", "list-operations"):
                    self.assertIn("(Env:", line, line)


class Log(Temporary):
    def ask(self, emulator: Emulator):
        blob = Endpoint(emulator.connection_string, "Blob")
        blob.send("PUT", "/con?restype=container")
        blob.send("GET", "/con/none?sig=secret")
        emulator.control("health")
        with self.assertRaises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"{emulator.endpoint}/customvision/v9.9/nothing")
        refused.exception.close()
        emulator.stop()

    def test_one_line_a_request(self):
        self.ask(self.start("--log-level", "request"))
        account = "/devstoreaccount1"
        expected = [rf"blob CreateContainer PUT {account}/con 201 \d+\.\d ms",
                    rf"blob GetBlob GET {account}/con/none 404 BlobNotFound \d+\.\d ms",
                    r"customvision \(no operation\) GET /customvision/v9.9/nothing 404 404 \d+\.\d ms",
                    "cvemu ends: SIGTERM"]
        self.assertEqual(len(self.lines()), len(expected), self.lines())
        for line, pattern in zip(self.lines(), expected):
            self.assertRegex(line, rf"^\d{{4}}-\d\d-\d\dT[\d:.]+Z {pattern}$")

    def test_control_requests_at_debug_only(self):
        self.ask(self.start("--log-level", "debug"))
        found = [line for line in self.lines() if re.search(r" control \w+ GET /_emulator/health 200 \d", line)]
        self.assertEqual(len(found), 1, self.lines())

    def test_as_json(self):
        self.ask(self.start("--log-level", "request", "--log-format", "json"))
        lines = [json.loads(line) for line in self.lines()]
        self.assertEqual([line["level"] for line in lines[:3]], ["request"] * 3)
        self.assertEqual({key: lines[1][key] for key in ("service", "operation", "method", "path", "status", "code")},
                         {"service": "blob", "operation": "GetBlob", "method": "GET",
                          "path": "/devstoreaccount1/con/none", "status": 404, "code": "BlobNotFound"})
        self.assertGreater(lines[1]["ms"], 0)

    def test_a_fault_is_named(self):
        emulator = self.start("--log-level", "request")
        emulator.control("faults", {"id": "mine", "match": {"service": "blob"}, "action": {"type": "throttle"}})
        Endpoint(emulator.connection_string, "Blob").send("PUT", "/con?restype=container")
        self.assertRegex(self.log.read_text(), r"blob CreateContainer PUT \S+ 503 ServerBusy \d+\.\d ms fault=mine\n")


class ServiceManager(Temporary):
    def test_systemd_is_told(self):
        path = str(self.folder / "notify")
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            manager.bind(path)
            manager.settimeout(30)
            emulator = self.start(NOTIFY_SOCKET=path)
            self.assertEqual(manager.recv(100), b"READY=1")
            emulator.stop()
            self.assertEqual(manager.recv(100), b"STOPPING=1")


if __name__ == "__main__":
    unittest.main()
