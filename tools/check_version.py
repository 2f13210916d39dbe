#!/usr/bin/env python3
"""The version stands in meson.build alone, and the change log has a section for it: check_version.py [ROOT].

A copy elsewhere would be forgotten at the next release. Lock files of npm are not looked at.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent).resolve()
FOLDERS = ("emulator", "client_tests", "tools", "fixtures", ".github")
NOT_OURS = {"node_modules", "__pycache__"}
CHANGES = "emulator/CHANGELOG.md"


def text_of(file: pathlib.Path) -> str:
    data = file.read_bytes()
    return "" if b"\0" in data[:4096] else data.decode("utf-8", "replace")


def main() -> int:
    version = re.search(r"^\s*version: '([\d.]+)'", (ROOT / "meson.build").read_text("utf-8"), re.M)[1]
    name = re.compile(rf"cvemu[^\n]{{0,20}}?(?<![\d.]){re.escape(version)}(?![\d.])", re.I)
    found = []
    files = [file for folder in FOLDERS for file in sorted((ROOT / folder).rglob("*")) if file.is_file()]
    for file in [*files, ROOT / "README.md"]:
        path = file.relative_to(ROOT).as_posix()
        if path == CHANGES or NOT_OURS & set(file.parts) or file.name == "package-lock.json":
            continue
        found += [f"{path}:{number}: the version again" for number, line in enumerate(text_of(file).splitlines(), 1)
                  if name.search(line)]
    if not re.search(rf"^## {re.escape(version)}\b", (ROOT / CHANGES).read_text("utf-8"), re.M):
        found.append(f"{CHANGES}: no section for {version}")
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
