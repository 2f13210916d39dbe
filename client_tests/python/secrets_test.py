"""Secrets are planted everywhere, and everything that can be read back is searched for them."""
import base64
import html
import http.client
import json
import os
import pathlib
import re
import ssl
import subprocess
import tempfile
import unittest
import urllib.parse
import urllib.request
from xml.sax.saxutils import escape

from emulator import Emulator
from plants import Plants
from shared_key import Endpoint

KEPT_OF_A_BODY = 4096  # bytes that the journal keeps
TRAINING = "/customvision/v3.3/training"
NOBODY = "http://127.0.0.1:1"
SCENARIO = {
    "queues": ["notes", "gone"], "containers": ["models"],
    "projects": [{"name": "Hemlock", "domain": "General (compact)", "tags": ["a", "b"],
                  "images": [{"tag": "a", "count": 5}, {"tag": "b", "count": 5}], "iterations": [{}]}],
}
# Their answer is what was asked for: the keys to connect by, the state to be put back, the bytes of a blob.
EXEMPT = {"/_emulator/connection", "/_emulator/export", "/_emulator/storage/{account}/containers/{container}/blobs/{name}"}


def quoted(text: str) -> str:
    return urllib.parse.quote(text, safe="")


class Planted(unittest.TestCase):
    """One emulator, into which setUpClass plants; each test reads it in another way."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.plants, cls.outputs, cls.answers = Plants(), [], []
        plants = cls.plants
        cls.account_key, other_key = plants.key("account key", 64), plants.key("second account key", 24)
        cls.training_key, cls.prediction_key = plants.word("training key"), plants.word("prediction key")
        far_key = plants.key("key of a foreign account", 32)
        cls.stderr = open(cls.folder / "stderr", "w+", encoding="utf-8")
        cls.addClassCleanup(cls.stderr.close)
        cls.emulator = Emulator(
            "--accounts", f"plants:{cls.account_key}:{other_key}", "--training-key", cls.training_key, "--prediction-key",
            cls.prediction_key, "--storage-account", f"other={far_key}@http://127.0.0.1:9/other", "--debug",
            str(cls.folder / "debug"), "--frozen-clock", "--scenario", cls.file("scenario.json", SCENARIO),
            stderr=cls.stderr)
        cls.addClassCleanup(cls.emulator.__exit__)
        cls.queue, cls.blob = (Endpoint(cls.emulator.connection_string, service) for service in ("Queue", "Blob"))
        cls.plant_projects()
        cls.plant_requests()
        cls.plant_messages()
        cls.plant_control()

    @classmethod
    def file(cls, name: str, content) -> str:
        path = cls.folder / name
        path.write_text(json.dumps(content))
        return str(path)

    @classmethod
    def call(cls, method: str, path: str, body=None, **headers: str):
        """Status and text of an answer of the Custom Vision endpoint or of control. Names of headers with _ for -."""
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        request = urllib.request.Request(cls.emulator.endpoint + path, data=data, method=method, headers={
            "Content-Type": "application/json", **{name.replace("_", "-"): value for name, value in headers.items()}})
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.status, answer.read().decode("utf-8", "replace")
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode("utf-8", "replace")

    @classmethod
    def train(cls, method: str, path: str, body=None):
        status, text = cls.call(method, TRAINING + path, body, Training_Key=cls.training_key)
        return status, json.loads(text) if text else None

    @classmethod
    def control(cls, method: str, path: str, body=None) -> str:
        """An answer of control, kept to be searched."""
        _, text = cls.call(method, "/_emulator" + path, body)
        cls.outputs.append((f"{method} {path}", text))
        return text

    @classmethod
    def uri(cls, kind: str, service: Endpoint, name: str) -> str:
        key = base64.b64encode(service.key).decode()
        return f"http://{service.host}{service.root}/{name}?{cls.plants.sas(kind, service.account, key)}"

    @classmethod
    def plant_projects(cls):
        """URIs in queries and bodies, good ones and bad ones; deliveries that fail."""
        cls.queue_uri, cls.container_uri = cls.uri("SAS of the queue", cls.queue, "notes"), cls.uri("SAS of the container", cls.blob, "models")
        status, project = cls.train("GET", "/projects")
        cls.project = project[0]["id"]
        settings = {"notificationQueueUri": cls.queue_uri, "exportModelContainerUri": cls.container_uri}
        status, project = cls.train("PATCH", f"/projects/{cls.project}", {"name": "Hemlock", "settings": settings})
        assert status == 200 and project["settings"]["notificationQueueUri"] == cls.queue_uri, project
        _, iterations = cls.train("GET", f"/projects/{cls.project}/iterations")
        cls.iteration = iterations[0]["id"]
        gone = cls.uri("SAS of a queue that goes", cls.queue, "gone")
        status, project = cls.train("POST", f"/projects?name=other&notificationQueueUri={quoted(gone)}")
        assert status == 200, project
        cls.queue.send("DELETE", "/gone")
        cls.control("POST", "/notifications/trigger", {"type": "ConnectionTest", "project": "other"})
        bad = cls.uri("SAS of a refused URI", cls.queue, "nothing")
        status, answer = cls.train("POST", f"/projects?name=bad&notificationQueueUri={quoted(bad)}")
        assert status == 400, answer
        cls.answers.append(("Custom Vision's refusal of a URI", json.dumps(answer)))
        slashed = json.dumps({"description": cls.uri("SAS with escaped slashes", cls.queue, "notes")}).replace("/", "\\/")
        cls.train("PATCH", f"/projects/{cls.project}", slashed.replace("&", "\\u0026").encode())
        picture = "http://pictures.invalid/a.png?sig=" + cls.plants.word("SAS of a picture")
        cls.train("POST", f"/projects/{cls.project}/images/urls", {"images": [{"url": picture}]})
        cls.train("POST", f"/projects/import?token={quoted('http://h/prjexp-1?sig=' + cls.plants.word('SAS in a token'))}")

    @classmethod
    def plant_requests(cls):
        """Headers and queries by name, to each service; a binary body."""
        plants = cls.plants
        for header in ("Training_Key", "Prediction_Key", "Ocp_Apim_Subscription_Key", "Cookie", "Authorization",
                       "X_Api_Key"):
            cls.call("GET", TRAINING + "/domains", **{header: plants.word("header " + header)})
        cls.call("GET", f"{TRAINING}/domains?training-key={plants.word('query training-key')}")
        cls.call("GET", f"{TRAINING}/domains?Subscription-Key={plants.word('query subscription-key')}")
        cls.call("GET", "/nothing/here?sig=" + plants.word("query of an unknown path"),
                 User_Agent="tester http://h?sig=" + plants.word("SAS in the user agent"))
        form = b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\n\xff\xfe\x00http://h?sig=%s&se=1\r\n--x--\r\n"
        cls.call("POST", f"{TRAINING}/projects/{cls.project}/images", form % plants.word("SAS in a binary body").encode(),
                 Training_Key=cls.training_key, Content_Type="multipart/form-data; boundary=x")
        token = plants.web_token("bearer token", aud="https://storage.azure.com")
        cls.blob.send("PUT", "/models/a", b"x", x_ms_blob_type="BlockBlob", x_ms_meta_uri=cls.uri("SAS in metadata", cls.blob, "models/a"),
                      authorization="Bearer " + token, signed=False)
        cls.blob.send("PUT", "/models/a", b"x", x_ms_blob_type="BlockBlob",
                      x_ms_meta_uri=cls.uri("SAS in metadata", cls.blob, "models/a"))
        source = cls.uri("SAS of a copy's source", cls.blob, "models/a")
        cls.blob.send("PUT", "/models/b", x_ms_copy_source=source, x_ms_requires_sync="true", x_ms_encryption_algorithm="AES256",
                      x_ms_copy_source_authorization="Bearer " + plants.web_token("token for a source", aud="x"),
                      x_ms_encryption_key=plants.key("customer's key", 32),
                      x_ms_source_encryption_key=plants.key("customer's key of the source", 32))
        refused = cls.blob.send("GET", "/models/a", authorization="SharedKey plants:" + plants.key("wrong signature", 32), signed=False)
        assert refused.status == 403
        for service in (cls.queue, cls.blob):
            sent = service.head("GET", "/?comp=list", b"")
            plants.remember("signature of a request", sent[3]["authorization"].split(":")[1])
            assert service.send_raw(*sent).status == 200

    @classmethod
    def put_message(cls, text: str):
        body = f"<QueueMessage><MessageText>{escape(text)}</MessageText></QueueMessage>".encode()
        assert cls.queue.send("POST", "/notes/messages", body).status == 201

    @classmethod
    def plant_messages(cls):
        """Plain, in JSON, in base64, twice in base64, in a connection string; and where the journal cuts them off."""
        def document(kind: str) -> str:
            return json.dumps({"uri": cls.uri(kind, cls.queue, "notes"), "n": 1})

        cls.put_message("see " + cls.uri("SAS in a message", cls.queue, "notes"))
        cls.put_message(document("SAS in a JSON message"))
        cls.put_message(json.dumps({"inner": document("SAS in JSON in JSON")}))
        cls.put_message(base64.b64encode(document("SAS in a base64 message").encode()).decode())
        twice = base64.b64encode(document("SAS twice in base64").encode())
        cls.put_message(base64.b64encode(twice).decode())
        cls.put_message("AccountName=x;AccountKey=" + cls.plants.key("key in a connection string", 48) + ";")
        cls.put_message("token " + cls.plants.web_token("token in a message", aud="x"))
        for shown in (1, 6, 20):
            text = " http://h/q?sig=" + cls.plants.word("SAS that is cut off")
            padding = KEPT_OF_A_BODY - len("<QueueMessage><MessageText>" + " http://h/q?sig=") - shown
            cls.put_message("x" * padding + text)
            key = cls.plants.key("key that is cut off", 64)
            cls.put_message("x" * (padding + len(" http://h/q?sig=") - 20) + " " + key)
            word = cls.plants.word("SAS in base64 that is cut off")
            begin = "http://h/q?sig="
            coded = base64.b64encode((begin + word).encode()).decode()
            cls.put_message("x" * (KEPT_OF_A_BODY - len("<QueueMessage><MessageText>") - 1 - len(begin) * 4 // 3 - shown) + " " + coded)

    @classmethod
    def plant_control(cls):
        """What control itself is told, and repeats."""
        plants, control = cls.plants, cls.control
        model = cls.uri("SAS of a model", cls.blob, "models/m")
        cls.model_uri = model
        control("POST", "/notifications/trigger",
                {"type": "Export", "project": "Hemlock", "iteration": cls.iteration, "modelUri": model})
        control("PUT", "/snapshots/clean", {})
        control("PUT", "/faults/leaky", {
            "match": {"operation": "GetTag", "header": {"Authorization": "SharedKey plants:" + plants.key("signature in a fault", 32),
                                                        "Training-Key": plants.word("training key in a fault")},
                      "body": {"/uri": "http://h?sig=" + plants.word("SAS in a fault")}},
            "action": {"type": "status", "status": 503, "headers": {"Set-Cookie": "a=" + plants.word("cookie in a fault")},
                       "error": {"code": "X", "message": "http://h?sig=" + plants.word("SAS in a fault's message")}}})
        details = "failed: http://h?sig=" + plants.word("SAS in an outcome")
        control("PUT", "/transitions/training", {"outcomes": [{"status": "Failed", "details": details}]})
        cls.train("POST", f"/projects/{cls.project}/train?forceTrain=true")
        control("POST", "/clock/advance", {"by": "1h"})
        control("PUT", "/predictions/rules", {"rules": [{"predictions": [
            {"tagName": "http://h?sig=" + plants.word("SAS in a prediction"), "probability": 0.5}]}]})
        control("POST", "/storage/plants/queues/notes/messages", {"text": "http://h?sig=" + plants.word("SAS put by control")})
        control("POST", "/scenarios", {"queues": ["http://h?sig=" + plants.word("SAS in a scenario")]})
        control("POST", "/scenarios/check", {"sig=" + plants.word("unknown field of a scenario"): 1})
        control("POST", "/reset", {"scope": ["AccountKey=" + plants.word("key as a word")]})
        control("GET", "/nothing?sig=" + plants.word("query of an unknown control route"))
        control("GET", "/journal?sig=" + plants.word("unknown parameter"))
        control("POST", "/wait", {"for": {"message": {"queue": "notes", "contains": "sig=" + plants.word("SAS that is waited for")}}, "timeout": "1ms"})
        control("POST", "/wait", {"for": {"request": {"header": {"Training-Key": plants.word("key that is waited for")}}}, "timeout": "1ms"})
        control("POST", "/wait", {"for": {"idle": True}, "timeout": "1ms"})
        expected = [{"match": {"operation": "CreateProject", "header": {"Training-Key": plants.word("expected key")}}},
                    {"match": {"operation": "PutMessage", "body": {"/x": "http://h?sig=" + plants.word("expected SAS")}}},
                    {"match": {"header": {"Authorization": "SharedKey plants:" + plants.key("expected signature", 32)}}},
                    {"match": {"operation": "UpdateProject", "body": {"/settings": {}}}},
                    {"match": {"operation": "PutBlob"}, "requests": 77}]
        control("POST", "/journal/verify", {"expect": expected})
        control("POST", "/faults/try", {"operation": "GetTag", "header": {"Training-Key": plants.word("key that is tried")}})

    def gets(self) -> "list[str]":
        """Every route that is read by GET, with each of its forms."""
        values = {"account": "plants", "queue": "notes", "container": "models", "name": "clean", "kind": "training", "id": "leaky"}
        variants = {
            "/_emulator/journal": [f"?limit=9999&format={name}" for name in ("json", "ndjson", "canonical", "har", "curl")],
            "/_emulator/state": ["?full=0", "?full=1"], "/_emulator/explain": ["?iteration=" + self.iteration],
            "/_emulator/timeline": ["?project=Hemlock", "?project=other", "?iteration=" + self.iteration],
        }
        last = json.loads(self.control("GET", "/journal?limit=1"))["last"]
        targets = []
        for path, methods in json.loads(self.control("GET", "/openapi.json"))["paths"].items():
            if "get" not in methods or path in EXEMPT:
                continue
            numbers = range(1, last + 1) if "{seq}" in path else [0]
            for number in numbers:
                target = re.sub(r"\{(\w+)\}", lambda name: values.get(name[1], str(number)), path)
                targets += [target.removeprefix("/_emulator") + query for query in variants.get(path, [""])]
        self.assertGreater(len(targets), 100)
        return targets

    def test_nothing_that_is_read_back_shows_one(self):
        for target in self.gets():
            self.control("GET", target)
        for command in (["journal", "--limit", "9999"], ["jobs"], ["state", "--full", "1"], ["faults"], ["projects"]):
            result = subprocess.run([os.environ["CVEMU"], *command, "--url", self.emulator.endpoint], capture_output=True,
                                    text=True, timeout=60)
            self.assertEqual(result.returncode, 0, result.stderr)
            self.outputs.append(("cvemu " + command[0], result.stdout + result.stderr))
        self.stderr.seek(0)
        self.outputs.append(("stderr", self.stderr.read()))
        self.outputs.append(("--debug", (self.folder / "debug").read_text("utf-8")))
        outputs, leaks = self.outputs + self.answers, []
        for name, text in outputs:
            leaks += [f"{name} shows: {kind}" for kind in self.plants.found_in(text)]
            if text.startswith("{"):
                json.loads(text.splitlines()[0] if "ndjson" in name or "canonical" in name else text)
        planted = len(self.plants.kinds)
        print(f"secrets: {planted} planted, {len(outputs)} outputs searched, {planted * len(outputs)} places, "
              f"{sum(text.count('***') for _, text in outputs)} masks")
        self.assertFalse(leaks, "\n".join(["", *leaks]))
        self.assertIn("cannot fetch http://pictures.invalid/a.png?sig=***", dict(outputs)["--debug"])

    def test_what_tells_nothing_is_still_there(self):
        journal = self.control("GET", "/journal?limit=9999")
        for words in ("SharedKey plants:***", "Bearer ***", "sv=2021-12-02", "sig=***", "se=2099-12-31", "x-ms-encryption-key",
                      "AccountName=x;AccountKey=***;", "http://pictures.invalid/a.png"):
            self.assertIn(words, journal)
        self.assertIn("sig=***", self.control("GET", "/jobs"))
        self.assertIn("sig=***", self.control("GET", "/projects"))

    def test_what_is_delivered_kept_and_asked_for_is_whole(self):
        """So that none of the above is true because nothing was planted."""
        status, project = self.train("GET", f"/projects/{self.project}")
        self.assertEqual(project["settings"]["exportModelContainerUri"], self.container_uri)
        _, connection = self.call("GET", "/_emulator/connection")
        for secret in (self.account_key, self.training_key, self.prediction_key):
            self.assertIn(secret, connection)
        with urllib.request.urlopen(self.emulator.endpoint + "/_emulator/export") as archive:
            self.assertIn(self.queue_uri.encode(), archive.read())
        self.control("POST", f"/notifications/{self.iteration}/redeliver", {})
        texts = self.queue.send("GET", "/notes/messages?peekonly=true&numofmessages=32").all("MessageText")
        found = [json.loads(text)["Content"].get("modelUri") for text in map(html.unescape, texts)
                 if text.startswith('{"version"')]
        self.assertEqual(found.count(self.model_uri), 2)

    def test_patterns_find_out_no_letter(self):
        def count(**match) -> int:
            return json.loads(self.control("POST", "/journal/count", match))["requests"]

        right, wrong = self.training_key[0], "#"
        self.assertGreater(count(header={"Training-Key": "*"}), 0)
        self.assertGreater(count(header={"Training-Key": self.training_key}), 0)
        self.assertEqual(count(header={"Training-Key": right + "*"}), count(header={"Training-Key": wrong + "*"}))
        self.assertEqual(count(header={"Authorization": "SharedKey plants:?????????*"}), 0)


class CommandLine(unittest.TestCase):
    def test_what_cannot_be_is_refused_without_it(self):
        plants = Plants()
        ports = ["--port", "0", "--blob-port", "0", "--queue-port", "0"]
        short = plants.key("a key that has no form", 18)
        cases = [["--trainig-key=" + plants.word("option with a slip")], [plants.word("a stray word")], ["-k" + plants.word("short option")],
                 ["--accounts", short], ["--accounts", "one:" + short + "%"], ["--accounts", f"one:a2V5;{short}"], ["--accounts", f"{short}:one"],
                 ["--storage-account", short], ["--storage-account", f"one:{short}@http://h"], ["--storage-account", f"one=http://h@{short}"],
                 ["--storage-account", f"{short}=@http://h"], ["--port", "AccountKey=" + short], ["--scenario", "none?sig=" + plants.word("file")],
                 ["--training-time", "sig=" + plants.word("time")], ["--tier", "sig=" + plants.word("tier")],
                 ["health", "--url", f"{NOBODY}?sig=" + plants.word("URL")], ["health", "--url", "sig=" + plants.word("no URL")],
                 ["info", "--url", f"http://user:{plants.word('password')}@127.0.0.1:1"],
                 ["--control-token", "two words " + plants.word("control token")]]
        environments = [{}] * len(cases) + [{"AZURITE_ACCOUNTS": short}, {"CVEMU_STORAGE_ACCOUNT": short}]
        for case, environment in zip(cases + [[], []], environments):
            options = case if case and case[0] in ("health", "info") else [*ports, *case]
            result = subprocess.run([os.environ["CVEMU"], *options], capture_output=True, text=True, timeout=60,
                                    env={**os.environ, **environment})
            self.assertNotEqual(result.returncode, 0, case)
            self.assertTrue(result.stderr.startswith("cvemu"), result.stderr)
            self.assertEqual(plants.found_in(result.stdout + result.stderr), [], (case, result.stderr))


class OverTls(unittest.TestCase):
    def test_a_user_delegation_key_is_the_askers_alone(self):
        with tempfile.TemporaryDirectory() as folder:
            key, cert = f"{folder}/key.pem", f"{folder}/cert.pem"
            subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                            "-subj", "/CN=localhost", "-keyout", key, "-out", cert], check=True, capture_output=True)
            with Emulator("--cert", cert, "--key", key, "--oauth", "basic") as emulator:
                self.ask(emulator)

    def ask(self, emulator: Emulator):
        plants, trusting = Plants(), ssl._create_unverified_context()
        token = plants.web_token("bearer token", aud="https://storage.azure.com", iss="https://sts.windows.net/t/", iat=1, nbf=1,
                                 exp=4102444800, oid="o", tid="t")
        address = urllib.parse.urlsplit(emulator.ready["endpoints"]["blob"])
        connection = http.client.HTTPSConnection(address.netloc, context=trusting)
        connection.request("POST", address.path + "/?restype=service&comp=userdelegationkey",
                           "<KeyInfo><Start>2024-01-01T00:00:00Z</Start><Expiry>2099-01-01T00:00:00Z</Expiry></KeyInfo>",
                           {"Authorization": "Bearer " + token, "x-ms-version": "2021-12-02"})
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        self.assertEqual(answer.status, 200, text)
        plants.remember("user delegation key", re.search("<Value>(.*)</Value>", text)[1])
        for form in ("json", "ndjson", "canonical", "har", "curl"):
            with urllib.request.urlopen(f"{emulator.endpoint}/_emulator/journal?format={form}", context=trusting) as journal:
                shown = journal.read().decode()
            self.assertIn("userdelegationkey", shown)
            self.assertEqual(plants.found_in(shown), [], form)


if __name__ == "__main__":
    unittest.main()
