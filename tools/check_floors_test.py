#!/usr/bin/env python3
"""check_floors.py against small trees: each broken rule is found, and a good tree is left alone."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

SCRIPT = pathlib.Path(__file__).with_name("check_floors.py")


def check(files: dict[str, str]) -> tuple[int, list[str]]:
    with tempfile.TemporaryDirectory() as root:
        for name, text in files.items():
            file = pathlib.Path(root, name)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text + "\n", "utf-8")
        run = subprocess.run([sys.executable, SCRIPT, root], capture_output=True, text=True, check=False)
        return run.returncode, run.stdout.splitlines()


class CheckFloors(unittest.TestCase):
    def refuses(self, name: str, text: str, finding: str) -> None:
        self.assertEqual(check({name: text}), (1, [finding]))

    def test_a_good_tree_is_left_alone(self):
        good = {
            "emulator/base/text.h": "#include <string>",
            "emulator/base/hashes.cpp": "#include <openssl/sha.h>",
            "emulator/db/database.cpp": '#include <sqlite3.h>\n#include "base/text.h"\n#include "db/database.h"',
            "emulator/store/tags.cpp": 'const char* kAll = "SELECT id FROM tags";',
            "emulator/queue/messages.cpp": '#include "storage/xml.h"\n#include "store/messages.h"',
            "emulator/include/cvemu/options.h": '#include <string>\n#include "cvemu/version.h"',
            "emulator/emulator.cpp": '#include "cvemu/emulator.h"\n#include "blob/service.h"',
            "tools/fuzz/url.cpp": '#include "base/url.h"\n#include "cvemu/emulator.h"\n#include "target.h"',
            "tools/fuzz/corpus/url/paths": "/ho" + "me/somebody",
            "client_tests/js/how_to.test.js": 'import test from "node:test";',
        }
        self.assertEqual(check(good), (0, []))

    def test_a_floor_does_not_include_upward(self):
        self.refuses("emulator/base/text.cpp", '#include "http/message.h"',
                     "emulator/base/text.cpp:1: base may not include http")

    def test_services_do_not_include_each_other(self):
        self.refuses("emulator/customvision/tags.cpp", '#include <vector>\n#include "blob/service.h"',
                     "emulator/customvision/tags.cpp:2: customvision may not include blob")

    def test_fuzz_targets_stand_beside_the_floors(self):
        self.refuses("emulator/base/text.cpp", '#include "fuzz/target.h"',
                     "emulator/base/text.cpp:1: base may not include fuzz")
        self.refuses("tools/fuzz/url.cpp", '#include "bench/load.h"',
                     "tools/fuzz/url.cpp:1: bench/load.h is of no floor")

    def test_an_include_names_its_floor(self):
        self.refuses("emulator/base/text.cpp", '#include "text.h"',
                     'emulator/base/text.cpp:1: "text.h" does not name its floor')

    def test_a_new_folder_needs_a_row(self):
        self.refuses("emulator/control/attic/box.cpp", "",
                     "emulator/control/attic/box.cpp:1: the folder control/attic is not in the table of rooms")
        self.refuses("emulator/attic/box.cpp", '#include "base/text.h"',
                     "emulator/attic/box.cpp:1: the folder attic is not in the table of floors")

    def test_a_library_stays_in_its_place(self):
        self.refuses("emulator/store/tags.cpp", "#include <sqlite3.h>",
                     "emulator/store/tags.cpp:1: sqlite3.h belongs into db/* only")
        self.refuses("emulator/customvision/tags.cpp", "#include <nlohmann/json.hpp>",
                     "emulator/customvision/tags.cpp:1: nlohmann/json.hpp belongs into base/json.h only")

    def test_a_header_includes_what_it_uses_of_cstdint(self):
        self.refuses("emulator/base/text.h", "#include <string>\nstd::int64_t length();",
                     "emulator/base/text.h:2: uses a type of <cstdint> without including it")

    def test_json_is_read_in_one_place(self):
        for call in ("Json::parse(text)", "nlohmann::json::parse(text)", "Json::accept(text)", "Json::from_cbor(text)"):
            self.refuses("emulator/control/json.cpp", f"const auto json = {call};",
                         "emulator/control/json.cpp:1: JSON is read by base/json.h alone")

    def test_public_headers_include_only_the_standard_library(self):
        self.refuses("emulator/include/cvemu/options.h", "#include <sys/types.h>",
                     "emulator/include/cvemu/options.h:1: public headers include only the standard library and each other")
        self.refuses("emulator/include/cvemu/options.h", '#include "base/clock.h"',
                     "emulator/include/cvemu/options.h:1: include may not include base")

    def test_sql_stays_in_the_store(self):
        self.refuses("emulator/queue/queues.cpp", 'prepare("DELETE FROM queues");',
                     "emulator/queue/queues.cpp:1: SQL belongs into store/")

    def test_unfinished_work_is_refused(self):
        self.refuses("emulator/base/text.h", "// TO" + "DO: later",
                     "emulator/base/text.h:1: unfinished work belongs into an issue")

    def test_paths_of_a_machine_are_refused(self):
        self.refuses("tools/run", "cd /ho" + "me/somebody/cvemu", "tools/run:1: a path of one machine")

    def test_tests_do_not_sleep(self):
        self.refuses("client_tests/python/how_to.py", "time.sl" + "eep(1)",
                     "client_tests/python/how_to.py:1: tests move the clock, they do not sleep")
        self.refuses("emulator/db/database_test.cpp", "std::this_thread::sleep_" + "for(1s);",
                     "emulator/db/database_test.cpp:1: tests move the clock, they do not sleep")

    def test_files_stay_short(self):
        self.refuses("emulator/base/text.cpp", "\n" * 600,
                     "emulator/base/text.cpp:601: longer than 600 lines")


if __name__ == "__main__":
    unittest.main()
