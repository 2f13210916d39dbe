#!/usr/bin/env python3
"""Searches what a test run has written for secrets: check_logs.py testlog.json EMULATORS_LOG

EMULATORS_LOG is the file that every emulator of the run wrote to (CVEMU_DEBUG). The result is appended to testlog.json as
that of one more test, so that test_report.py counts it.
"""
import json
import pathlib
import re
import sys
from typing import Iterator

SECRETS = {
    "signature of a SAS": r"(?:\b|%[0-9A-Fa-f]{2})sig(?:=|%(?:25)*3D)(?!\*{3})[\w%+/-]{20,}",
    "account key": r"(?<![\w+/])[\w+/]{86}(?:==|%3D%3D)",
    "key in a connection string": r"AccountKey=(?!\*{3})[\w+/]{8,}",
    "signature of a request": r"SharedKey(?:Lite)? [\w-]+:(?!\*{3})[\w+/]{20,}",
    "JSON Web Token": r"\beyJ[\w-]{8,}\.eyJ[\w-]{8,}",
    "bearer token": r"Bearer (?!\*{3})[\w.~+/-]{24,}",
    "key in a header": r"(?i)\b(?:training|prediction|subscription|encryption)-key\b[\"']?: ?[\"']?(?!\*{3})[\w+/]{8,}",
}
# The emulators of these suites are programs, and they have run.
WITH_PROGRAMS = {"client_tests_js", "client_tests_python", "tour"}
# What this one prints is what it typed and what it got, signatures included: it is not the emulator that speaks.
PRINTS_REQUESTS = {"tour"}


def findings(name: str, text: str) -> Iterator[str]:
    """Where a secret stands, without the secret."""
    for number, line in enumerate(text.splitlines(), 1):
        for kind, pattern in SECRETS.items():
            for found in re.finditer(pattern, line):
                before = line[max(0, found.start() - 40):found.start() + 4]
                yield f"{name}:{number}: {kind}: {before}..."


def outputs(tests: "list[dict]") -> "Iterator[tuple[str, str]]":
    for test in tests:
        short = test["name"].split()[-1]
        for stream in ("stdout", "stderr"):
            if short not in PRINTS_REQUESTS or stream == "stderr":
                yield f"{short} {stream}", test.get(stream, "")


def main() -> int:
    log, emulators = map(pathlib.Path, sys.argv[1:3])
    tests = [json.loads(line) for line in log.read_text("utf-8").splitlines()] if log.exists() else []
    written = emulators.read_text("utf-8", "replace") if emulators.exists() else ""
    texts = [*outputs(tests), (emulators.name, written)]
    found = [finding for name, text in texts for finding in findings(name, text)]
    ran = sorted({test["name"].split()[-1] for test in tests if test["result"] == "OK"} & WITH_PROGRAMS)
    if ran and not written:
        found.append(f"{emulators.name} is empty, but {', '.join(ran)} started emulators")
    summary = f"{len(texts)} logs with {sum(len(text) for _, text in texts)} characters searched, {len(found)} secrets found"
    print("\n".join([*found, summary]))
    if tests:
        result = {"name": "check_logs.py", "command": ["tools/check_logs.py"], "stdout": "\n".join([*found, summary]),
                  "result": "FAIL" if found else "OK", "returncode": 1 if found else 0}
        with log.open("a", encoding="utf-8") as file:
            file.write(json.dumps(result) + "\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
