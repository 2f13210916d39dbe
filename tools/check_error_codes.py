#!/usr/bin/env python3
"""Every error code of Custom Vision that the sources can raise is raised by a test.

    check_error_codes.py            exit code 1 if a code stands in no test
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SERVICE = ROOT / "emulator" / "customvision"
PREFIXES = {"bad_request": "BadRequest", "not_found": "NotFound", "ApiError": ""}
CALL = re.compile(r'\b(bad_request|not_found)\(\s*"(\w+)"')
WHOLE = re.compile(r'\bApiError\(\d+,\s*"(\w+)",')
FAMILY = re.compile(r'"(\w+TrainingValidationFailed)"')
# Raised by what no test can cause: a fault of the emulator itself.
LEFT_OUT = {"ErrorUnknown"}


def raised() -> "set[str]":
    errors = (SERVICE / "errors.cpp").read_text("utf-8")
    codes = {PREFIXES[kind] + name for kind, name in CALL.findall(errors)}
    codes |= set(WHOLE.findall(errors))
    codes |= {"BadRequest" + name for name in FAMILY.findall((SERVICE / "training_rules.cpp").read_text("utf-8"))}
    return codes - LEFT_OUT


def tests() -> str:
    files = [*SERVICE.glob("*_test.cpp"), *(ROOT / "client_tests" / "cpp").glob("*.cpp")]
    return "\n".join(path.read_text("utf-8") for path in files)


def main() -> int:
    words = set(re.findall(r"\w+", tests()))
    missing = sorted(raised() - words)
    for code in missing:
        print(f"no test raises {code}")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
