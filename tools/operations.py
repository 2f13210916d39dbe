#!/usr/bin/env python3
"""Compares the operation rows with the published lists in fixtures/operations.

  operations.py BINARY            prints the table: which published operations work, which do not yet
  operations.py BINARY --write    puts it into README.md, between the two markers
  operations.py BINARY --check    exit code 1 if README.md is out of date, or a row is in no published list
"""
import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
BEGIN, END = "<!-- operations:begin -->", "<!-- operations:end -->"
TITLES = {"customvision": "Custom Vision", "queue": "Queue service", "blob": "Blob service"}


def rows_of(binary: str) -> "dict[str, list[dict]]":
    text = subprocess.run([binary, "--list-operations"], capture_output=True, text=True, check=True).stdout
    return {service["name"]: service["operations"] for service in json.loads(text)["services"]}


def published() -> "dict[str, dict]":
    return {name: json.loads((ROOT / "fixtures" / "operations" / f"{name}.json").read_text("utf-8"))
            for name in TITLES}


def unique(names) -> "list[str]":
    return list(dict.fromkeys(names))


def all_entries(published_list: dict) -> "list[dict]":
    """What is published, with those left out: these carry a reason."""
    return published_list["operations"] + published_list.get("leftOut", [])


def table(rows: "dict[str, list[dict]]", lists: "dict[str, dict]") -> str:
    lines = ["| service | works now | not yet |", "| --- | --- | --- |"]
    for service, title in TITLES.items():
        have = {row["name"] for row in rows[service]}
        names = unique(row["name"] for row in lists[service]["operations"])
        reasons = {row["name"]: row["reason"] for row in all_entries(lists[service]) if "reason" in row}
        working = [name for name in names if name in have and name not in reasons]
        missing = [name for name in names if name not in have and name not in reasons]
        missing += [f"{name} ({reason})" for name, reason in reasons.items()]
        lines.append(f"| {title} | {len(working)}: {', '.join(working)} | {', '.join(missing) or 'none'} |")
    return "\n".join(lines)


def unknown_rows(rows: "dict[str, list[dict]]", lists: "dict[str, dict]") -> "list[str]":
    return [f"{service}: {row['name']}" for service in TITLES for row in rows[service]
            if row["name"] not in {entry["name"] for entry in all_entries(lists[service])}]


def with_table(readme: str, text: str) -> str:
    before, rest = readme.split(BEGIN)
    return before + BEGIN + "\n" + text + "\n" + END + rest.split(END)[1]


def main() -> int:
    binary, *mode = sys.argv[1:]
    rows, lists = rows_of(binary), published()
    text = table(rows, lists)
    if mode == ["--write"]:
        README.write_text(with_table(README.read_text("utf-8"), text), "utf-8")
    elif mode == ["--check"]:
        unknown = unknown_rows(rows, lists)
        for name in unknown:
            print(f"no published list has {name}")
        current = README.read_text("utf-8")
        if with_table(current, text) != current:
            print("README.md is out of date: run tools/operations.py BINARY --write")
            return 1
        return 1 if unknown else 0
    else:
        print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
