#!/usr/bin/env python3
"""Prints what failed in full and one last line `N passed, N failed`: test_report.py testlog.json

Meson knows one result per program. The programs count their own cases, so their summaries are read where there are any.
"""
import json
import pathlib
import re
import sys
from typing import NamedTuple


class Count(NamedTuple):
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(*(a + b for a, b in zip(self, other)))

    def __str__(self) -> str:
        line = f"{self.passed} passed, {self.failed} failed"
        return f"{line}, {self.skipped} skipped" if self.skipped else line


def doctest_count(text: str) -> Count | None:
    summary = re.search(r"\[doctest\] test cases: +\d+ \| +(\d+) passed \| +(\d+) failed", text)
    return Count(int(summary[1]), int(summary[2])) if summary else None


def unittest_count(text: str) -> Count | None:
    summary = re.search(r"^Ran (\d+) tests? in .*\n\n(?:OK|FAILED)(?: \((.*)\))?$", text, re.MULTILINE)
    if not summary:
        return None
    kinds = {kind: int(number) for kind, number in re.findall(r"(\w[\w ]*)=(\d+)", summary[2] or "")}
    failed = kinds.get("failures", 0) + kinds.get("errors", 0)
    skipped = kinds.get("skipped", 0)
    return Count(int(summary[1]) - failed - skipped, failed, skipped)


def node_count(text: str) -> Count | None:
    kinds = dict(re.findall(r"^# (pass|fail|cancelled|skipped) (\d+)$", text, re.MULTILINE))
    if "pass" not in kinds:
        return None
    return Count(int(kinds["pass"]), int(kinds["fail"]) + int(kinds["cancelled"]), int(kinds["skipped"]))


def count(test: dict) -> Count:
    if test["result"] == "SKIP":
        return Count(skipped=1)
    text = test.get("stdout", "") + "\n" + test.get("stderr", "")
    counts = [found for counter in (doctest_count, unittest_count, node_count) if (found := counter(text))]
    passed = test["result"] == "OK"
    if not counts:
        return Count(passed=1) if passed else Count(failed=1)
    # A program may fail without a failing case: a crash, a leak, a time-out.
    return counts[0] if passed or counts[0].failed else counts[0] + Count(failed=1)


def show_failure(test: dict) -> None:
    print(f"\n=== {test['name']}: {test['result']} (exit {test.get('returncode')})")
    print("$ " + " ".join(test["command"]))
    for stream in ("stdout", "stderr"):
        if test.get(stream, "").strip():
            print(test[stream].rstrip())


def main() -> int:
    log = pathlib.Path(sys.argv[1])
    tests = [json.loads(line) for line in log.read_text("utf-8").splitlines()] if log.exists() else []
    for test in tests:
        if test["result"] not in ("OK", "SKIP"):
            show_failure(test)
    total = sum(map(count, tests), Count()) if tests else Count(failed=1)
    print(f"\n{total}")
    return 1 if total.failed else 0


if __name__ == "__main__":
    sys.exit(main())
