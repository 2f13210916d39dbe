#!/usr/bin/env python3
"""test_report.py against small logs: what it counts, what it shows, how it ends."""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

SCRIPT = pathlib.Path(__file__).with_name("test_report.py")
DOCTEST = "[doctest] test cases: 12 | {} passed | {} failed | 0 skipped"


def report(*tests: dict) -> tuple[int, list[str]]:
    with tempfile.TemporaryDirectory() as folder:
        log = pathlib.Path(folder, "testlog.json")
        if tests:
            log.write_text("".join(json.dumps({"name": "t", "command": ["t"], **test}) + "\n" for test in tests))
        run = subprocess.run([sys.executable, SCRIPT, log], capture_output=True, text=True, check=False)
        return run.returncode, run.stdout.splitlines()


class TestReport(unittest.TestCase):
    def test_cases_are_counted_where_a_program_says_how_many(self):
        code, lines = report(
            {"result": "OK", "stdout": DOCTEST.format(12, 0)},
            {"result": "OK", "stderr": "Ran 5 tests in 0.1s\n\nOK (skipped=1)\n"},
            {"result": "OK", "stdout": "# pass 3\n# fail 0\n# cancelled 0\n# skipped 0\n"},
            {"result": "OK"},
            {"result": "SKIP"})
        self.assertEqual((code, lines[-1]), (0, "20 passed, 0 failed, 2 skipped"))

    def test_a_failure_is_shown_in_full(self):
        output = "\n".join(f"line {i}" for i in range(500))
        code, lines = report({"result": "FAIL", "returncode": 1, "stdout": output})
        self.assertEqual((code, lines[-1]), (1, "0 passed, 1 failed"))
        self.assertTrue(set(output.splitlines()) <= set(lines))

    def test_failed_cases_are_counted(self):
        code, lines = report({"result": "FAIL", "stdout": DOCTEST.format(10, 2)},
                             {"result": "FAIL", "stderr": "Ran 4 tests in 1s\n\nFAILED (failures=1, errors=1)\n"})
        self.assertEqual((code, lines[-1]), (1, "12 passed, 4 failed"))

    def test_a_program_that_fails_after_its_cases_passed_counts_as_failed(self):
        code, lines = report({"result": "TIMEOUT", "stdout": DOCTEST.format(12, 0)})
        self.assertEqual((code, lines[-1]), (1, "12 passed, 1 failed"))

    def test_no_test_at_all_is_a_failure(self):
        code, lines = report()
        self.assertEqual((code, lines[-1]), (1, "0 passed, 1 failed"))


if __name__ == "__main__":
    unittest.main()
