"""A full disk, played by the limit on the size of files: clear errors, nothing lost, and on as soon as there is room."""
import json
import pathlib
import resource
import tempfile
import unittest
import urllib.error
import urllib.request

from emulator import Emulator
from shared_key import Endpoint

KIB = 1024
BODY = b"0123456789abcdef" * (20 * KIB)  # 320 KiB: written in two transactions


class FullDisk(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def start(self) -> Emulator:
        emulator = Emulator("--location", str(self.folder))
        self.addCleanup(emulator.__exit__)
        self.blob, self.queue = (Endpoint(emulator.connection_string, service) for service in ("Blob", "Queue"))
        return emulator

    def limit_files(self, emulator: Emulator, size: int):
        _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.prlimit(emulator.process.pid, resource.RLIMIT_FSIZE, (size, most))

    def put_blob(self, name: str):
        return self.blob.send("PUT", f"/full/{name}", BODY, x_ms_blob_type="BlockBlob")

    def put_message(self):
        return self.queue.send("POST", "/full/messages", b"<QueueMessage><MessageText>x</MessageText></QueueMessage>")

    def refuses_a_project(self, emulator: Emulator):
        request = urllib.request.Request(f"{emulator.endpoint}/customvision/v3.3/training/projects?name=none",
                                         method="POST", headers={"Training-Key": "any"})
        with self.assertRaises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(request)
        with caught.exception as answer:
            self.assertEqual(answer.status, 500)
            self.assertIn("disk", json.load(answer)["message"])

    def fill(self, put) -> int:
        """Puts until there is no room; answers how often that went well."""
        for count in range(10_000):
            answer = put(count)
            if answer.status != 201:
                self.assertEqual((answer.status, answer.code), (503, "ServerBusy"), answer.body)
                self.assertIn("disk", answer.text)
                self.assertTrue(answer.headers["x-ms-request-id"])
                return count
        raise AssertionError("there is no end of the room")

    def check(self, blobs: int, messages: int):
        names = self.blob.send("GET", "/full?restype=container&comp=list").all("Name")
        self.assertEqual(names, sorted(f"{number:04}" for number in range(blobs)))
        for name in names:
            self.assertEqual(self.blob.send("GET", f"/full/{name}").body, BODY)
        headers = self.queue.send("GET", "/full?comp=metadata").headers
        self.assertEqual(headers["x-ms-approximate-messages-count"], str(messages))

    def test_nothing_is_lost_and_it_goes_on_when_there_is_room(self):
        emulator = self.start()
        self.assertEqual(self.blob.send("PUT", "/full?restype=container").status, 201)
        self.assertEqual(self.queue.send("PUT", "/full").status, 201)
        largest = max(file.stat().st_size for file in self.folder.iterdir())
        self.limit_files(emulator, largest + 8 * 1024 * KIB)
        blobs = self.fill(lambda number: self.put_blob(f"{number:04}"))
        self.assertGreater(blobs, 0)
        messages = self.fill(lambda _: self.put_message())
        self.refuses_a_project(emulator)
        self.check(blobs, messages)

        self.limit_files(emulator, resource.RLIM_INFINITY)
        self.assertEqual(self.put_blob(f"{blobs:04}").status, 201)
        self.assertEqual(self.put_message().status, 201)
        self.check(blobs + 1, messages + 1)
        emulator.kill()
        self.start()
        self.check(blobs + 1, messages + 1)


if __name__ == "__main__":
    unittest.main()
