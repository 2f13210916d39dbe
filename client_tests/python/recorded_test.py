"""Replays fixtures/exchanges: what was asked of the live service on record, and what it answered.

Every file is a list of steps in one emulator. A step's `answer` is compared with the text on the wire, so the order of
the keys and the form of numbers and dates count. "<kind>" stands for any value of that kind, "<kind:name>" too, and
from then on for that same value; "{name}" in a request is that value, "{name:quoted}" too, percent-encoded. The name
requestId is the answer's own Request-Id. Numbers of any value are "<float>" and "<int>".
"""
import http.client
import json
import re
import unittest
import urllib.parse

from emulator import ROOT, Emulator
from pictures import scene
from shapes import FACTS, KINDS

PATTERNS = {
    "guid": r'"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"',
    "date": r'"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"',
    "imageDate": r'"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{0,6}[1-9])?"',
    "uri": r'"https?://[^"]+"',
    "text": r'"[^"]*"',
    "int": r"\d+",
    "float": r"\d+\.\d+(?:E-\d+)?",
    "any": r".*",
}
# As the .NET client sends it: quotes around the boundary, none around the name, the type before the disposition.
BOUNDARY = "1b1f5b3c-94d7-4be7-a5b5-f3a4ca48ac63"
PART = ('--{}\r\nContent-Type: application/octet-stream\r\nContent-Disposition: form-data; name=imageData; '
        'filename="E:\\pictures\\one.bmp"\r\n\r\n')


def multipart(picture: bytes) -> bytes:
    return PART.format(BOUNDARY).encode() + picture + f"\r\n--{BOUNDARY}--\r\n".encode()


class Exchange:
    """The steps of one file, and the values they left."""

    def __init__(self, test: unittest.TestCase, emulator: Emulator):
        self.test, self.emulator, self.values = test, emulator, {}

    def fill(self, text: str) -> str:
        return re.sub(r"\{(\w+)(:quoted)?\}", self.value, text)

    def value(self, match) -> str:
        value = json.loads(self.values[match[1]])
        return urllib.parse.quote(value, safe="") if match[2] else value

    def send(self, step: dict):
        method, path = self.fill(step["request"]).split(" ")
        headers = {"Prediction-Key" if "/prediction/" in path.lower() else "Training-Key": "any key"}
        body = None
        if "picture" in step:
            kind, number = step["picture"].split()
            body = multipart(scene(kind, int(number))[0])
            headers["Content-Type"] = f'multipart/form-data; boundary="{BOUNDARY}"'
        elif "body" in step:
            body = self.fill(json.dumps(step["body"], indent=2).replace("\n", "\r\n"))
            headers["Content-Type"] = "application/json; charset=utf-8"
        place = urllib.parse.urlsplit(self.emulator.endpoint)
        connection = http.client.HTTPConnection(place.hostname, place.port, timeout=120)
        self.test.addCleanup(connection.close)
        connection.request(method, path, body, headers)
        return connection.getresponse()

    def pattern(self, answer) -> str:
        """A regular expression for the compact text of an answer."""
        text = json.dumps(answer, separators=(",", ":"), ensure_ascii=False)
        new: "set[str]" = set()
        return "".join(self.part(piece, new) for piece in re.split(r'("<\w+(?::\w+)?>")', text))

    def part(self, piece: str, new: "set[str]") -> str:
        match = re.fullmatch(r'"<(\w+)(?::(\w+))?>"', piece)
        if not match:
            return re.escape(piece)
        kind, name = match.groups()
        if name is None:
            return PATTERNS[kind]
        if name in self.values:
            return re.escape(self.values[name])
        if name in new:
            return f"(?P={name})"
        new.add(name)
        return f"(?P<{name}>{PATTERNS[kind]})"

    def check_headers(self, response, has_body: bool):
        expected = "application/json; charset=utf-8" if has_body else None
        self.test.assertEqual(response.headers["Content-Type"], expected)
        self.test.assertNotIn("Server", response.headers)
        self.test.assertEqual(response.headers["Request-Id"], response.headers["apim-request-id"])
        for name, kind in FACTS["headers"].items():
            value = response.headers[name]
            self.test.assertTrue(KINDS[kind](value) if kind in KINDS else value == kind, name)

    def play(self, step: dict):
        if "advance" in step:
            self.emulator.advance(step["advance"])
            return
        response = self.send(step)
        text = response.read().decode("utf-8")
        self.test.assertEqual(response.status, step["status"], step["request"] + "\n" + text)
        self.check_headers(response, has_body="answer" in step)
        self.values["requestId"] = json.dumps(response.headers["apim-request-id"])
        match = re.fullmatch(self.pattern(step["answer"]) if "answer" in step else "", text)
        self.test.assertIsNotNone(match, f"{step['request']}\n{text}\nis not\n{json.dumps(step.get('answer'))}")
        self.values.update(match.groupdict())


class Recorded(unittest.TestCase):
    def test_exchanges(self):
        files = sorted((ROOT / "fixtures" / "exchanges").iterdir())
        self.assertTrue(files)
        for file in files:
            with self.subTest(file.stem), Emulator("--training-time", "2s", "--export-time", "1s") as emulator:
                exchange = Exchange(self, emulator)
                for step in json.loads(file.read_text("utf-8")):
                    exchange.play(step)


if __name__ == "__main__":
    unittest.main()
