"""One table of misuse: every option of the program that takes a value, and every field of control bodies and scenarios,
with values that people get wrong. Each is refused (exit code, 400) or kept exactly as it was said; nothing ends by a
signal, answers 5xx, or means something else without a word. Options are those of `cvemu --help`, fields those of
/_emulator/openapi.json and of the scenario below, so that new ones are covered by themselves."""
import concurrent.futures
import copy
import http.client
import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest
import urllib.parse

from documents import scenario_blocks
from emulator import Emulator, ROOT

BINARY = os.environ["CVEMU"]
LONG = "x" * 5000
WORDS = {"blank": " ", "hash": "#", "question mark": "?", "parent folder": "../", "nan": "nan", "inf": "inf",
         "minus one": "-1", "1e308": "1e308", "long": LONG}
# Words of libraries: an error is for who made the mistake.
LIBRARY = re.compile(r"json\.exception|exception|SQL|PRAGMA|sqlite|std::|basic_string|stoi|CLI::|errno", re.IGNORECASE)
PORTS = ("--port", "--blob-port", "--queue-port")
# Beside 2: what is wrong is found when the host, the folder or the file is used.
OWN_CODE = {"--host": 3, "--blob-host": 3, "--queue-host": 3, "--table-host": 3, "--location": 4, "--scenario": 5}
FILES = ("--ready-file", "--env-file", "--debug")


def options() -> "list[str]":
    """The long names of those that take a value, as the help has them."""
    text = subprocess.run([BINARY, "--help"], capture_output=True, text=True, check=True).stdout
    return re.findall(r"^  (?:-\w,)?(--[\w-]+)(?:,--[\w-]+)* (?:TEXT|FILE|FOLDER|INT|UINT|FLOAT)\b", text, re.MULTILINE)


class Misused:
    """One start with one value, in a folder of its own."""

    def __init__(self, option: str, value: str):
        self.option, self.value = option, value
        with tempfile.TemporaryDirectory() as folder:
            self.folder = pathlib.Path(folder, "above", "here")
            self.folder.mkdir(parents=True)
            self.run()

    def run(self) -> None:
        arguments = [f"{port}=0" for port in PORTS if port != self.option]
        if self.option != "--output":
            arguments.append("--output=json")
        self.process = subprocess.Popen([BINARY, *arguments, "--log-level=error" if self.option != "--log-level" else "-s",
                                         f"{self.option}={self.value}"], cwd=self.folder, text=True,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        line = self.process.stdout.readline()
        self.kept = None
        if line.startswith("{"):
            self.kept = self.is_kept(json.loads(line))
            self.process.terminate()
        self.said = self.process.communicate(timeout=30)[1]
        self.code = self.process.returncode

    def is_kept(self, ready: dict) -> bool:
        if self.option in FILES:
            return (self.folder / self.value).is_file()
        if self.option == "--control-token":
            return self.status(ready, "/_emulator/info", Authorization="Bearer " + self.value) == 200 \
                and self.status(ready, "/_emulator/info") == 401
        if self.option in ("--training-key", "--prediction-key"):
            path = "/customvision/v3.3/training/domains" if self.option == "--training-key" else \
                "/customvision/v3.1/prediction/00000000-0000-0000-0000-000000000001/classify/iterations/a/url"
            name, method = self.option[2:], "GET" if self.option == "--training-key" else "POST"
            return self.status(ready, path, method, **{name: self.value}) != 401 \
                and self.status(ready, path, method, **{name: "another"}) == 401
        if self.option in ("--create-queue", "--create-container"):
            kind = self.option[len("--create-"):] + "s"
            listed = self.answer(ready, f"/_emulator/storage/devstoreaccount1/{kind}")[kind]
            return [one["name"] for one in listed] == [self.value]
        shown = self.answer(ready, "/_emulator/info")["options"].get(self.option[2:])
        if self.option == "--allow-folder":
            return shown == [str((self.folder / self.value).resolve())]
        return shown in (self.value, [self.value])

    def connection(self, ready: dict) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(urllib.parse.urlsplit(ready["endpoints"]["customVision"]).netloc)

    def status(self, ready: dict, path: str, method: str = "GET", **headers: str) -> int:
        connection = self.connection(ready)
        connection.request(method, path, b"{}" if method == "POST" else None, headers)
        return connection.getresponse().status

    def answer(self, ready: dict, path: str) -> dict:
        connection = self.connection(ready)
        connection.request("GET", path)
        return json.load(connection.getresponse())


class Options(unittest.TestCase):
    def test_each_option_refuses_its_value_or_keeps_it(self):
        names = options()
        for known in (*OWN_CODE, *FILES, *PORTS, "--training-time", "--clock-rate", "--seed", "--journal-max"):
            self.assertIn(known, names)
        cases = [(name, value) for name in names for value in (*WORDS.values(), "")]
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            for misused in pool.map(lambda case: Misused(*case), cases):
                with self.subTest(option=misused.option, value=misused.value[:20]):
                    self.check(misused)
        print(f"{len(cases)} options with a wrong value", end=" ", flush=True)

    def check(self, misused: Misused):
        if misused.kept is not None:
            self.assertEqual((misused.code, misused.kept), (0, True), "taken, and not kept as it was said")
            return
        self.assertIn(misused.code, (2, OWN_CODE.get(misused.option, 2)), misused.said)
        self.assertTrue(misused.said.startswith("cvemu"), misused.said)
        self.assertNotRegex(misused.said, LIBRARY)

    def test_numbers_that_once_started_are_refused_by_name(self):
        for option, value in (("--training-time", "nan"), ("--export-time", "NaN"), ("--idle-timeout", "nan"),
                              ("--clock-rate", "1e18"), ("--clock-rate", "1e308"), ("--clock-rate", "nan"),
                              ("--clock-rate", "1e-7"), ("--journal-max", "-1"), ("--seed", "-1"), ("--seed", "1.5"),
                              ("--port", "010"), ("--clock-at", "10000-01-01T00:00:00Z"),
                              ("--clock-at", "9999-12-31T23:59:59.5Z"), ("--clock-at", "0000-01-01"),
                              ("--create-queue", "abc#def"), ("--create-container", "abc#def"),
                              ("--create-queue", "abc?def"), ("--host", "a#b"), ("--allow-host", "http://host/")):
            with self.subTest(option=option, value=value):
                misused = Misused(option, value)
                self.assertEqual(misused.code, 2)
                self.assertIn(option, misused.said)


# All that a scenario can say, small enough to be loaded often.
SCENARIO = {
    "clock": {"mode": "scaled", "at": "2030-01-01T00:00:00Z", "rate": 60},
    "identity": {"managedIdentity": True, "roles": {"Storage Blob Data Contributor": False},
                 "multiServiceResource": False},
    "queues": ["notifications"],
    "containers": ["models"],
    "projects": [{
        "name": "Hemlock", "description": "Trees", "domain": "General (compact)", "classificationType": "Multiclass",
        "notificationQueue": "notifications", "exportContainer": "models", "tags": ["Hemlock", "Cherry"],
        "images": [{"tag": "Hemlock", "count": 5, "folder": "circle"}, {"tags": ["Cherry"], "count": 5, "folder": "square"}],
        "iterations": [{"name": "first", "publishedAs": "classifyModel", "exports": ["ONNX"]},
                       {"status": "Failed", "details": "Too few."}]}],
    "transitions": [{"kind": "export", "project": "Hemlock", "then": "cycle",
                     "outcomes": [{"hold": True, "delay": "6h", "status": "Failed", "details": "No.",
                                   "notify": {"order": "beforeVisible", "delay": "5s"}}]}],
    "predictions": [{"project": "Hemlock", "image": "0" * 64,
                     "predictions": [{"tagName": "Hemlock", "probability": 0.9,
                                      "boundingBox": {"left": 0.1, "top": 0.1, "width": 0.5, "height": 0.5}}]}],
    "faults": [{"id": "slow", "match": {"operation": "TrainProject", "project": "Hemlock"},
                "when": {"calls": {"first": 1}}, "phase": "beforeEffect",
                "action": {"type": "status", "status": 503, "retryAfter": 1}}],
}
# JSON texts; the names say what is wrong with them.
JSON_VALUES = {**{name: json.dumps(word) for name, word in WORDS.items()}, "empty": '""', "NUL": '"a\\u0000b"',
               "NaN": "NaN", "Infinity": "Infinity", "number -1": "-1", "number 1e308": "1e308", "number 1e999": "1e999",
               "2^63": "9223372036854775808", "half": "0.5"}
# An empty text is as if the field were not there (emulator/control/README.md).
NOT_KEPT = {"empty"}
# They keep nothing: what is asked for is compared, waited for or tried.
QUESTIONS = {"CheckScenario", "VerifyJournal", "CountJournal", "Wait", "TryFault", "Reset", "Shutdown"}
MARK = "put the value here"


def leaves(json_value, at=()):
    """Every place of a document that holds no other."""
    inner = json_value.items() if isinstance(json_value, dict) else enumerate(json_value) \
        if isinstance(json_value, list) else ()
    if not inner:
        yield at
    for name, value in inner:
        yield from leaves(value, (*at, name))


def names_in(json_value) -> "set[str]":
    return {name for at in leaves(json_value) for name in at if isinstance(name, str)}


def with_value(document, at, text: str) -> str:
    """The document as JSON with `text` in place of what is at that place."""
    changed = copy.deepcopy(document)
    inner = changed
    for name in at[:-1]:
        inner = inner[name]
    inner[at[-1]] = MARK
    return json.dumps(changed).replace(json.dumps(MARK), text)


def holds(json_value, wanted) -> bool:
    if isinstance(json_value, dict):
        return any(holds(one, wanted) for one in json_value.values()) or wanted in json_value
    if isinstance(json_value, list):
        return any(holds(one, wanted) for one in json_value)
    if isinstance(json_value, bool) or isinstance(wanted, bool):
        return json_value is wanted
    return json_value == wanted


class Fields(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.emulator = Emulator("--clock=frozen", "--training-time=1m", "--export-time=1m", "--allow-folder",
                                str(ROOT / "fixtures" / "images"))
        cls.connection = http.client.HTTPConnection(urllib.parse.urlsplit(cls.emulator.endpoint).netloc)
        cls.routes = [(method.upper(), path, operation)
                      for path, methods in cls.emulator.control("openapi.json")["paths"].items()
                      for method, operation in methods.items()]

    @classmethod
    def tearDownClass(cls):
        cls.connection.close()
        assert cls.emulator.stop() == 0

    def ask(self, method: str, path: str, body: "str | None" = None):
        self.connection.request(method, path, None if body is None else body.encode(),
                                {} if body is None else {"Content-Type": "application/json"})
        answer = self.connection.getresponse()
        text = answer.read()
        try:
            return answer.status, json.loads(text) if text else None
        except ValueError:
            return answer.status, text.decode(errors="replace")

    def begin(self):
        """Nothing is there."""
        self.assertEqual(self.ask("POST", "/_emulator/reset", "{}")[0], 200)
        self.ask("PUT", "/_emulator/identity", json.dumps({"managedIdentity": True, "multiServiceResource": False}))
        self.ask("PUT", "/_emulator/clock", '{"mode": "frozen", "at": "2030-01-01T00:00:00Z"}')

    def all_there_is(self):
        return [self.ask("GET", "/_emulator/" + path)[1] for path in (
            "state?full=1", "clock", "identity", "transitions", "predictions/rules", "faults", "snapshots", "operations",
            "projects", "storage/devstoreaccount1/queues/notifications/messages")]

    def check(self, name: str, text: str, answer, kept, is_question: bool = False):
        """A refusal that says what and where, or the value is there as it was sent."""
        status, body = answer
        if status >= 300:
            self.assertIn(status, (400, 403, 404, 408, 409), body)
            self.assertTrue(body["message"] and body["code"], body)
            self.assertNotRegex(body["message"], LIBRARY)
            return
        if is_question or name in NOT_KEPT:
            return
        sent = json.loads(text)
        self.assertTrue(holds([body, kept], sent), f"{status}: taken, and not kept as it was sent")

    def test_each_field_of_a_scenario(self):
        for _, block in scenario_blocks():
            self.assertLessEqual(names_in(block), names_in(SCENARIO), "SCENARIO lacks what a document shows")
        self.begin()
        status, body = self.ask("POST", "/_emulator/scenarios", json.dumps(SCENARIO))
        self.assertEqual(status, 201, body)
        count = 0
        for at in leaves(SCENARIO):
            for name, text in JSON_VALUES.items():
                with self.subTest(field="/".join(map(str, at)), value=name):
                    # What refuses in the end is refused by the check, or leaves everything as it was.
                    self.begin()
                    answer = self.ask("POST", "/_emulator/scenarios", with_value(SCENARIO, at, text))
                    count += 1
                    self.check(name, text, answer, answer[0] < 300 and self.all_there_is())
        print(f"{count} fields of scenarios", end=" ", flush=True)

    def test_each_field_of_a_control_body(self):
        count = 0
        for method, path, operation in self.routes:
            media = operation.get("requestBody", {}).get("content", {}).get("application/json")
            if media is None or "scenarios" in path:
                continue
            example = media.get("example", {})
            if "timeout" in example:
                example["timeout"] = "1ms"  # the thing is not there, and nobody is to wait for it
            fields = set(media["schema"]["properties"])
            places = [*leaves(example), *((name,) for name in sorted(fields - set(example)))]
            self.arrange()
            for at in places:
                if not at:
                    continue
                for name, text in JSON_VALUES.items():
                    with self.subTest(operation=operation["operationId"], field="/".join(map(str, at)), value=name):
                        answer = self.ask(method, self.filled(path), with_value(example, at, text))
                        count += 1
                        kept = answer[0] < 300 and self.all_there_is()
                        if answer[0] < 300:
                            self.arrange()
                        self.check(name, text, answer, kept, operation["operationId"] in QUESTIONS)
        print(f"{count} fields of control bodies", end=" ", flush=True)

    def arrange(self):
        """A project in training, a queue and a container; from a snapshot, which is quick."""
        self.begin()
        if self.ask("POST", "/_emulator/snapshots/arranged/restore")[0] == 200:
            return
        project = {"name": "Hemlock", "notificationQueue": "notifications", "tags": ["Hemlock", "Cherry"],
                   "images": SCENARIO["projects"][0]["images"], "iterations": [{"status": "Training"}]}
        scenario = {"queues": ["notifications"], "containers": ["models"], "projects": [project]}
        self.assertEqual(self.ask("POST", "/_emulator/scenarios", json.dumps(scenario))[0], 201)
        self.assertEqual(self.ask("PUT", "/_emulator/snapshots/arranged")[0], 201)

    @staticmethod
    def filled(path: str, **said: str) -> str:
        known = {"account": "devstoreaccount1", "queue": "notifications", "container": "models", "kind": "training", **said}
        return re.sub(r"\{(\w+)\}", lambda place: known.get(place[1], "1"), path)

    def test_each_name_in_a_path_and_each_parameter(self):
        count = 0
        self.arrange()
        for method, path, operation in self.routes:
            if operation["operationId"] == "Shutdown":
                continue
            body = None if method in ("GET", "DELETE") else "{}"
            for parameter in operation.get("parameters", []):
                for name, word in {**WORDS, "NUL": "a\0b"}.items():
                    with self.subTest(operation=operation["operationId"], parameter=parameter["name"], value=name):
                        said = urllib.parse.quote(word, safe="")
                        if parameter["in"] == "path":
                            answer = self.ask(method, self.filled(path, **{parameter["name"]: said}), body)
                        else:
                            answer = self.ask(method, f"{self.filled(path)}?{parameter['name']}={said}", body)
                        count += 1
                        keeps = parameter["in"] == "path" and method != "DELETE" and answer[0] < 300
                        self.check(name, json.dumps(word), answer, keeps and self.all_there_is(), not keeps)
        print(f"{count} names in paths and queries", end=" ", flush=True)

    def test_a_hash_in_a_path_cuts_no_name(self):
        self.begin()
        self.ask("POST", "/_emulator/scenarios", '{"queues": ["abc"], "containers": ["abc"]}')
        for path in ("storage/devstoreaccount1/queues/abc#def/messages", "storage/devstoreaccount1/containers/abc#d/blobs"):
            status, body = self.ask("GET", "/_emulator/" + path)
            self.assertIn(status, (400, 404), body)
        self.assertIn(self.ask("PUT", "/_emulator/snapshots/abc#def")[0], (201, 400))
        self.assertNotIn('"abc"', json.dumps(self.ask("GET", "/_emulator/snapshots")[1]))

    def test_time_ends_with_the_year_9999(self):
        self.begin()
        for path, method, body in (("clock", "PUT", {"mode": "frozen", "at": "9999-12-31T23:59:59.9Z"}),
                                   ("clock/advance", "POST", {"to": "9999-12-31T23:59:59.9Z"}),
                                   ("clock/advance", "POST", {"by": "NaN"})):
            self.assertEqual(self.ask(method, "/_emulator/" + path, json.dumps(body))[0], 400, body)
        self.assertEqual(self.ask("PUT", "/_emulator/clock", '{"mode": "frozen", "at": "9999-12-31T23:00:00Z"}')[0], 200)
        status, body = self.ask("POST", "/_emulator/clock/advance", '{"by": "1h"}')
        self.assertEqual((status, body["code"], body["path"]), (400, "InvalidTime", "/by"))
        self.assertIn("9999", body["message"])
        self.arrange_at_the_end()
        state = self.ask("GET", "/_emulator/state?full=1")[1]
        for year in re.findall(r'"(\d{4})-\d\d-\d\dT', json.dumps(state)):
            self.assertEqual(year, "9999")

    def arrange_at_the_end(self):
        """Trainings, messages and test blobs whose ends lie beyond the last year."""
        self.ask("POST", "/_emulator/reset", "{}")
        self.ask("PUT", "/_emulator/transitions/training", '{"outcomes": [{"delay": "36500d"}]}')
        self.assertEqual(self.ask("POST", "/_emulator/scenarios", json.dumps(
            {"queues": ["notifications"], "projects": [
                {"name": "late", "notificationQueue": "notifications", "tags": ["a", "b"],
                 "images": [{"tag": "a", "count": 5}, {"tag": "b", "count": 5}]}]}))[0], 201)


if __name__ == "__main__":
    unittest.main()
