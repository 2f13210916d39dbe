#!/usr/bin/env python3
"""Every story of client_tests/cpp has its line in the cookbook beside it, and every line its story."""
import pathlib
import re
import sys

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "client_tests" / "cpp"


def main() -> int:
    stories = set()
    for path in FOLDER.glob("story_*_test.cpp"):
        stories.update(re.findall(r'TEST_CASE\(\s*"Story: (.+?)"\)', path.read_text("utf-8")))
    told = set(re.findall(r"^- \*(.+?)\*", (FOLDER / "README.md").read_text("utf-8"), re.MULTILINE))
    for title in sorted(stories - told):
        print(f"client_tests/cpp/README.md: no entry for the story: {title}")
    for title in sorted(told - stories):
        print(f"client_tests/cpp/README.md: there is no such story: {title}")
    return 1 if stories != told or not stories else 0


if __name__ == "__main__":
    sys.exit(main())
