"""Requests that only some clients send, and requests that none should: by hand, byte for byte."""
import base64
import http.client
import json
import struct
import unittest
import urllib.parse
import zlib

from emulator import Emulator
from pictures import scene
from shapes import error_problems, parse, problems

TRAINING = "/customvision/v3.3/training"
COMPACT = "0732100f-1a38-4e49-a514-c9b44c697ab5"
NOBODY = "00000000-0000-4000-8000-000000000001"
RESOURCE = "%2Fsubscriptions%2F1%2FresourceGroups%2Fg%2Fproviders%2FMicrosoft.CognitiveServices%2Faccounts%2Fa"
JSON, BYTES = {"Content-Type": "application/json"}, {"Content-Type": "application/octet-stream"}


class Answer:
    """As the shapes want it."""

    def __init__(self, response):
        self.status_code, self.headers, self.content = response.status, response.headers, response.read()
        self.text = self.content.decode("utf-8")

    def json(self):
        return json.loads(self.text)


def multipart(picture: bytes, boundary: str, disposition: str) -> bytes:
    disposition = f"Content-Disposition: form-data{disposition}\r\nContent-Type: application/octet-stream"
    return f"--{boundary}\r\n{disposition}\r\n\r\n".encode() + picture + f"\r\n--{boundary}--\r\n".encode()


def png(width: int, height: int, rows: bytes) -> bytes:
    """Black and white, one bit a pixel."""
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")


def batch(contents: bytes, **more) -> str:
    return json.dumps({"images": [{"contents": base64.b64encode(contents).decode(), **more}]})


class Endpoint(unittest.TestCase):
    """A project with one tag, reached by single requests."""

    def setUp(self):
        self.emulator = Emulator("--training-time", "2s", "--export-time", "1s")
        self.addCleanup(self.emulator.stop)
        self.project = self.ok("POST", f"{TRAINING}/projects?name=odd&domainId={COMPACT}")["id"]
        self.root = f"{TRAINING}/projects/{self.project}"
        self.tag = self.ok("POST", f"{self.root}/tags?name=a")["id"]

    def send(self, method: str, path: str, body=None, headers=None, key="Training-Key") -> Answer:
        place = urllib.parse.urlsplit(self.emulator.endpoint)
        connection = http.client.HTTPConnection(place.hostname, place.port, timeout=120)
        self.addCleanup(connection.close)
        try:
            connection.request(method, path, body, {key: "any key", **(headers or {})})
        except (BrokenPipeError, ConnectionResetError):
            pass  # the answer came before the whole body was read
        return Answer(connection.getresponse())

    def ok(self, *request, **options):
        answer = self.send(*request, **options)
        self.assertIn(answer.status_code, (200, 204), f"{request[:2]} {answer.text}")
        return json.loads(answer.text or "null")

    def everything(self) -> list:
        return [self.ok("GET", f"{TRAINING}/projects"),
                *(self.ok("GET", self.root + path) for path in ("/tags", "/images/count", "/iterations"))]


class OddClients(Endpoint):
    def test_slashes_and_letters_of_the_path(self):
        expected = self.ok("GET", self.root)
        for path in ("/" + self.root, "//" + self.root, self.root.replace("customvision", "CustomVision"),
                     self.root.replace("training", "Training"), self.root.replace("projects", "PROJECTS")):
            self.assertEqual(self.ok("GET", path), expected, path)

    def test_either_key_header(self):
        for key in ("training-key", "TRAINING-KEY", "Ocp-Apim-Subscription-Key"):
            self.ok("GET", self.root, key=key)

    def test_forms_of_multipart(self):
        forms = [
            ("plain", "plain", '; name="imageData"'), ("plain", "plain", "; name=imageData"),
            ('"quoted"', "quoted", '; name="imageData"; filename="a.bmp"'),
            ('"b c"', "b c", "; name=imageData; filename=x"),
            ("plain", "plain", '; name="file"; filename="a.bmp"'), ("plain", "plain", "")]
        for number, (parameter, boundary, disposition) in enumerate(forms):
            body = multipart(scene("disc", number)[0], boundary, disposition)
            typed = {"Content-Type": f"multipart/form-data; boundary={parameter}"}
            summary = self.ok("POST", f"{self.root}/images", body, typed)
            self.assertEqual(summary["images"][0]["status"], "OK", disposition)
        self.assertEqual(self.ok("GET", f"{self.root}/images/count"), len(forms))

    def test_lists_joined_by_commas_encoded_or_repeated(self):
        other = self.ok("POST", f"{self.root}/tags?name=b")["id"]
        for number, tag in enumerate((self.tag, other)):
            self.ok("POST", f"{self.root}/images?tagIds={tag}", scene("disc", number)[0], BYTES)
        for query in ("tagIds={},{}", "tagIds={}%2C{}", "tagIds={}&tagIds={}", "tagids={},{}"):
            count = self.ok("GET", f"{self.root}/images/tagged/count?" + query.format(self.tag, other))
            self.assertEqual(count, 2, query)
        self.assertEqual(self.ok("GET", f"{self.root}/images/tagged/count?tagIds={self.tag}"), 1)

    def test_enum_values_in_any_case_and_unknown_parameters(self):
        for number in range(2):
            self.ok("POST", f"{self.root}/images", scene("disc", number)[0], BYTES)
        newest = self.ok("GET", f"{self.root}/images?orderBy=NEWEST&taggingStatus=untagged&take=&projectType=x")
        self.assertEqual(self.ok("GET", f"{self.root}/images?orderBy=oldest")[::-1], newest)
        query = "name=x&classificationType=MULTICLASS&targetExportPlatforms=coreml,vaidk"
        made = self.ok("POST", f"{TRAINING}/projects?{query}")
        self.assertEqual(made["settings"]["classificationType"], "Multiclass")
        self.assertEqual(made["settings"]["targetExportPlatforms"], ["CoreML", "VAIDK"])
        self.assertEqual(self.ok("POST", f"{self.root}/tags?name=n&type=NEGATIVE")["type"], "Negative")

    def test_empty_bodies_with_a_json_type_and_empty_flavors(self):
        for kind, tag in (("disc", self.tag), ("square", self.ok("POST", f"{self.root}/tags?name=b", "", JSON)["id"])):
            for number in range(5):
                self.ok("POST", f"{self.root}/images?tagIds={tag}", scene(kind, number)[0], BYTES)
        iteration = self.ok("POST", f"{self.root}/train?trainingType=regular", "", JSON)["id"]
        self.emulator.advance("2s")
        path = f"{self.root}/iterations/{iteration}"
        self.assertIs(self.ok("POST", f"{path}/publish?publishName=x&predictionId={RESOURCE}", "", JSON), True)
        export = self.ok("POST", f"{path}/export?platform=tensorflow&flavor=", "", JSON)
        self.assertEqual((export["platform"], export["flavor"]), ("TensorFlow", None))
        export = self.ok("POST", f"{path}/export?platform=onnx", "", JSON)
        self.assertEqual(export["platform"], "ONNX")
        newest = path.replace("v3.3", "v3.4-preview")  # where OpenVino came
        self.assertEqual(self.send("POST", f"{path}/export?platform=OPENVINO", "", JSON).status_code, 400)
        export = self.ok("POST", f"{newest}/export?platform=OPENVINO", "", JSON)
        self.assertEqual((export["platform"], export["status"]), ("OpenVino", "Exporting"))
        query = "name=x&targetExportPlatforms=coreml,openvino"
        made = self.ok("POST", f"{TRAINING.replace('v3.3', 'v3.4-preview')}/projects?{query}")
        self.assertEqual(made["settings"]["targetExportPlatforms"], ["CoreML", "OpenVino"])

    def test_whole_numbers_where_fractions_are_expected(self):
        project = self.ok("POST", f"{TRAINING}/projects?name=d&domainId=da2e3a8a-40a5-4171-82f4-58522f70fbc1")["id"]
        tag = self.ok("POST", f"{TRAINING}/projects/{project}/tags?name=a")["id"]
        region = {"tagId": tag, "left": 0, "top": 0, "width": 1, "height": 1}
        picture = batch(scene("disc", 1)[0], regions=[region])
        answer = self.send("POST", f"{TRAINING}/projects/{project}/images/files", picture, JSON)
        self.assertEqual(problems("ImageCreateSummary", parse(answer.text)), [])
        self.assertIn('"left":0.0,"top":0.0,"width":1.0,"height":1.0', answer.text)


class BadRequests(Endpoint):
    def refused(self, *request):
        before = self.everything()
        answer = self.send(*request)
        described = f"{request[0]} {request[1]} {str(request[2:])[:100]}: {answer.text[:300]}"
        self.assertEqual(answer.status_code // 100, 4, described)
        self.assertEqual(error_problems(answer), [], described)
        self.assertEqual(self.everything(), before, described)

    def unusable(self, status: str, version: str, path: str, *request):
        """The image is refused by its own status, or the whole request is."""
        before = self.everything()
        answer = self.send("POST", f"/customvision/v{version}/training/projects/{self.project}{path}", *request)
        self.assertEqual(self.everything(), before)
        if answer.status_code == 400:
            self.assertEqual(error_problems(answer), [])
            return
        self.assertEqual(answer.status_code, 207, answer.text)
        self.assertEqual(problems("ImageCreateSummary", parse(answer.text)), [])
        self.assertEqual([image["status"] for image in answer.json()["images"]], [status], str(request)[:100])

    def test_bodies_that_cannot_be_read(self):
        for path in ("/images/files", "/images/urls", "/images/predictions", "/images/tags", "/images/regions",
                     f"/images/metadata?imageIds={NOBODY}", f"/images/suggested?iterationId={NOBODY}"):
            for body in ("{", "[]", "null", '"text"', "17", "[" * 100000, '{"images":', "\x00", '{"images":{}}' * 2,
                         b'{"images":"\xff\xfe"}', '{"images":7,"tags":7,"regions":7,"maxCount":"x","a":{}}'):
                self.refused("POST", self.root + path, body, JSON)

    def test_entries_of_wrong_types_and_without_their_fields(self):
        for path, body in (
                ("/images/files", {}), ("/images/files", {"images": []}), ("/images/files", {"images": [None]}),
                ("/images/files", {"images": [{"contents": "no base64!"}], "tagIds": "x"}),
                ("/images/files", {"images": [{"contents": 7}]}), ("/images/urls", {"images": [{"url": 7}]}),
                ("/images/files", {"images": [{"contents": "AAAA"}] * 65}),
                ("/images/predictions", {"images": [{"id": "no guid"}]}), ("/images/tags", {"tags": [{}]}),
                ("/images/tags", {"tags": [{"imageId": 1, "tagId": 2}]}),
                ("/images/regions", {"regions": [{"imageId": NOBODY, "tagId": NOBODY, "left": "0"}]}),
                ("/images/regions", {"regions": [{"imageId": NOBODY, "tagId": NOBODY}]}),
                (f"/images/metadata?imageIds={NOBODY}", {"a": {"b": "c"}}),
                ("/predictions/query", {"maxCount": "many"}),
                ("/predictions/query", {"orderBy": "Sideways"}), ("/predictions/query", {"startTime": "yesterday"})):
            self.refused("POST", self.root + path, json.dumps(body), JSON)

    def test_ids_numbers_and_names_that_are_none(self):
        for method, path in (
                ("GET", "/tags/no-guid"), ("GET", f"/images/id?imageIds={NOBODY},x"), ("DELETE", "/images?imageIds=x"),
                ("DELETE", "/images"), ("GET", "/images?take=257"), ("GET", "/images?take=-1"),
                ("GET", "/images?take=1.5"),
                ("GET", "/images?take=99999999999999999999"), ("GET", "/images?skip=-1"), ("GET", "/images?skip=x"),
                ("GET", "/images?orderBy=Sideways"), ("GET", "/images?taggingStatus=Perhaps"),
                ("GET", "/images?$filter=metadata%3Da"), ("GET", f"/images?iterationId={NOBODY}"),
                ("GET", "/images/tagged?tagIds=" + ",".join([NOBODY] * 21)), ("POST", "/tags"), ("POST", "/tags?name="),
                ("POST", "/tags?name=b&type=Odd"), ("POST", "/train?trainingType=Odd"),
                ("POST", "/train?forceTrain=maybe"),
                ("POST", "/train?reservedBudgetInHours=x"), ("GET", f"/iterations/{NOBODY}/performance?threshold=x"),
                ("DELETE", "/images/regions"), ("GET", "/artifacts"),
                ("GET", "/artifacts?path=..%2F..%2Fetc%2Fpasswd")):
            self.refused(method, self.root + path)
        for query in ("", "?name=", "?name=x&domainId=x", f"?name=x&domainId={NOBODY}",
                      "?name=x&classificationType=Odd", "?name=x&targetExportPlatforms=Odd",
                      "?name=x&notificationQueueUri=nonsense"):
            self.refused("POST", f"{TRAINING}/projects{query}")

    def test_projects_keep_their_state_when_a_change_cannot_be_read(self):
        for body in ("{", "[]", '{"name":7}', '{"name":""}', '{"name":"x","settings":7}',
                     '{"name":"x","settings":{"domainId":"x"}}',
                     '{"name":"x","settings":{"targetExportPlatforms":["Odd"]}}'):
            self.refused("PATCH", self.root, body, JSON)

    def test_truncated_multipart(self):
        typed = {"Content-Type": "multipart/form-data; boundary=x"}
        whole = multipart(scene("disc", 1)[0], "x", '; name="imageData"')
        for body in (b"", b"--x", b"--x\r\n", b"--x--\r\n", whole[:60], whole[:-1000], whole.replace(b"--x", b"--y")):
            self.refused("POST", f"{self.root}/images", body, typed)
        self.refused("POST", f"{self.root}/images", whole, {"Content-Type": "multipart/form-data"})

    def answer_before_the_body(self, path: str, content_type: str, length: int) -> Answer:
        """What is answered to a head alone, which announces a body."""
        place = urllib.parse.urlsplit(self.emulator.endpoint)
        connection = http.client.HTTPConnection(place.hostname, place.port, timeout=60)
        self.addCleanup(connection.close)
        connection.putrequest("POST", path)
        for name, value in (("Training-Key", "k"), ("Prediction-Key", "k"), ("Content-Type", content_type),
                            ("Content-Length", str(length))):
            connection.putheader(name, value)
        connection.endheaders()
        return Answer(connection.getresponse())

    def test_bodies_far_over_the_limit_are_refused_unread(self):
        before = self.everything()
        for path, kind in (("/images", "multipart/form-data; boundary=x"), ("/images/files", "application/json"),
                           ("/images/tags", "application/json")):
            answer = self.answer_before_the_body(self.root + path, kind, 1 << 40)
            self.assertEqual(answer.status_code, 400)
            self.assertEqual(error_problems(answer), [])
        answer = self.answer_before_the_body(f"{self.root}/images", BYTES["Content-Type"], 1 << 40)
        self.assertEqual(answer.status_code, 207)
        self.assertEqual([image["status"] for image in answer.json()["images"]], ["ErrorImageSize"])
        self.assertEqual(self.everything(), before)

    def test_a_body_of_a_hundred_megabytes(self):
        self.unusable("ErrorImageSize", "3.3", "/images", bytes(100 << 20), BYTES)
        self.refused("POST", f"{self.root}/images/files", b" " * (100 << 20), JSON)

    def test_images_that_are_bombs_or_garbage(self):
        side = 20000  # 50 MB of rows in 50 kB
        picture = scene("disc", 1)[0]
        for contents, status in (
                (png(side, side, bytes(side * (side // 8 + 1))), "ErrorImageDimensions"),
                (png(0x7fffffff, 0x7fffffff, b""), "ErrorImageDimensions"), (b"", "ErrorImageFormat"),
                (b"no image at all", "ErrorImageFormat"), (b"\x89PNG\r\n\x1a\n", "ErrorImageFormat"),
                (b"\xff\xd8\xff\xe0" + bytes(100), "ErrorImageFormat"), (picture[:40], "ErrorImageFormat"),
                (b"GIF89a" + bytes(7), "ErrorImageFormat"), (png(64, 64, b"x"), "ErrorImageFormat")):
            self.unusable(status, "3.4-preview", "/images/files", batch(contents), JSON)
            self.unusable(status, "3.4-preview", "/images", contents, BYTES)


if __name__ == "__main__":
    unittest.main()
