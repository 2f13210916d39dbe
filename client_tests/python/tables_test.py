"""What commands print: a table on a terminal, JSON elsewhere, and what -o says in both places."""
import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import termios
import unittest

from emulator import Temporary

SCENARIO = {
    "queues": ["notifications", "work"], "containers": ["models"],
    "projects": [{"name": "Hemlock", "domain": "General (compact)", "notificationQueue": "notifications",
                  "tags": ["Hemlock", "Cherry"],
                  "images": [{"tag": "Hemlock", "count": 5}, {"tag": "Cherry", "count": 5}],
                  "iterations": [{"status": "Training"}]}],
}
FAULT = {"id": "busy", "match": {"operation": "TrainProject"}, "action": {"type": "status", "status": 503}}

# Each command that lists something, with the member that holds the list and columns of its table.
LISTS = [
    (["faults"], "faults", ["id", "match", "action", "phase", "matched", "applied", "remaining"]),
    (["faults", "catalog"], "actions", ["type", "phase", "fields", "advice"]),
    (["operations"], "operations", ["id", "kind", "due", "held", "project", "iteration"]),
    (["journal", "--limit", "5"], "entries", ["seq", "at", "service", "operation", "method", "status", "path"]),
    (["projects"], "projects", ["id", "name", "status", "createdAt", "iterations"]),
    (["queues"], "queues", ["name", "messages"]),
    (["messages", "work"], "messages", ["id", "decoded", "visible", "dequeueCount"]),
    (["containers"], "containers", ["name"]),
    (["blobs", "models"], "blobs", ["name", "length", "kind", "contentType", "modifiedAt"]),
    (["snapshots"], "snapshots", ["name", "bytes", "now"]),
    (["jobs"], "jobs", ["kind", "due", "attempts", "lastError", "payload"]),
    (["transitions"], "transitions", ["kind", "project", "then", "used", "outcomes"]),
    (["transitions", "show", "training"], "outcomes", ["status", "delay", "hold", "details"]),
    (["timeline", "--project", "Hemlock"], "chain",
     ["seq", "at", "what", "status", "outcome", "type", "message"]),
    (["predictions"], "rules", ["project", "image", "predictions"]),
    (["clock"], "next", ["kind", "due"]),
]
# Members that these answers do not always have.
ABSENT = {"matched", "lastError", "project", "image", "delay", "hold", "outcome", "type", "message", "predictions"}


class Tables(Temporary):
    def setUp(self):
        super().setUp()
        self.emulator = self.start("--clock", "frozen", "--scenario", self.file("scenario.json", SCENARIO))

    def environment(self, more: "dict[str, str]") -> "dict[str, str]":
        inherited = {name: value for name, value in os.environ.items()
                     if name != "COLUMNS" and not name.startswith("CVEMU_")}
        return {**inherited, "CVEMU_URL": self.emulator.endpoint, **more}

    def piped(self, *arguments: str, **environment: str) -> str:
        result = subprocess.run([os.environ["CVEMU"], *arguments], capture_output=True, text=True, timeout=60,
                                env=self.environment(environment))
        self.assertEqual(result.returncode, 0, (arguments, result.stderr))
        return result.stdout

    def shown(self, *arguments: str, width: int = 0, **environment: str) -> str:
        """What the program prints on a terminal of that many columns."""
        ours, its = pty.openpty()
        fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 50, width, 0, 0))
        process = subprocess.Popen([os.environ["CVEMU"], *arguments], stdin=subprocess.DEVNULL, stdout=its,
                                   stderr=subprocess.PIPE, env=self.environment(environment))
        os.close(its)
        parts = []
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:  # the other end is closed
                break
            if not part:
                break
            parts.append(part)
        os.close(ours)
        with process.stderr:
            errors = process.stderr.read()
        self.assertEqual(process.wait(timeout=60), 0, (arguments, errors))
        return b"".join(parts).decode().replace("\r\n", "\n")

    def fill(self) -> None:
        self.piped("faults", "add", self.file("fault.json", FAULT))
        self.piped("put-message", "work", "hello")
        self.piped("snapshot", "one")
        self.piped("transitions", "set", "training", "--status", "Failed", "--details", "No memory.")

    def test_every_list_is_a_table_on_a_terminal_and_json_elsewhere(self):
        self.fill()
        for command, member, columns in LISTS:
            answer = json.loads(self.piped(*command))
            for text in (self.shown(*command), self.shown(*command, "-o", "table"), self.piped(*command, "-o", "table")):
                lines = [line for line in text.splitlines() if not re.match(r"[\w.]+: ", line)]
                self.assertEqual(lines[0].split(), columns, command)
                self.assertEqual(len(lines), 1 + len(answer[member]), (command, text))
            for name in columns:
                self.assertTrue(name in ABSENT or not answer[member] or any(name in one for one in answer[member]),
                                (command, name))
            for arguments in (["-o", "json"], ["--output", "json"]):
                said = self.shown(*command, *arguments)
                if command[0] != "clock" and command[0] != "journal":  # these differ from call to call
                    self.assertEqual(json.loads(said), answer, command)
                self.assertEqual(said[:2], "{\n")

    def test_columns_stand_below_each_other(self):
        self.fill()
        self.assertEqual(self.shown("queues"), "name           messages\nnotifications  1\nwork           1\n")
        head, row = self.shown("faults").splitlines()
        self.assertEqual(row[head.index("match"):].split("  ")[0], "operation=TrainProject")

    def test_a_list_without_anything_has_its_header(self):
        self.assertEqual(self.shown("snapshots"), "name  bytes  now\n")

    def test_an_object_is_lines(self):
        text = self.shown("state")
        self.assertIn("projects: 1\n", text)
        self.assertNotIn("{", text)
        self.assertIn("mode: frozen\n", self.shown("clock"))
        self.assertIn("options.accounts: devstoreaccount1, customvisionstore\n", self.shown("info"))
        self.assertIn("verdict: ", self.shown("timeline", "--project", "Hemlock"))

    def test_lines_fit_the_terminal(self):
        self.fill()
        self.piped("put-message", "work", "long " * 500)
        for width in (20, 40, 80, 132):
            for command, _, _ in LISTS:
                for line in self.shown(*command, width=width).splitlines():
                    if not re.match(r"[\w.]+: ", line):
                        self.assertLessEqual(len(line), width, (command, line))
        self.assertIn("long " * 500, self.shown("messages", "work", "-o", "table"))
        for text in (self.shown("messages", "work", width=200, COLUMNS="60"),
                     self.piped("messages", "work", "-o", "table", COLUMNS="60")):
            self.assertLessEqual(max(map(len, text.splitlines())), 60)

    def test_the_name_of_a_row_is_cut_last(self):
        self.piped("put-message", "work", "long " * 500)
        [message] = json.loads(self.piped("messages", "work"))["messages"]
        self.assertIn(message["id"] + "  long", self.shown("messages", "work", width=80))

    def test_a_terminal_is_told_nothing_by_data(self):
        self.piped("put-message", "work", "\x1b]0;owned\x07\x1b[2J\r\nnext\u202e\u009b31m")
        text = self.shown("messages", "work")
        self.assertRegex(text, r"\A[\n\x20-\x7e]*\Z")
        self.assertIn(r"\u001b]0;owned\u0007\u001b[2J\r\nnext\u202e\u009b31m", text)
        self.assertEqual(len(text.splitlines()), 3)

    def test_what_was_asked_for_in_a_format_stays_in_it(self):
        for command in (["journal", "--format", "har"], ["journal", "--format", "json"], ["env", "--format", "json"],
                        ["state", "--full", "1"], ["openapi"]):
            self.assertIsInstance(json.loads(self.shown(*command)), dict, command)
        self.assertEqual(self.shown("env"), self.piped("env"))
        self.assertEqual(len(self.shown("journal", "--format", "ndjson", "--limit", "3").splitlines()), 3)

    def test_the_option_of_the_program_counts_too(self):
        self.assertIsInstance(json.loads(self.shown("--output", "json", "queues")), dict)
        self.assertIsInstance(json.loads(self.shown("-o", "json", "queues")), dict)
        self.assertIsInstance(json.loads(self.shown("queues", CVEMU_OUTPUT="json")), dict)
        self.assertTrue(self.piped("--output", "json", "queues", "-o", "table").startswith("name "))
        result = subprocess.run([os.environ["CVEMU"], "queues", "-o", "tabel"], capture_output=True, text=True, timeout=60)
        self.assertEqual(result.returncode, 2)
        self.assertIn("did you mean table?", result.stderr)


if __name__ == "__main__":
    unittest.main()
