"""A blob goes in and out as a stream: the memory of the emulator stays flat."""
import http.client
import tempfile
import unittest
import urllib.request

from emulator import Emulator
from shared_key import Endpoint

MIB = 1024 * 1024
SIZE = 256 * MIB
GROWTH = 16 * MIB


def piece(number: int) -> bytes:
    """The bytes of one MiB; no two are the same."""
    return number.to_bytes(8, "big") * (MIB // 8)


class Source:
    """A body that is never in memory as a whole."""

    def __init__(self):
        self.left = (piece(number) for number in range(SIZE // MIB))

    def read(self, _: int) -> bytes:
        return next(self.left, b"")


class BigBlob(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.emulator = Emulator("--location", folder.name)
        self.addCleanup(self.emulator.stop)
        self.endpoint = Endpoint(self.emulator.connection_string, "Blob")
        self.endpoint.send("PUT", "/big?restype=container")

    def put(self, name: str, body, size: int):
        answer = self.endpoint.send("PUT", f"/big/{name}", body, content_length=str(size), x_ms_blob_type="BlockBlob")
        self.assertEqual(answer.status, 201, answer.body)

    def check_download(self, name: str):
        connection = http.client.HTTPConnection(self.endpoint.host, timeout=60)
        self.addCleanup(connection.close)
        response = self.endpoint.open(connection, "GET", f"/big/{name}")
        for number in range(SIZE // MIB):
            self.assertEqual(response.read(MIB), piece(number))
        self.assertEqual(response.read(), b"")

    def check_control(self, name: str):
        url = f"{self.emulator.endpoint}/_emulator/storage/{self.endpoint.account}/containers/big/blobs/{name}"
        with urllib.request.urlopen(url, timeout=60) as answer:
            for number in range(SIZE // MIB):
                self.assertEqual(answer.read(MIB), piece(number))
            self.assertEqual(answer.read(), b"")

    def test_memory_stays_flat_while_a_blob_goes_in_and_out(self):
        if self.emulator.has_sanitizer:
            self.skipTest("the memory of a sanitizer's build says nothing")
        self.put("small", piece(0), MIB)
        before = self.emulator.memory("VmHWM")
        self.put("big", Source(), SIZE)
        self.assertLess(self.emulator.memory("VmHWM") - before, GROWTH)
        self.check_download("big")
        self.check_control("big")
        self.assertLess(self.emulator.memory("VmHWM") - before, GROWTH)


if __name__ == "__main__":
    unittest.main()
