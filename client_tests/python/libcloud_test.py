"""Apache Libcloud's driver of Azure blobs: a client with its own signing code."""
import io
import pathlib
import tempfile
import unittest
import urllib.request

from libcloud.storage.drivers.azure_blobs import AzureBlobsStorageDriver
from libcloud.storage.types import ContainerDoesNotExistError, ObjectDoesNotExistError

from emulator import Emulator

LARGE = bytes(range(256)) * 20_000  # more than one of its blocks of 4 MiB


class Libcloud(unittest.TestCase):
    def setUp(self):
        emulator = Emulator()
        self.addCleanup(emulator.stop)
        settings = dict(part.split("=", 1) for part in emulator.connection_string.split(";") if part)
        host, port = settings["BlobEndpoint"].split("/")[2].split(":")
        self.driver = AzureBlobsStorageDriver(key=settings["AccountName"], secret=settings["AccountKey"], secure=False,
                                              host=host, port=int(port))
        self.container = self.driver.create_container("libcloud")

    def upload(self, name: str, body: bytes, **extra):
        extra.setdefault("content_type", "text/plain")
        return self.container.upload_object_via_stream(io.BytesIO(body), name, extra=extra)

    def test_objects_there_and_back(self):
        bodies = {"empty": b"", "folder/a blank + 100%": b"short", "large": LARGE}
        for name, body in bodies.items():
            self.upload(name, body, meta_data={"of": "a test"})
        self.assertEqual({found.name: found.size for found in self.container.list_objects()},
                         {name: len(body) for name, body in bodies.items()})
        self.assertEqual([found.name for found in self.container.list_objects(prefix="folder/")],
                         ["folder/a blank + 100%"])
        for name, body in bodies.items():
            found = self.container.get_object(name)
            self.assertEqual(found.meta_data, {"of": "a test"})
            self.assertEqual(b"".join(self.driver.download_object_as_stream(found)), body)

        large = self.container.get_object("large")
        self.assertEqual(b"".join(self.driver.download_object_range_as_stream(large, 5, 1000)), LARGE[5:1000])
        with urllib.request.urlopen(self.driver.get_object_cdn_url(large)) as answer:
            self.assertEqual(answer.read(), LARGE)
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "large"
            self.assertTrue(large.download(str(file)))
            self.assertEqual(file.read_bytes(), LARGE)

    def test_what_is_missing_is_missing(self):
        with self.assertRaises(ObjectDoesNotExistError):
            self.container.get_object("none")
        with self.assertRaises(ContainerDoesNotExistError):
            self.driver.get_container("none")
        self.upload("a", b"a")
        self.assertTrue(self.container.get_object("a").delete())
        self.assertEqual(self.container.list_objects(), [])
        self.assertTrue(self.container.delete())
        self.assertEqual(self.driver.list_containers(), [])


if __name__ == "__main__":
    unittest.main()
