"""Files that earlier releases wrote (fixtures/databases) open, hold what was put into them, and go on from there.

tools/make_database_fixture made them. One class for each file: a schema that is no longer the newest keeps its own.
"""
import contextlib
import json
import pathlib
import sqlite3
import subprocess
import tarfile
import tempfile
import unittest
import urllib.request

from emulator import ROOT, Emulator, images
from shared_key import Endpoint

FILES = {int(file.name.removeprefix("schema-").removesuffix(".tar.xz")): file
         for file in (ROOT / "fixtures" / "databases").glob("schema-*.tar.xz")}
# Script 8 undone: what 0.1.0 wrote, which had schema 7, differs in this index alone.
BACK_TO_7 = ("DROP INDEX contents_long; CREATE INDEX contents_long ON contents (place) WHERE place IS NOT NULL;"
             "PRAGMA user_version=7")


class Opened(unittest.TestCase):
    """An emulator on a copy of one file; its clock stands where it stood when the file was closed."""

    schema, change = max(FILES), ""

    def stored_schema(self) -> int:
        with contextlib.closing(sqlite3.connect(self.folder / "cvemu.sqlite3")) as connection:
            return connection.execute("PRAGMA user_version").fetchone()[0]

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name, "state")
        with tarfile.open(FILES[self.schema]) as archive:
            archive.extractall(folder.name)
        self.sql(self.change)
        self.emulator = Emulator("--location", str(self.folder))
        self.addCleanup(self.emulator.__exit__)
        self.queue, self.blob = (Endpoint(self.emulator.connection_string, service) for service in ("Queue", "Blob"))

    def sql(self, script: str):
        connection = sqlite3.connect(self.folder / "cvemu.sqlite3")
        connection.executescript(script)
        connection.close()

    def read(self, target: str) -> bytes:
        answer = self.blob.send("GET", target)
        self.assertEqual(answer.status, 200, target)
        return answer.body

    def fetch(self, url: str, method: str = "GET", body: "bytes | None" = None,
              kind: str = "application/octet-stream") -> bytes:
        request = urllib.request.Request(url, data=body, method=method, headers={
            "Training-key": "any", "Prediction-key": "any", "Content-Type": kind})
        with urllib.request.urlopen(request) as answer:
            return answer.read()

    def training(self, method: str, path: str, body: "bytes | None" = None):
        url = f"{self.emulator.endpoint}/customvision/v3.3/training/projects{path}"
        return json.loads(self.fetch(url, method, body, "application/json"))

    def project(self) -> dict:
        project, = self.training("GET", "")
        return project

    def notifications(self) -> "list[dict]":
        queue = self.emulator.control(f"storage/{self.queue.account}/queues/notifications/messages")
        return [json.loads(message["text"]) for message in queue["messages"]]


class Contents:
    """What tools/make_database_fixture put in."""

    def test_queues_keep_messages_their_visibility_and_metadata(self):
        self.assertEqual(self.queue.send("GET", "/?comp=list").all("Name"), ["notifications", "orders"])
        self.assertEqual(self.queue.send("GET", "/orders?comp=metadata").headers["x-ms-meta-owner"], "shop")
        peek = "/orders/messages?peekonly=true&numofmessages=32"
        self.assertEqual(self.queue.send("GET", peek).all("MessageText"), ["second"])
        self.emulator.advance("1h")
        answer = self.queue.send("GET", peek)
        self.assertEqual(dict(zip(answer.all("MessageText"), answer.all("DequeueCount"))), {"first": "1", "second": "0"})

    def test_blobs_keep_bytes_and_properties(self):
        names = self.blob.send("GET", "/mixed?restype=container&comp=list").all("Name")
        self.assertEqual(names, ["append", "block", "blocks", "large", "page"])
        answer = self.blob.send("GET", "/mixed/block")
        self.assertEqual((answer.body, answer.headers["x-ms-meta-colour"], answer.headers["Content-Type"]),
                         (b"block", "green", "text/plain"))
        self.assertEqual(self.blob.send("GET", "/mixed/block?comp=tags").all("Value"), ["leaf"])
        snapshot, = self.blob.send("GET", "/mixed?restype=container&comp=list&include=snapshots").all("Snapshot")
        self.assertEqual(self.read(f"/mixed/block?snapshot={snapshot}"), b"old")
        self.assertEqual(self.read("/mixed/append"), b"append")
        self.assertEqual(self.read("/mixed/page"), bytes(512) + b"p" * 512)
        self.assertEqual(self.read("/mixed/large"), b"0123456789abcdef" * 4097)

    def test_blocks_that_were_not_committed_can_be(self):
        answer = self.blob.send("GET", "/mixed/blocks?comp=blocklist&blocklisttype=all")
        self.assertEqual((answer.all("Name"), answer.all("Size")), (["QQ==", "Qg=="], ["9", "11"]))
        body = '<?xml version="1.0" encoding="utf-8"?><BlockList><Latest>QQ==</Latest><Latest>Qg==</Latest></BlockList>'
        self.assertEqual(self.blob.send("PUT", "/mixed/blocks?comp=blocklist", body.encode()).status, 201)
        self.assertEqual(self.read("/mixed/blocks"), b"committeduncommitted")

    def test_a_project_keeps_settings_tags_and_pictures(self):
        project = self.project()
        self.assertEqual((project["name"], project["description"]), ("Shapes", "Kept"))
        self.assertTrue(project["settings"]["notificationQueueUri"].endswith("/notifications"))
        self.assertTrue(project["settings"]["exportModelContainerUri"].endswith("/models"))
        tags = self.training("GET", f"/{project['id']}/tags")
        self.assertEqual([(tag["name"], tag["imageCount"]) for tag in tags], [("circle", 5), ("square", 5)])
        for tag in tags:
            found = self.training("GET", f"/{project['id']}/images?tagIds={tag['id']}")
            drawn = [file.read_bytes() for file in images(tag["name"]) if file.stat().st_size < 5000][:5]
            self.assertEqual(sorted(self.fetch(image["originalImageUri"]) for image in found), sorted(drawn))

    def test_a_published_model_answers_and_its_predictions_are_kept(self):
        project = self.project()["id"]
        answer = json.loads(self.fetch(
            f"{self.emulator.endpoint}/customvision/v3.0/Prediction/{project}/classify/iterations/live/image/nostore",
            "POST", images("circle")[0].read_bytes()))
        self.assertEqual(max(answer["predictions"], key=lambda one: one["probability"])["tagName"], "circle")
        kept, = self.training("POST", f"/{project}/predictions/query", b'{"orderBy": "Newest"}')["results"]
        self.assertEqual((kept["iteration"], len(kept["predictions"])), (answer["iteration"], 2))
        self.assertEqual(self.fetch(kept["originalImageUri"]), images("circle")[0].read_bytes())

    def test_an_export_its_backup_and_its_notification_are_there(self):
        project = self.project()["id"]
        iteration = next(one for one in self.training("GET", f"/{project}/iterations") if one["publishName"] == "live")
        export, = self.training("GET", f"/{project}/iterations/{iteration['id']}/export")
        self.assertEqual((export["platform"], export["status"]), ("ONNX", "Done"))
        backup = f"{project} - {iteration['id']}.ONNX"
        self.assertEqual(self.blob.send("GET", "/models?restype=container&comp=list").all("Name"), [backup])
        self.assertEqual(self.read(f"/models/{backup.replace(' ', '%20')}"), self.fetch(export["downloadUri"]))
        self.assertEqual([one["type"] for one in self.notifications()], ["ConnectionTest", "Training", "Export"])

    def test_a_training_under_way_ends_as_its_script_says(self):
        project = self.project()["id"]
        path = f"/{project}/iterations?orderBy=CreatedDescending"
        pending = next(one for one in self.training("GET", path) if one["status"] == "Training")
        self.assertEqual(self.emulator.control("clock")["now"], "2026-11-30T12:02:10.000Z")
        self.emulator.advance("2s")
        self.assertEqual(self.training("GET", f"/{project}/iterations/{pending['id']}")["status"], "Failed")
        self.assertEqual(self.notifications()[-1]["Content"], {
            "projectId": project, "iterationId": pending["id"], "trainingStatus": "TrainingFailed"})
        script, = self.emulator.control("transitions")["transitions"]
        self.assertEqual((script["kind"], script["outcomes"], script["used"]),
                         ("training", [{"status": "Failed", "details": "Out of memory."}], 1))

    def test_it_can_be_written_and_opened_again(self):
        self.training("POST", "?name=Second")
        self.assertEqual(self.blob.send("PUT", "/mixed/new", b"n" * 100_000, x_ms_blob_type="BlockBlob").status, 201)
        self.emulator.stop()
        with Emulator("--location", str(self.folder)) as self.emulator:
            self.blob = Endpoint(self.emulator.connection_string, "Blob")
            self.assertEqual(self.read("/mixed/new"), b"n" * 100_000)
            self.assertEqual(sorted(one["name"] for one in self.training("GET", "")), ["Second", "Shapes"])
        self.assertEqual(self.stored_schema(), max(FILES), "a new schema needs a file: tools/make_database_fixture")


class Schema9(Contents, Opened):
    schema = 9


class Schema8(Contents, Opened):
    schema = 8


class Schema7(Contents, Opened):
    schema, change = 8, BACK_TO_7


class Newer(Opened):
    """Of a file that a later version wrote nothing is touched."""

    def test_it_is_refused(self):
        self.emulator.stop()
        known = self.stored_schema()
        self.sql("PRAGMA user_version=1000")
        with self.assertRaisesRegex(RuntimeError, "ended with 4"):
            Emulator("--location", str(self.folder), stderr=subprocess.DEVNULL)
        self.sql(f"PRAGMA user_version={known}")
        with Emulator("--location", str(self.folder)) as self.emulator:
            self.assertEqual(self.project()["name"], "Shapes")


class Complete(unittest.TestCase):
    def test_each_file_has_its_class(self):
        self.assertEqual({case.schema for case in Contents.__subclasses__()}, set(FILES))


if __name__ == "__main__":
    unittest.main()
