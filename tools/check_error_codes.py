#!/usr/bin/env python3
"""Compares the error codes of Custom Vision in the sources with the published ones and with the tests.

    check_error_codes.py            exit code 1 unless each published code is either raised or left out with a reason,
                                    no other code is raised, and each code that is raised stands in a test
"""
import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SERVICE = ROOT / "emulator" / "customvision"
PUBLISHED = ROOT / "fixtures" / "operations" / "customvision_errors.json"
FAMILIES = {"bad_request": ("BadRequest", 400), "not_found": ("NotFound", 404)}
CALL = re.compile(r'\b(bad_request|not_found)\(\s*"(\w*)"')
WHOLE = re.compile(r'\bApiError(?:\s+\w+)?\((\d+),\s*"(\w+)",')
TRAINING = re.compile(r'"(\w+TrainingValidationFailed)"')
# The gateway in front of the service has numbers for codes.
GATEWAY = {"401", "404", "429"}
# Raised by what no test can cause: a fault of the emulator itself.
UNTESTED = {"ErrorUnknown"}
# Raised by arranged failures alone: the service's own code for the status is not on record.
ARRANGED = {"ServiceUnavailable"}


def raised() -> "dict[str, int]":
    """Each code with its status."""
    errors = (SERVICE / "errors.cpp").read_text("utf-8")
    codes = {code: int(status) for status, code in WHOLE.findall(errors) if code not in GATEWAY}
    names = CALL.findall(errors)
    names += [("bad_request", name) for name in TRAINING.findall((SERVICE / "model" / "training_rules.cpp").read_text("utf-8"))]
    for function, name in names:
        prefix, status = FAMILIES[function]
        codes[prefix + name] = status
    return codes


def words_of_tests() -> "set[str]":
    files = [*SERVICE.rglob("*_test.cpp"), *(ROOT / "client_tests" / "cpp").glob("*.cpp")]
    return {word for path in files for word in re.findall(r"\w+", path.read_text("utf-8"))}


def problems(published: "dict[str, dict]", codes: "dict[str, int]", tested: "set[str]") -> "list[str]":
    found = []
    for code, facts in published.items():
        if code not in codes and "leftOut" not in facts:
            found.append(f"nothing raises {code}, and it is not left out either")
        if code in codes and "leftOut" in facts:
            found.append(f"{code} is raised, and yet it is left out: {facts['leftOut']}")
        if code in codes and facts["status"] != codes[code]:
            found.append(f"{code} is raised with {codes[code]} and published with {facts['status']}")
    found += [f"{code} is raised and not published" for code in codes if code not in published and code not in ARRANGED]
    found += [f"no test raises {code}" for code in codes if code not in tested | UNTESTED]
    return found


def main() -> int:
    found = problems(json.loads(PUBLISHED.read_text("utf-8"))["codes"], raised(), words_of_tests())
    for problem in sorted(found):
        print(problem)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
