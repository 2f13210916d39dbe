"""A tree of a thousand files through rclone's azureblob backend: copy, sync, check, purge."""
import hashlib
import pathlib
import random
import shutil
import subprocess
import tempfile
import unittest

from emulator import Emulator
from shared_key import Endpoint

ODD_NAMES = ["a blank", "é", "a+b", "100%", "%41", "#hash", "a#b?c&d=e", "\U0001F600", "dir of é/\U0001F600 + %.txt",
             ".hidden", "dots...dots", "'quotes\"", "semi;colon", "[brackets]", "~", "comma,comma", "漢字/ü"]


def make_tree(folder: pathlib.Path, count: int):
    noise = random.Random(1)
    names = ODD_NAMES + [f"folder {n % 7}/{n % 3}/file-{n}" for n in range(count - len(ODD_NAMES))]
    for number, name in enumerate(names):
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(noise.randbytes(0 if number % 10 == 0 else number))
    (folder / "of several blocks").write_bytes(noise.randbytes(9_000_000))


def contents(folder: pathlib.Path) -> "dict[str, str]":
    return {str(file.relative_to(folder)): hashlib.md5(file.read_bytes()).hexdigest()
            for file in folder.rglob("*") if file.is_file()}


@unittest.skipUnless(shutil.which("rclone"), "rclone is not installed")
class Rclone(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.emulator = Emulator()
        self.addCleanup(self.emulator.stop)
        settings = dict(part.split("=", 1) for part in self.emulator.connection_string.split(";") if part)
        self.config = self.folder / "rclone.conf"
        # Without use_emulator this rclone builds https://ACCOUNT.ENDPOINT and nothing else.
        self.config.write_text("[cvemu]\ntype = azureblob\nuse_emulator = true\n"
                               f"account = {settings['AccountName']}\nkey = {settings['AccountKey']}\n"
                               f"endpoint = {settings['BlobEndpoint']}\n")

    def rclone(self, *arguments: str) -> str:
        result = subprocess.run(["rclone", "--config", str(self.config), "--retries", "1", "--low-level-retries", "1",
                                 *arguments], capture_output=True, text=True, timeout=240)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout

    def test_a_tree_there_and_back(self):
        tree, back = self.folder / "tree", self.folder / "back"
        make_tree(tree, 999)
        self.rclone("copy", str(tree), "cvemu:tree", "--transfers", "16")
        self.rclone("check", str(tree), "cvemu:tree", "--checkers", "16")
        listed = self.rclone("lsf", "-R", "--files-only", "--fast-list", "cvemu:tree").splitlines()
        self.assertEqual(sorted(listed), sorted(contents(tree)))
        self.rclone("copy", "cvemu:tree", str(back), "--transfers", "16")
        self.assertEqual(contents(back), contents(tree))

        for name in ODD_NAMES[:5]:
            (tree / name).unlink()
        (tree / "new é").write_text("new")
        (tree / "~").write_text("changed")
        self.rclone("sync", str(tree), "cvemu:tree", "--checkers", "16")
        self.rclone("check", str(tree), "cvemu:tree", "--download", "--checkers", "16")
        self.assertEqual(self.rclone("cat", "cvemu:tree/~"), "changed")

        self.rclone("copyto", "cvemu:tree/of several blocks", "cvemu:other/copied + é")
        self.assertEqual(self.rclone("md5sum", "cvemu:other").split()[0],
                         hashlib.md5((tree / "of several blocks").read_bytes()).hexdigest())
        self.rclone("purge", "cvemu:tree/folder 1")
        self.assertNotIn("folder 1/", self.rclone("lsf", "cvemu:tree").splitlines())
        self.rclone("purge", "cvemu:tree")
        self.assertEqual(self.rclone("lsd", "cvemu:").split()[-1], "other")
        self.assertEqual(Endpoint(self.emulator.connection_string, "Blob").send("GET", "?comp=list").all("Name"), ["other"])


if __name__ == "__main__":
    unittest.main()
