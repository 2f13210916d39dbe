#!/usr/bin/env python3
"""check_logs.py against small logs: what it finds, what it lets pass, and that the report counts it."""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

TOOLS = pathlib.Path(__file__).parent
SIGNATURE = "q1w2E3r4T5y6U7i8O9p0A1s2D3f4G5h6J7k8L9z0X1c%3D"
ACCOUNT_KEY = "A" * 43 + "b1/" * 14 + "c=="
TOKEN = "eyJhbGciOiJub25lIn0.eyJhdWQiOiJodHRwczovL3gifQ.c2ln"
SECRETS = [f"http://h/q?sv=1&sig={SIGNATURE}&se=2", f"uri=http%3A%2F%2Fh%3Fsig%3D{SIGNATURE}", f"key {ACCOUNT_KEY}",
           "AccountName=a;AccountKey=c2VjcmV0c2VjcmV0;", f"Authorization: SharedKey acct:{SIGNATURE}", f"got {TOKEN}",
           f"Bearer {SIGNATURE[:40]}", "Training-Key: 0123456789abcdef", '"x-ms-encryption-key": "c2VjcmV0c2VjcmV0"']
HARMLESS = ["http://h/q?sv=1&sig=***&se=2", "AccountKey=***;", "SharedKey acct:***", "Bearer ***", "Training-Key: ***",
            "Bearer tokens are refused", "sig=SECRET", "ok 1 - a signature of another account is refused",
            "0732100f-1a38-4e49-a514-c9b44c697ab5", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"]


class CheckLogs(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.log, self.emulators = pathlib.Path(folder.name, "testlog.json"), pathlib.Path(folder.name, "emulators.log")

    def check(self, *tests: dict, emulators: "str | None" = "queue PutMessage 201\n") -> "tuple[int, str]":
        self.log.write_text("".join(json.dumps({"name": "t", "command": ["t"], "result": "OK", **test}) + "\n" for test in tests))
        if emulators is not None:
            self.emulators.write_text(emulators)
        run = subprocess.run([sys.executable, TOOLS / "check_logs.py", self.log, self.emulators], capture_output=True, text=True,
                             check=False)
        self.assertEqual(run.stderr, "")
        return run.returncode, run.stdout

    def report(self) -> str:
        run = subprocess.run([sys.executable, TOOLS / "test_report.py", self.log], capture_output=True, text=True, check=False)
        return run.stdout.splitlines()[-1]

    def test_each_kind_is_found_in_each_log_and_not_repeated(self):
        for text in SECRETS:
            for code, shown in (self.check({"stdout": text}), self.check({"stderr": text}), self.check({}, emulators=text)):
                self.assertEqual(code, 1, text)
                self.assertNotIn(text, shown)
            self.assertEqual(self.report(), "1 passed, 1 failed")

    def test_what_is_masked_passes(self):
        self.assertEqual(self.check({"stdout": "\n".join(HARMLESS)}, emulators="\n".join(HARMLESS))[0], 0)
        self.assertEqual(self.report(), "2 passed, 0 failed")

    def test_the_tour_may_print_what_it_typed_but_its_emulator_may_not(self):
        self.assertEqual(self.check({"name": "cvemu:tour / tour", "stdout": SECRETS[0]})[0], 0)
        self.assertEqual(self.check({"name": "cvemu:tour / tour", "stderr": SECRETS[0]})[0], 1)

    def test_emulators_that_wrote_nothing_are_a_failure(self):
        self.assertEqual(self.check({"name": "client_tests_python"}, emulators=None)[0], 1)
        self.assertEqual(self.check({"name": "client_tests_python", "result": "SKIP"}, emulators=None)[0], 0)
        self.assertEqual(self.check({"name": "unit"}, emulators=None)[0], 0)

    def test_without_a_run_the_report_says_so(self):
        self.assertEqual(self.check(emulators=None)[0], 0)
        self.assertEqual(self.report(), "0 passed, 1 failed")


if __name__ == "__main__":
    unittest.main()
