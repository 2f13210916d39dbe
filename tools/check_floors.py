#!/usr/bin/env python3
"""Checks the rules of the house: check_floors.py [ROOT]. Prints what breaks one; exit code 1 if anything does."""
import pathlib
import re
import sys
from fnmatch import fnmatch
from typing import Iterator

# The floors of emulator/, lowest first: each folder with the folders it may include besides itself.
MACHINERY = ("base", "db", "http", "imaging", "learning", "exporting")
MIDDLE = ("store", "storage", "runtime")
UPPER = ("faults", "pipeline")
FLOORS = {
    "base": (),
    "db": ("base",),
    "http": ("base",),
    "imaging": ("base",),
    "learning": ("base", "imaging"),
    "exporting": ("base", "learning"),
    "store": ("base", "db"),
    "storage": ("base", "db", "http"),
    "runtime": ("base", "db", "http", "store"),
    "faults": ("base", "db", "http", "store", "runtime"),
    "pipeline": ("base", "db", "http", "runtime", "faults"),
    "customvision": MACHINERY + MIDDLE,
    "queue": MACHINERY + MIDDLE,
    "blob": MACHINERY + MIDDLE,
    "table": ("base", "http", "storage"),
    "control": ("base", "db", "http", "store", "storage", "runtime", "cvemu") + UPPER,
    "include": ("cvemu",),  # the public headers
    "client": ("base", "http", "cvemu"),
    "app": MACHINERY + MIDDLE + UPPER + ("customvision", "queue", "blob", "table", "control", "cvemu", "app/cli"),
    "app/cli": ("base", "cvemu"),
}

# The folders inside of those.
ROOMS = {
    "app": ("cli",),
    "blob": ("attributes", "containers", "content"),
    "control": ("handlers", "journal", "scenarios"),
    "customvision": ("api", "jobs", "model", "wire"),
    "db": ("schema",),
    "include": ("cvemu",),
    "store": ("blob", "customvision", "queue"),
}

# Enumerations that the public headers and every floor speak of.
TYPES = "cvemu/types.h"

# Headers of libraries with the only files that may include them.
PLACES = {
    "sqlite3.h": ("db/*",),
    "httplib.h": ("http/library.h",),
    "nlohmann/*": ("base/json.h",),
    "pugixml.hpp": ("storage/xml.cpp",),
    "CLI/*": ("app/main.cpp", "app/cli/*"),
    "openssl/*": ("base/*", "http/tls*"),
    "jpeglib.h": ("imaging/*",),
    "png.h": ("imaging/*",),
    "gif_lib.h": ("imaging/*",),
    "zip.h": ("exporting/*",),
    "doctest/*": ("*_test.cpp", "*/testing.h", "*/test_*.h", "unit_tests_main.cpp"),
}

SOURCES = (".cpp", ".h", ".py", ".js", ".mjs", "")  # the tools written in bash have no suffix
LONGEST_FILE, LONGEST_TEST = 600, 600
INCLUDE = re.compile(r'^\s*#\s*include\s+(?:"([^"]+)"|<([^>]+)>)')
SQL = re.compile(r'"\s*(SELECT|INSERT (OR \w+ )?INTO|UPDATE \w+ SET|DELETE FROM|CREATE TABLE|PRAGMA)\b')
PARSER = re.compile(r"\b([Jj]son|nlohmann::\w+)::(parse|accept|sax_parse|from_\w+)\s*\(")
FIXED_WIDTH = re.compile(r"\bu?int(8|16|32|64)_t\b")
UNFINISHED = re.compile(r"\b(TOD[O]|FIXM[E])\b")
MACHINE_PATH = re.compile(r"/(home|root|work|Users)/\w")
SLEEP = re.compile(r"sleep_for|sleep_until|\bu?sleep\s*\(|setTimeout\s*\(|timers/promises")

Finding = tuple[int, str]


def is_test(path: str) -> bool:
    return path.endswith("_test.cpp") or path.startswith("client_tests/")


def floor_of(path: str) -> str:
    """The longest beginning of a path that the table of floors knows, else its first folder."""
    parts = path.split("/")
    return next(("/".join(parts[:n]) for n in (2, 1) if "/".join(parts[:n]) in FLOORS), parts[0])


def fuzz_findings(path: str, lines: list[str]) -> Iterator[Finding]:
    """Fuzz targets stand beside the floors and may include each of them; besides, only each other."""
    for number, line in enumerate(lines, 1):
        match = INCLUDE.match(line)
        if match and match[1] and "/" in match[1] and floor_of(match[1]) not in {*FLOORS, "cvemu"}:
            yield number, f"{match[1]} is of no floor"


def folder_findings(path: str) -> Iterator[Finding]:
    """`path` is below emulator/. Every folder has a name and a place on purpose."""
    floor, *rooms = path.split("/")[:-1] or [""]
    if floor and floor not in FLOORS:
        yield 1, f"the folder {floor} is not in the table of floors"
    elif rooms and (len(rooms) > 1 or rooms[0] not in ROOMS.get(floor, ())):
        yield 1, f"the folder {floor}/{'/'.join(rooms)} is not in the table of rooms"


def floor_findings(path: str, number: int, include: str) -> Iterator[Finding]:
    """`path` is below emulator/ and belongs to a folder; `include` was written in quotes."""
    here, there = floor_of(path), floor_of(include)
    if here not in FLOORS or include == TYPES:
        return
    if "/" not in include:
        yield number, f'"{include}" does not name its floor'
    elif there != here and there not in FLOORS[here]:
        yield number, f"{here} may not include {there}"


def place_findings(path: str, number: int, include: str) -> Iterator[Finding]:
    for header, places in PLACES.items():
        if fnmatch(include, header) and not any(fnmatch(path, place) for place in places):
            yield number, f"{include} belongs into {' and '.join(places)} only"
    if path.startswith("include/") and ("/" in include or include.endswith(".h")):
        yield number, "public headers include only the standard library and each other"


def include_findings(path: str, lines: list[str]) -> Iterator[Finding]:
    for number, line in enumerate(lines, 1):
        if not (match := INCLUDE.match(line)):
            continue
        ours, library = match.groups()
        if ours and "/" in path:
            yield from floor_findings(path, number, ours)
        if library:
            yield from place_findings(path, number, library)


def line_findings(path: str, lines: list[str]) -> Iterator[Finding]:
    for number, line in enumerate(lines, 1):
        if UNFINISHED.search(line):
            yield number, "unfinished work belongs into an issue"
        if MACHINE_PATH.search(line):
            yield number, "a path of one machine"
        if is_test(path) and SLEEP.search(line):
            yield number, "tests move the clock, they do not sleep"


def sql_findings(path: str, lines: list[str]) -> Iterator[Finding]:
    if not path.startswith(("store/", "db/")) and not is_test(path):
        yield from ((number, "SQL belongs into store/") for number, line in enumerate(lines, 1) if SQL.search(line))


def parser_findings(path: str, lines: list[str]) -> Iterator[Finding]:
    if path != "base/json.cpp" and not is_test(path):
        yield from ((number, "JSON is read by base/json.h alone") for number, line in enumerate(lines, 1) if PARSER.search(line))


def own_include_findings(path: str, lines: list[str]) -> Iterator[Finding]:
    """Library versions differ in what their headers include besides."""
    if path.endswith(".h") and "#include <cstdint>" not in lines:
        first = next((number for number, line in enumerate(lines, 1) if FIXED_WIDTH.search(line)), None)
        if first:
            yield first, "uses a type of <cstdint> without including it"


def findings(root: pathlib.Path, file: pathlib.Path) -> Iterator[Finding]:
    path = file.relative_to(root).as_posix()
    lines = file.read_text("utf-8").splitlines()
    longest = LONGEST_TEST if path.endswith(("_test.cpp", "_test.py")) else LONGEST_FILE
    if file.suffix in SOURCES and len(lines) > longest:
        yield len(lines), f"longer than {longest} lines"
    yield from line_findings(path, lines)
    if path.startswith("tools/fuzz/") and file.suffix in (".cpp", ".h"):
        yield from fuzz_findings(path, lines)
    if path.startswith("emulator/") and file.suffix in (".cpp", ".h"):
        below = path.removeprefix("emulator/")
        yield from folder_findings(below)
        yield from include_findings(below, lines)
        yield from sql_findings(below, lines)
        yield from parser_findings(below, lines)
        yield from own_include_findings(below, lines)


def is_text(file: pathlib.Path) -> bool:
    return b"\0" not in file.read_bytes()[:4096] and file.name != "package-lock.json"


def is_input(file: pathlib.Path, root: pathlib.Path) -> bool:
    """Inputs of the fuzz targets are any bytes, and no sources."""
    return file.is_relative_to(root / "tools" / "fuzz" / "corpus")


def files_of(root: pathlib.Path) -> Iterator[pathlib.Path]:
    for folder in ("emulator", "client_tests", "tools"):
        for file in sorted((root / folder).rglob("*")):
            if not file.is_file() or {"node_modules", "__pycache__"} & set(file.parts) or is_input(file, root):
                continue
            if is_text(file):
                yield file


def main() -> int:
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent).resolve()
    count = 0
    for file in files_of(root):
        for number, text in findings(root, file):
            print(f"{file.relative_to(root)}:{number}: {text}")
            count += 1
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
