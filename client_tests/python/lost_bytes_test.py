"""Files that a power loss took: what is broken is gone and said to be, and nothing answers with other bytes."""
import base64
import json
import pathlib
import random
import shutil
import struct
import tempfile
import unittest
import urllib.request

from emulator import Emulator, images
from shared_key import Endpoint

LENGTH = 100_000  # so large that it is a file of its own
RESOURCE = "/subscriptions/1/resourceGroups/g/providers/Microsoft.CognitiveServices/accounts/a"
BLOCK_LIST = '<?xml version="1.0" encoding="utf-8"?><BlockList>{}</BlockList>'


def bytes_of(number: int, length: int = LENGTH) -> bytes:
    return random.Random(number).randbytes(length)


class Store(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name) / "state"
        self.log = pathlib.Path(folder.name) / "log"
        self.start()

    def start(self):
        with self.log.open("w") as log:
            self.emulator = Emulator("--location", str(self.folder), "--clock", "automatic", stderr=log)
        self.addCleanup(self.emulator.__exit__)
        self.blob = Endpoint(self.emulator.connection_string, "Blob")

    def files(self) -> "list[pathlib.Path]":
        """The newest last."""
        return sorted((self.folder / "cvemu.sqlite3-bytes").iterdir(), key=lambda file: int(file.name))

    def written_by(self, write) -> "list[pathlib.Path]":
        before = set(self.files()) if (self.folder / "cvemu.sqlite3-bytes").exists() else set()
        write()
        return [file for file in self.files() if file not in before]

    def dropped(self) -> "list[dict]":
        """What the journal says, oldest first."""
        return self.emulator.control("journal?operation=DropLostBlob")["entries"][::-1]

    def lines(self) -> "list[str]":
        return self.log.read_text().splitlines()


class Blobs(Store):
    def setUp(self):
        super().setUp()
        self.assertEqual(self.blob.send("PUT", "/con?restype=container").status, 201)

    def put(self, name: str, body: bytes, **headers: str):
        answer = self.blob.send("PUT", f"/con/{name}", body, x_ms_blob_type="BlockBlob", **headers)
        self.assertEqual(answer.status, 201, answer.body)

    def names(self, query: str = "") -> "list[str]":
        return self.blob.send("GET", f"/con?restype=container&comp=list{query}").all("Name")

    def is_gone(self, target: str):
        for method in ("GET", "HEAD"):
            answer = self.blob.send(method, target)
            self.assertEqual((answer.status, answer.code), (404, "BlobNotFound"), target)

    def says(self, path: str, reason: str):
        """One line of the log and one entry of the journal."""
        found = [entry for entry in self.dropped() if entry["response"]["body"] == reason]
        self.assertEqual([(entry["path"], entry["service"], entry["internal"]) for entry in found],
                         [(f"/{self.blob.account}/{path}", "blob", True)])
        self.assertEqual(len([line for line in self.lines() if path in line and line.endswith(reason)]), 1, self.lines())

    def test_a_new_blob_does_not_answer_for_an_old_one(self):
        self.put("kept", bytes_of(1))
        self.put("old", bytes_of(2))
        newest = self.files()[-1]
        self.emulator.kill()
        newest.unlink()
        self.start()
        self.put("new", bytes_of(3))
        self.is_gone("/con/old")
        self.assertEqual(self.names(), ["kept", "new"])
        self.assertEqual(self.blob.send("GET", "/con/new").body, bytes_of(3))
        self.assertEqual(self.blob.send("GET", "/con/kept").body, bytes_of(1))
        self.says("con/old", f"file {newest.name} is missing")
        entry, = self.emulator.control("journal?blob=old&internal=true")["entries"]
        self.assertEqual((entry["container"], entry["request"]["headers"]), ("con", {"Host": self.blob.host}))
        self.emulator.kill()
        self.start()
        self.assertEqual(self.dropped(), [])
        self.assertEqual(self.names(), ["kept", "new"])

    def test_a_file_that_was_cut_or_grew_is_no_blob(self):
        for name, length in (("empty", 0), ("cut", LENGTH - 1), ("grown", LENGTH + 1)):
            file, = self.written_by(lambda: self.put(name, bytes_of(1)))
            self.emulator.kill()
            file.write_bytes(bytes_of(1, length))
            self.start()
            self.is_gone(f"/con/{name}")
            self.says(f"con/{name}", f"file {file.name} has {length} bytes instead of {LENGTH}")
            self.assertFalse(file.exists())
        self.assertEqual(self.names(), [])

    def test_an_older_copy_of_the_database_finds_its_own_bytes_or_none(self):
        self.put("old", bytes_of(1))
        self.put("kept", bytes_of(2))
        self.emulator.stop()
        backup = self.folder / "backup"
        shutil.copy(self.folder / "cvemu.sqlite3", backup)
        self.start()
        self.assertEqual(self.blob.send("DELETE", "/con/old").status, 202)
        self.put("new", bytes_of(3))
        self.emulator.stop()
        self.start()
        self.put("newer", bytes_of(4))
        self.emulator.stop()
        backup.replace(self.folder / "cvemu.sqlite3")
        self.start()
        self.is_gone("/con/old")
        self.assertEqual(self.names(), ["kept"])
        self.assertEqual(self.blob.send("GET", "/con/kept").body, bytes_of(2))
        self.assertEqual([entry["blob"] for entry in self.dropped()], ["old"])

    def commit(self, name: str, *blocks: str):
        body = BLOCK_LIST.format("".join(f"<Latest>{block}</Latest>" for block in blocks))
        return self.blob.send("PUT", f"/con/{name}?comp=blocklist", body.encode())

    def put_block(self, name: str, block: str, body: bytes):
        self.assertEqual(self.blob.send("PUT", f"/con/{name}?comp=block&blockid={block}", body).status, 201)

    def test_blobs_of_parts_are_dropped_whole(self):
        def write():
            for number, block in enumerate(("QQ==", "Qg==")):
                self.put_block("blocks", block, bytes_of(number))
        lost = self.written_by(write)[-1:]
        self.assertEqual(self.commit("blocks", "QQ==", "Qg==").status, 201)
        self.assertEqual(self.blob.send("PUT", "/con/blocks?comp=snapshot").status, 201)
        self.blob.send("PUT", "/con/append", x_ms_blob_type="AppendBlob")
        self.blob.send("PUT", "/con/append?comp=appendblock", b"short")
        lost += self.written_by(lambda: self.blob.send("PUT", "/con/append?comp=appendblock", bytes_of(2)))
        self.blob.send("PUT", "/con/page", x_ms_blob_type="PageBlob", x_ms_blob_content_length=str(1 << 20))
        lost += self.written_by(lambda: self.blob.send(
            "PUT", "/con/page?comp=page", bytes_of(3, 102_400), x_ms_page_write="update", x_ms_range="bytes=512-102911"))
        self.put("whole", bytes_of(4))
        self.assertEqual(len(lost), 3)
        self.emulator.kill()
        for file in lost:
            file.unlink()
        self.start()
        for name in ("blocks", "append", "page"):
            self.is_gone(f"/con/{name}")
        self.assertEqual(self.names("&include=snapshots"), ["whole"])
        self.assertEqual([entry["blob"] for entry in self.dropped()], ["append", "blocks", "blocks", "page"])
        self.says("con/append", f"at byte 5, file {lost[1].name} is missing")
        self.says("con/page", f"at byte 512, file {lost[2].name} is missing")
        self.assertEqual(len(self.files()), 1)
        self.assertEqual(self.blob.send("GET", "/con/whole").body, bytes_of(4))

    def test_an_uncommitted_block_is_to_be_sent_again(self):
        file, = self.written_by(lambda: self.put_block("x", "QQ==", bytes_of(1)))
        self.put_block("x", "Qg==", bytes_of(2))
        self.put_block("x", "Qw==", b"short")
        self.emulator.kill()
        file.unlink()
        self.start()
        listed = self.blob.send("GET", "/con/x?comp=blocklist&blocklisttype=all")
        self.assertEqual(listed.all("Name"), ["Qg==", "Qw=="])
        refused = self.commit("x", "QQ==", "Qg==")
        self.assertEqual((refused.status, refused.code), (400, "InvalidBlockList"))
        self.put_block("x", "QQ==", bytes_of(1))
        self.assertEqual(self.commit("x", "QQ==", "Qg==", "Qw==").status, 201)
        self.assertEqual(self.blob.send("GET", "/con/x").body, bytes_of(1) + bytes_of(2) + b"short")

    def test_a_snapshot_outlives_its_blob(self):
        self.put("x", bytes_of(1))
        snapshot = self.blob.send("PUT", "/con/x?comp=snapshot").headers["x-ms-snapshot"]
        file, = self.written_by(lambda: self.put("x", bytes_of(2)))
        self.emulator.kill()
        file.unlink()
        self.start()
        self.is_gone("/con/x")
        self.assertEqual(self.blob.send("GET", f"/con/x?snapshot={snapshot}").body, bytes_of(1))
        self.put("x", bytes_of(3))
        self.assertEqual(self.blob.send("GET", "/con/x").body, bytes_of(3))

    def test_a_folder_that_cannot_be_read_drops_nothing(self):
        self.put("x", bytes_of(1))
        self.emulator.stop()
        folder, aside = self.folder / "cvemu.sqlite3-bytes", self.folder / "aside"
        folder.rename(aside)
        folder.write_text("not a folder")
        with self.assertRaisesRegex(RuntimeError, "ended with 4"):
            self.start()
        self.assertIn("cvemu.sqlite3-bytes", self.log.read_text())
        folder.unlink()
        aside.rename(folder)
        self.start()
        self.assertEqual(self.blob.send("GET", "/con/x").body, bytes_of(1))

    def test_while_it_runs_lost_bytes_are_an_error(self):
        file, = self.written_by(lambda: self.put("x", bytes_of(1)))
        for break_it in (lambda: file.write_bytes(bytes_of(1, LENGTH - 1)), file.unlink):
            break_it()
            for headers in ({}, {"range": "bytes=90000-99999"}):
                answer = self.blob.send("GET", "/con/x", **headers)
                self.assertEqual((answer.status, answer.code), (500, "InternalError"))
        self.put("x", bytes_of(2))
        self.assertEqual(self.blob.send("GET", "/con/x").body, bytes_of(2))


def noise(width: int, height: int) -> bytes:
    """A bitmap that no codec makes small."""
    row = width * 3 + -width * 3 % 4
    header = struct.pack("<2sIII", b"BM", 54 + row * height, 0, 54)
    header += struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, row * height, 0, 0, 0, 0)
    return header + bytes_of(1, row * height)


class Vision(Store):
    def setUp(self):
        super().setUp()
        query = "?name=p&domainId=0732100f-1a38-4e49-a514-c9b44c697ab5"  # General (compact)
        self.project = self.call("POST", f"/projects{query}")["id"]
        self.path = f"/projects/{self.project}"

    def call(self, method: str, path: str, body=None):
        request = urllib.request.Request(f"{self.emulator.endpoint}/customvision/v3.3/training{path}", method=method,
                                         data=None if body is None else json.dumps(body).encode(),
                                         headers={"Training-key": "any", "Content-Type": "application/json"})
        with urllib.request.urlopen(request) as answer:
            text = answer.read()
            return json.loads(text) if text else None

    def upload(self, tags: "list[str]", *pictures: bytes):
        batch = {"images": [{"name": "n", "contents": base64.b64encode(picture).decode()} for picture in pictures]}
        answer = self.call("POST", f"{self.path}/images/files", {**batch, "tagIds": tags})
        return [(entry["status"], entry["image"]["id"]) for entry in answer["images"]]

    def read(self, url: str) -> bytes:
        with urllib.request.urlopen(url) as answer:
            return answer.read()

    def images(self) -> "list[dict]":
        return self.call("GET", f"{self.path}/images")

    def lose(self, files: "list[pathlib.Path]"):
        self.emulator.kill()
        for file in files:
            file.unlink()
        self.start()

    def test_an_image_without_its_file_leaves_the_project_and_can_be_uploaded_again(self):
        large, other = noise(200, 200), noise(201, 200)
        lost = self.written_by(lambda: self.upload([], large))
        kept = self.upload([], other)[0][1]
        self.lose(lost)
        self.assertEqual([image["id"] for image in self.images()], [kept])
        self.assertEqual(self.call("GET", f"{self.path}/images/untagged/count"), 1)
        self.read(self.call("GET", self.path)["thumbnailUri"])
        entry, = self.dropped()
        self.assertIn("has left the project p", entry["response"]["body"])
        self.assertEqual(self.upload([], large)[0][0], "OK")
        self.assertEqual([self.read(image["originalImageUri"]) for image in self.images()], [large, other])

    def test_a_resized_copy_is_drawn_again(self):
        files = self.written_by(lambda: self.upload([], noise(1700, 400)))
        original, resized = sorted(files, key=lambda file: file.stat().st_size, reverse=True)[:2]
        image, = self.images()
        before = self.read(image["resizedImageUri"])
        self.assertEqual(len(before), resized.stat().st_size)
        self.lose([resized])
        image, = self.images()
        self.assertEqual(self.read(image["resizedImageUri"]), before)
        self.assertEqual(self.read(image["originalImageUri"]), noise(1700, 400))
        self.assertIn("drawn again", self.dropped()[0]["response"]["body"])

    def train(self) -> str:
        """The path of an iteration that is completed. Its tags have names that make exports large."""
        for kind in ("circle", "square"):
            names = (kind + base64.urlsafe_b64encode(bytes_of(number, 21_000)).decode() for number in range(2))
            tags = [self.call("POST", f"{self.path}/tags?name={name}")["id"] for name in names]
            self.upload(tags, *(file.read_bytes() for file in images(kind)))
        iteration = self.call("POST", f"{self.path}/train")["id"]
        self.emulator.advance("1h")
        return f"{self.path}/iterations/{iteration}"

    def test_an_export_without_its_model_has_failed_and_can_be_asked_for_again(self):
        exports = f"{self.train()}/export"
        self.call("POST", f"{exports}?platform=TensorFlow")
        lost = self.written_by(lambda: self.emulator.advance("1h"))
        self.assertEqual(len(lost), 1)
        self.lose(lost)
        self.assertEqual([(one["status"], one["downloadUri"]) for one in self.call("GET", exports)], [("Failed", None)])
        self.assertIn("to TensorFlow has Failed", self.dropped()[0]["response"]["body"])
        self.call("POST", f"{exports}?platform=TensorFlow")
        self.emulator.advance("1h")
        done, = self.call("GET", exports)
        self.assertEqual(done["status"], "Done")
        self.assertTrue(self.read(done["downloadUri"]).startswith(b"PK"))

    def test_who_waits_for_an_export_hears_that_its_model_was_lost(self):
        queue = Endpoint(self.emulator.connection_string, "Queue")
        self.assertEqual(queue.send("PUT", "/notifications").status, 201)
        self.assertEqual(self.blob.send("PUT", "/models?restype=container").status, 201)
        self.call("PATCH", self.path, {"settings": {
            "notificationQueueUri": f"https://{queue.account}.queue.core.windows.net/notifications",
            "exportModelContainerUri": f"https://{self.blob.account}.blob.core.windows.net/models"}})
        path = self.train()
        self.emulator.control("transitions/export", {"outcomes": [{"notify": {"delay": "30d"}}]}, "PUT")
        self.call("POST", f"{path}/export?platform=ONNX")
        lost = self.written_by(lambda: self.emulator.advance("1h"))
        self.assertEqual(self.call("GET", f"{path}/export")[0]["status"], "Done")
        self.lose(lost)
        self.emulator.advance("30d")
        queue = Endpoint(self.emulator.connection_string, "Queue")
        texts = queue.send("GET", "/notifications/messages?numofmessages=32").all("MessageText")
        self.assertIn("ExportFailed", texts[-1])
        self.assertEqual(self.blob.send("GET", "/models?restype=container&comp=list").all("Name"), [])

    def predict(self, picture: bytes) -> str:
        request = urllib.request.Request(
            f"{self.emulator.endpoint}/customvision/v3.0/Prediction/{self.project}/classify/iterations/live/image",
            data=picture, headers={"Prediction-key": "any", "Content-Type": "application/octet-stream"})
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)["id"]

    def predictions(self) -> "list[dict]":
        return self.call("POST", f"{self.path}/predictions/query", {"orderBy": "Oldest"})["results"]

    def test_a_prediction_without_its_picture_is_deleted(self):
        self.call("POST", f"{self.train()}/publish?publishName=live&predictionId={RESOURCE}")
        lost = self.written_by(lambda: self.predict(noise(200, 200)))
        kept = self.predict(noise(201, 200))
        self.assertEqual(len(self.predictions()), 2)
        self.lose(lost)
        self.assertEqual([one["id"] for one in self.predictions()], [kept])
        self.assertEqual(self.read(self.predictions()[0]["originalImageUri"]), noise(201, 200))
        self.assertIn("was deleted", self.dropped()[0]["response"]["body"])


if __name__ == "__main__":
    unittest.main()
