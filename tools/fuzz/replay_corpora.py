#!/usr/bin/env python3
"""Replays the kept inputs of the fuzz targets: replay_corpora.py CORPORA PROGRAM...

Each program takes the files of the folder that has its name. Exit code 1 if one fails, or if a folder has no program.
"""
import pathlib
import subprocess
import sys


def main() -> int:
    corpora, programs = pathlib.Path(sys.argv[1]), [pathlib.Path(name) for name in sys.argv[2:]]
    failed = sorted({folder.name for folder in corpora.iterdir()} - {program.name for program in programs})
    for name in failed:
        print(f"{name}: there is no such target")
    for program in programs:
        result = subprocess.run([program, corpora / program.name], text=True, capture_output=True)
        print(f"{program.name}: {result.stdout}{result.stderr}", end="" if result.stdout else "\n")
        if result.returncode:
            failed.append(program.name)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
