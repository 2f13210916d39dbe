"""Runs the real binary on free ports. CVEMU names it."""
import json
import os
import pathlib
import subprocess
import tempfile
import unittest
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


class Emulator:
    def __init__(self, *options: str, stderr=None):
        usual = {"--port": "0", "--blob-port": "0", "--queue-port": "0", "--output": "json", "--log-level": "warning"}
        command = [os.environ["CVEMU"], *options]
        for option, value in usual.items():
            if option not in options:
                command += [option, value]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=stderr, text=True)
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"the emulator ended with {self.process.wait()}")
        self.ready = json.loads(line)

    def stop(self) -> int:
        self.process.terminate()
        return self._ended()

    def kill(self) -> int:
        self.process.kill()
        return self._ended()

    def _ended(self) -> int:
        code = self.process.wait(timeout=30)
        self.process.stdout.close()
        return code

    def __enter__(self) -> "Emulator":
        return self

    def __exit__(self, *_) -> None:
        if self.process.poll() is None:
            self.stop()

    @property
    def endpoint(self) -> str:
        return self.ready["endpoints"]["customVision"]

    @property
    def connection_string(self) -> str:
        return self.ready["storageConnectionString"]

    def memory(self, field: str) -> int:
        """Bytes of a row of the kernel's: "VmHWM" is the most that it has ever had."""
        lines = pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(field + ":"))

    @property
    def has_sanitizer(self) -> bool:
        """Then its memory says nothing about the program's: the sanitizers reserve terabytes of addresses."""
        return self.memory("VmSize") > 1 << 40

    def control(self, path: str, body: "dict | None" = None, method: "str | None" = None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.endpoint}/_emulator/{path}", data=data, method=method)
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def advance(self, by: str):
        """Moves the emulator's clock; what becomes due has happened when this returns."""
        return self.control("clock/advance", {"by": by})["fired"]


class Temporary(unittest.TestCase):
    """A test with a folder of its own, and emulators that end with it."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def file(self, name: str, content) -> str:
        path = self.folder / name
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return str(path)

    def start(self, *options: str) -> Emulator:
        emulator = Emulator(*options)
        self.addCleanup(emulator.__exit__)
        return emulator


def notification(name: str, **values: str) -> dict:
    text = (ROOT / "fixtures" / "notifications" / f"{name}.json").read_text("utf-8")
    for key, value in values.items():
        text = text.replace("{" + key + "}", value)
    return json.loads(text)


def images(kind: str) -> "list[pathlib.Path]":
    return sorted((ROOT / "fixtures" / "images" / kind).iterdir())
