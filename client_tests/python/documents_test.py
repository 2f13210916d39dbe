"""What the documents print as a scenario loads as it is printed."""
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from documents import scenario_blocks
from emulator import Emulator, images


class Documents(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        self.emulator = Emulator("--allow-folder", str(self.folder))
        self.addCleanup(self.emulator.__exit__)

    def folders(self, json_value):
        """Those that the scenario names, wherever."""
        if isinstance(json_value, dict):
            for name, value in json_value.items():
                yield from [value] if name == "folder" else self.folders(value)
        elif isinstance(json_value, list):
            for value in json_value:
                yield from self.folders(value)

    def command(self, *arguments: str):
        return subprocess.run([os.environ["CVEMU"], *arguments, "--url", self.emulator.endpoint], capture_output=True,
                              text=True, cwd=self.folder)

    def test_each_scenario_loads_and_says_what_it_loaded(self):
        for text, block in scenario_blocks():
            for folder in self.folders(block):
                place = self.folder / folder
                place.mkdir(parents=True)
                for file in images("circle"):
                    shutil.copy(file, place)
            file = self.folder / "scenario.json"
            file.write_text(text, "utf-8")
            for command in ("validate", "load"):
                done = self.command(command, str(file))
                self.assertEqual(done.returncode, 0, done.stderr)
            for project in block["projects"]:
                self.assertIn(f'project "{project["name"]}"', done.stdout)
            self.assertEqual(done.stdout.count("\n"), 1, done.stdout)

            again = self.command("load", str(file))
            self.assertEqual(again.returncode, 1)
            self.assertIn(block["projects"][0]["name"], again.stderr)
            replaced = self.command("load", "--replace", str(file))
            self.assertEqual(replaced.returncode, 0, replaced.stderr)
            self.assertIn("Replaced", replaced.stdout)
            self.assertEqual(len(self.emulator.control("projects")["projects"]), len(block["projects"]))
            self.emulator.control("reset", {})


if __name__ == "__main__":
    unittest.main()
