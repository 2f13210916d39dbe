#!/usr/bin/env python3
"""Checks that all C++ is formatted by .clang-format: check_format.py [--fix]. Prints what differs; exit code 1 if
anything does. One version of clang-format says how: others differ in places."""
import pathlib
import shutil
import subprocess
import sys

CLANG_FORMAT = "clang-format-19"
ROOT = pathlib.Path(__file__).resolve().parent.parent
FOLDERS = ("emulator", "client_tests", "tools")


def sources() -> list[str]:
    return [str(file) for folder in FOLDERS for file in sorted((ROOT / folder).rglob("*"))
            if file.suffix in (".cpp", ".h") and "node_modules" not in file.parts]


def main() -> int:
    if not shutil.which(CLANG_FORMAT):
        print(f"{CLANG_FORMAT} is not installed (tools/packages names it)")
        return 1
    how = ["-i"] if "--fix" in sys.argv[1:] else ["--dry-run", "--Werror", "--ferror-limit=1"]
    return subprocess.run([CLANG_FORMAT, "--style=file", *how, *sources()], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
