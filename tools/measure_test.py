#!/usr/bin/env python3
"""tools/measure on small trees: what it counts, and what it leaves out."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

SCRIPT = pathlib.Path(__file__).with_name("measure")


def measure(files: "dict[str, str]") -> "dict[str, str]":
    with tempfile.TemporaryDirectory() as root:
        for name, text in files.items():
            file = pathlib.Path(root, name)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text + "\n", "utf-8")
        run = subprocess.run([sys.executable, SCRIPT, root], capture_output=True, text=True, check=True)
    return dict(line.strip("| ").split(" | ", 1) for line in run.stdout.splitlines()[2:])


class Measure(unittest.TestCase):
    def shows(self, files: "dict[str, str]", expected: "dict[str, str]") -> None:
        rows = measure(files)
        self.assertEqual({title: rows.get(title) for title in expected}, expected)

    def test_an_empty_tree_has_no_measures(self):
        self.shows({}, {"product lines, files": "0 in 0", "file, lines: median / p90 / max": "none",
                        "files in circles of includes": "none", "test cases in C++": "0"})

    def test_tests_and_their_helpers_are_no_product(self):
        self.shows({"emulator/base/text.cpp": "int a;\nint b;", "emulator/base/text_test.cpp": "int a;",
                    "emulator/blob/testing.h": "int a;", "client_tests/cpp/story.h": "int a;", "tools/load.cpp": "int a;"},
                   {"product lines, files": "2 in 1", "tests : product, lines of C++": "1.50",
                    "tests : product in the folder": "base 0.50"})

    def test_folders_are_counted_one_by_one(self):
        files = {f"emulator/store/file_{number}.h": "int a;" for number in range(31)}
        self.shows({**files, "emulator/store/queue/rows.h": "int a;"},
                   {"most product files in one folder": "31", "folders with more than 30": "store 31",
                    "files under 30 lines": "100.0 %"})

    def test_functions_are_measured_from_their_first_line_to_their_brace(self):
        rows = measure({"emulator/base/text.cpp": "int f() {\n" + "  g();\n" * 60 + "}\nint one() { return 1; }"})
        if rows["functions"] == "universal-ctags is not installed":
            return
        self.assertEqual(rows["function, lines: median / p90 / p99 / max"], "32 / 62 / 62 / 62")
        self.assertEqual(rows["functions over 60 lines"], "1; emulator/base/text.cpp:1 f 62")

    def test_comments_count_as_lines_and_at_the_end_of_lines(self):
        self.shows({"emulator/base/a.h": "// Text.\n\nint a;  // why\nint b;\nconst char* url = \"http://x\";",
                    "emulator/base/a.cpp": "/* one\ntwo */\nint a;\nint b;"},
                   {"comment lines, headers": "50.0 %", "comment lines, sources": "50.0 %"})

    def test_wide_lines(self):
        self.shows({"emulator/base/a.h": "x" * 101 + "\n" + "x" * 100}, {"lines over 100 columns": "50.0 %"})

    def test_includes_are_followed_and_circles_found(self):
        self.shows({"emulator/base/a.h": "int a;", "emulator/db/b.h": '#include "base/a.h"', "emulator/db/b.cpp": '#include "db/b.h"',
                    "emulator/include/cvemu/c.h": "int c;", "emulator/app/c.cpp": '#include <map>\n#include <cvemu/c.h>'},
                   {"own headers a source pulls in: median / p90 / max": "2 / 2 / 2", "files in circles of includes": "none",
                    "longest chain of includes, files": "3: db/b.cpp > db/b.h > base/a.h"})
        self.shows({"emulator/base/a.h": '#include "base/b.h"', "emulator/base/b.h": '#include "base/a.h"'},
                   {"files in circles of includes": "emulator/base/a.h, emulator/base/b.h"})

    def test_cases_have_lines_checks_and_names(self):
        self.shows({"emulator/base/a_test.cpp": 'TEST_CASE("Text: is "\n          "long") {\n  CHECK(a);\n  REQUIRE_EQ(a, b);\n}'},
                   {"test cases in C++": "1", "test case: median lines / checks / words of its name": "5 / 2 / 3"})

    def test_who_mentions_an_example_is_listed_once_in_each_spelling(self):
        rows = measure({"emulator/faults/actions.cpp": '"backupTruncated", "backupTruncated"', "emulator/cli/a.h": "not_backup_truncated2",
                        "emulator/include/cvemu/faults.h": "backup_truncated();", "client_tests/cpp/a_test.cpp": "BackupTruncated",
                        "client_tests/cpp/README.md": "`backupTruncated`", "emulator/CHANGELOG.md": "backupTruncated",
                        "README.md": "<!-- operations:begin -->\nbackupTruncated\n<!-- operations:end -->"})
        self.assertEqual(rows["to add a fault action, files of code + tests + manual"],
                         "2 + 1 + 1, e.g. backup truncated: emulator/faults/actions.cpp, emulator/include/cvemu/faults.h, "
                         "client_tests/cpp/a_test.cpp, client_tests/cpp/README.md")


if __name__ == "__main__":
    unittest.main()
