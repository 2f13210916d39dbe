"""The exported models are the same bytes whatever the compiler and its optimisation.

    same_bytes.py EMULATOR_FOLDER

Builds the learning and exporting code six times (g++ and clang++ at -O0, -O2 and -O3), trains and exports with each
build, and compares the archives and the expected answers. Ends with 77 if a compiler is not installed.
"""
import filecmp
import glob
import os
import shutil
import subprocess
import sys
import tempfile

COMPILERS = ["g++", "clang++"]
LEVELS = ["-O0", "-O2", "-O3"]
FLAGS = ["-std=c++20", "-ffp-contract=off"]
LIBRARIES = ["-lzip", "-lcrypto"]
# What training and exporting are made of; the tests' own files are left out.
SOURCES = ["base/hashes", "base/ids", "base/json_writer", "base/text", "base/times", "imaging/resize", "learning/*",
           "exporting/*"]
HERE = os.path.dirname(os.path.abspath(__file__))


def sources(emulator):
    found = [path for pattern in SOURCES for path in sorted(glob.glob(os.path.join(emulator, pattern + ".cpp")))]
    return [path for path in found if not path.endswith("_test.cpp")] + [os.path.join(HERE, "make_models.cpp")]


def build(compiler, level, emulator, folder):
    start = ["ccache"] if shutil.which("ccache") else []
    objects = []
    for source in sources(emulator):
        target = os.path.join(folder, source.replace(os.sep, "_") + ".o")
        subprocess.run([*start, compiler, level, *FLAGS, "-I", emulator, "-c", source, "-o", target], check=True)
        objects.append(target)
    program = os.path.join(folder, "make_models")
    subprocess.run([compiler, *objects, *LIBRARIES, "-o", program], check=True)
    return program


def files_in(folder):
    return sorted(os.path.relpath(os.path.join(root, name), folder)
                  for root, _, names in os.walk(folder) for name in names)


def differences(first, second):
    names = files_in(first)
    if names != files_in(second):
        return ["the list of files"]
    return filecmp.cmpfiles(first, second, names, shallow=False)[1]


def main(emulator):
    missing = [compiler for compiler in COMPILERS if not shutil.which(compiler)]
    if missing:
        print("skipped:", *missing, "not installed")
        return 77
    bad, reference = False, None
    with tempfile.TemporaryDirectory() as work:
        for compiler in COMPILERS:
            for level in LEVELS:
                folder = os.path.join(work, compiler + level)
                os.mkdir(folder)
                program = build(compiler, level, emulator, folder)
                written = os.path.join(folder, "models")
                subprocess.run([program, written], check=True, stdout=subprocess.DEVNULL)
                reference = reference or written
                different = differences(reference, written)
                bad = bad or bool(different)
                print("BAD " if different else "ok  ", compiler, level, *different, flush=True)
    return 1 if bad else 0


sys.exit(main(sys.argv[1]))
