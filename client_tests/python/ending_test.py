"""The program ends when it is told to, whatever it does. How fast is measured by tools/bench/ending."""
import json
import os
import pathlib
import signal
import subprocess
import tempfile
import threading
import unittest
import urllib.error
import urllib.request

from emulator import Emulator
from shared_key import Endpoint

LONG = {"projects": [{"name": "long", "tags": ["a", "b"],
                      "images": [{"tag": "a", "count": 50000}, {"tag": "b", "count": 50000}]}]}


class Ending(unittest.TestCase):
    def ends(self, process: subprocess.Popen):
        """Within the time after which a test counts as hanging."""
        self.assertEqual(process.wait(timeout=20), 0)

    def begin(self, emulator: Emulator, method: str, path: str, body: bytes, wait_for: str):
        """Sends a request that will not be answered before the end, and returns when its work has begun."""
        request = urllib.request.Request(f"{emulator.endpoint}/_emulator/{path}", data=body, method=method)

        def send():
            try:
                urllib.request.urlopen(request).close()
            except (urllib.error.URLError, OSError):
                pass

        thread = threading.Thread(target=send, daemon=True)
        thread.start()
        self.addCleanup(thread.join)
        while emulator.control(f"journal?operation={wait_for}")["entries"] == []:
            pass

    def test_in_the_middle_of_a_scenario_of_100000_images(self):
        with Emulator() as emulator:
            self.begin(emulator, "POST", "scenarios", json.dumps(LONG).encode(), "CreateImagesFromFiles")
            emulator.process.terminate()
            self.ends(emulator.process)

    def test_in_the_middle_of_a_scenario_at_the_start(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "long.json"
            file.write_text(json.dumps(LONG))
            log = pathlib.Path(folder) / "log"
            for signal_number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                with log.open("wb") as output:
                    process = subprocess.Popen(
                        [os.environ["CVEMU"], "--port", "0", "--blob-port", "0", "--queue-port", "0", "--scenario",
                         str(file), "--log-level", "request"], stdout=output)
                while b"CreateImagesFromFiles" not in log.read_bytes():
                    self.assertIsNone(process.poll(), log.read_bytes())
                process.send_signal(signal_number)
                self.ends(process)

    def test_in_the_middle_of_a_scenario_with_a_folder_that_never_ends(self):
        scenario = {"projects": [{"name": "long", "tags": ["a"], "images": [{"tag": "a", "folder": "/proc/self"}]}]}
        with Emulator("--allow-folder", "/") as emulator:
            request = urllib.request.Request(f"{emulator.endpoint}/_emulator/scenarios", data=json.dumps(scenario).encode())
            with self.assertRaises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(request)
            refused.exception.close()
            self.assertEqual(refused.exception.code, 400)
            emulator.process.terminate()
            self.ends(emulator.process)

    def test_in_the_middle_of_a_hundred_years_of_retries(self):
        with Emulator("--clock", "frozen", stderr=subprocess.DEVNULL) as emulator:
            queue = Endpoint(emulator.connection_string, "Queue")
            queue.send("PUT", "/gone")
            uri = f"http://{queue.host}{queue.root}/gone"
            request = urllib.request.Request(
                f"{emulator.endpoint}/customvision/v3.3/training/projects?name=p",
                data=json.dumps({"notificationQueueUri": uri}).encode(),
                headers={"Training-Key": "k", "Content-Type": "application/json"})
            urllib.request.urlopen(request).close()
            queue.send("DELETE", "/gone")
            emulator.control("notifications/trigger", {"type": "ConnectionTest", "project": "p"})
            self.begin(emulator, "POST", "clock/advance", b'{"by": "36500d"}', "PutMessage")
            emulator.process.terminate()
            self.ends(emulator.process)

    def test_what_was_answered_is_kept(self):
        with tempfile.TemporaryDirectory() as folder:
            with Emulator("--location", folder) as emulator:
                queue = Endpoint(emulator.connection_string, "Queue")
                self.assertEqual(queue.send("PUT", "/kept").status, 201)
                self.begin(emulator, "POST", "scenarios", json.dumps(LONG).encode(), "CreateImagesFromFiles")
                emulator.process.terminate()
                self.ends(emulator.process)
            with Emulator("--location", folder) as emulator:
                queue = Endpoint(emulator.connection_string, "Queue")
                self.assertEqual(queue.send("HEAD", "/kept?comp=metadata").status, 200)


if __name__ == "__main__":
    unittest.main()
