"""Who may steer, by hand: heads byte for byte, the token on the command line and in the ready file, TLS, folders."""
import http.client
import json
import os
import socket
import ssl
import stat
import subprocess
import unittest
import unittest.mock
import urllib.parse
import urllib.request

from emulator import Temporary, images
from shared_key import Endpoint

TOKEN = "token-of-this-test"


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("CVEMU_") or name == "CVEMU"}
    return subprocess.run([os.environ["CVEMU"], *arguments], capture_output=True, text=True, timeout=60,
                          env={**inherited, **environment})


class Heads(Temporary):
    """Which head of a request gets through to a control route."""

    def setUp(self):
        super().setUp()
        self.emulator = self.start()
        self.place = urllib.parse.urlsplit(self.emulator.endpoint)

    def status(self, head: str) -> int:
        with socket.create_connection((self.place.hostname, self.place.port), timeout=30) as connection:
            connection.sendall(head.replace("\n", "\r\n").encode("latin-1") + b"\r\n\r\n")
            return int(connection.makefile("rb").readline().split()[1])

    def test_the_host_of_a_request(self):
        path = "/_emulator/health"
        for status, head in [
                (200, f"GET {path} HTTP/1.1\nHost: localhost"), (200, f"GET {path} HTTP/1.1\nHOST:LOCALHOST:99"),
                (200, f"GET http://localhost{path} HTTP/1.1\nHost: localhost"),
                (200, f"GET http://localhost{path} HTTP/1.1\nHost: attacker.example"),  # RFC 9112 3.2.2: the target counts
                (421, f"GET http://attacker.example{path} HTTP/1.1\nHost: localhost"),
                (421, f"GET http://localhost@attacker.example{path} HTTP/1.1\nHost: localhost"),
                (421, f"GET http://attacker.example@localhost{path} HTTP/1.1\nHost: localhost"),
                (400, f"GET {path} HTTP/1.1"), (421, f"GET {path} HTTP/1.0"), (421, f"GET {path} HTTP/1.1\nHost:"),
                (400, f"GET {path} HTTP/1.1\nHost: localhost\nHost: attacker.example"),
                (400, f"GET {path} HTTP/1.1\nHost: attacker.example\nHost: localhost"),
                (400, f"GET {path} HTTP/1.1\nHost: localhost\nHost: localhost"),
                (421, f"GET {path} HTTP/1.1\nHost: attacker.example\nX-Forwarded-Host: localhost"),
                (421, f"GET {path} HTTP/1.1\nHost: localhost\x01"), (421, f"GET {path} HTTP/1.1\nHost: l\xf6calhost")]:
            self.assertEqual(self.status(head), status, head)

    def test_upgrades_of_other_pages_are_refused_too(self):
        head = ("GET /_emulator/journal HTTP/1.1\nHost: localhost\nUpgrade: websocket\nConnection: Upgrade\n"
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\nSec-WebSocket-Version: 13\nOrigin: http://attacker.example")
        self.assertEqual(self.status(head), 403)
        self.assertEqual(self.status("GET /_emulator/journal HTTP/1.1\nHost: localhost\nAccept: text/event-stream\n"
                                     "Sec-Fetch-Site: cross-site"), 403)


class Contents(Temporary):
    def test_the_name_of_an_attachment_is_the_last_part_of_the_blobs(self):
        emulator = self.start("--create-container", "pages")
        blobs = Endpoint(emulator.connection_string, "Blob")
        blobs.send("PUT", "/pages/a%20folder/my%20%22page%22.html", b"<p>", x_ms_blob_type="BlockBlob",
                   content_type="text/html")
        with urllib.request.urlopen(f"{emulator.endpoint}/_emulator/storage/devstoreaccount1/containers/pages/blobs/"
                                    "a%20folder/my%20%22page%22.html") as answer:
            self.assertEqual(answer.read(), b"<p>")
            self.assertEqual(answer.headers["Content-Type"], "text/html")
            self.assertEqual(answer.headers["Content-Disposition"],
                             "attachment; filename*=UTF-8''my%20%22page%22.html")


class Token(Temporary):
    def test_commands_find_it_by_option_environment_and_ready_file(self):
        ready = self.folder / "ready.json"
        emulator = self.start("--control-token", TOKEN, "--ready-file", str(ready), "--debug", str(self.folder / "log"))
        url, endpoint = ["--url", emulator.endpoint], ["--ready-file", str(ready)]
        for arguments, environment in [([*url, "--control-token", TOKEN], {}), (url, {"CVEMU_CONTROL_TOKEN": TOKEN}),
                                       (endpoint, {}), ([], {"CVEMU_READY_FILE": str(ready)})]:
            for command in ("health", "wait", "state"):
                result = run(command, *arguments, **environment)
                self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(run("health", *url).returncode, 6)
        for command in ("state", "wait"):  # waiting would not help
            result = run(command, *url)
            self.assertEqual(result.returncode, 1, command)
            self.assertIn("--control-token", result.stderr)
        self.assertEqual(stat.S_IMODE(ready.stat().st_mode), 0o600)
        self.assertEqual(json.loads(ready.read_text()), {**emulator.ready, "controlToken": TOKEN})
        self.assertNotIn(TOKEN, json.dumps(emulator.ready))
        self.assertNotIn(TOKEN, run("info", *endpoint).stdout + run("env", *endpoint).stdout + run("journal", *endpoint).stdout)
        self.assertEqual(emulator.stop(), 0)
        self.assertNotIn(TOKEN, (self.folder / "log").read_text())

    def test_a_start_without_it_can_be_forbidden(self):
        for arguments, environment in [(["--require-token"], {}), ([], {"CVEMU_REQUIRE_TOKEN": "1"}),
                                       (["--require-token", "--host", "0.0.0.0"], {})]:
            result = run("--port", "0", "--blob-port", "0", "--queue-port", "0", *arguments, **environment)
            self.assertEqual(result.returncode, 2, result.stderr)
            self.assertIn("CVEMU_CONTROL_TOKEN", result.stderr)
        for token in ("", "two words"):
            result = run("--port", "0", "--control-token", token)
            self.assertEqual(result.returncode, 2, result.stderr)
            self.assertIn("--control-token", result.stderr)

    def test_hosts_come_from_the_environment_too(self):
        environment = {"CVEMU_CONTROL_HOST": "one.example,*.two.example"}
        with unittest.mock.patch.dict(os.environ, environment):
            emulator = self.start()
        place = urllib.parse.urlsplit(emulator.endpoint)
        for host, status in [("one.example", 200), ("a.two.example", 200), ("three.example", 421)]:
            connection = http.client.HTTPConnection(place.hostname, place.port, timeout=30)
            connection.request("GET", "/_emulator/health", headers={"Host": host})
            self.assertEqual(connection.getresponse().status, status)
            connection.close()


class Tls(Temporary):
    def test_no_name_of_this_machine_is_bound_to_https(self):
        key, certificate = str(self.folder / "key.pem"), str(self.folder / "cert.pem")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-days", "2", "-subj", "/CN=localhost", "-keyout", key, "-out", certificate],
                       check=True, capture_output=True)
        emulator = self.start("--cert", certificate, "--key", key)
        place = urllib.parse.urlsplit(emulator.endpoint)
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE

        def policy(host: str, path: str) -> "str | None":
            connection = http.client.HTTPSConnection(place.hostname, place.port, context=context, timeout=30)
            self.addCleanup(connection.close)
            connection.request("GET", path, headers={"Host": host, "Training-Key": "any"})
            return connection.getresponse().headers["Strict-Transport-Security"]

        domains = "/customvision/v3.3/training/domains"
        for host in ("localhost:1", "127.0.0.1", "[::1]", "cvemu", "host.docker.internal", "a.localhost"):
            self.assertIsNone(policy(host, domains), host)
        self.assertEqual(policy("westeurope.api.cognitive.microsoft.com", domains),
                         "max-age=31536000; includeSubDomains; preload")
        for host in ("localhost", "westeurope.api.cognitive.microsoft.com"):
            self.assertIsNone(policy(host, "/_emulator/health"))


class Folders(Temporary):
    def setUp(self):
        super().setUp()
        (self.folder / "pictures").mkdir()
        (self.folder / "empty").mkdir()
        for file in images("circle"):
            (self.folder / "pictures" / file.name).write_bytes(file.read_bytes())

    def scenario(self, folder: str) -> str:
        path = self.folder / "scenario.json"
        path.write_text(json.dumps({"projects": [{"name": "x", "tags": ["t"], "images": [{"tag": "t", "folder": folder}]}]}))
        return str(path)

    def test_relative_folders_lie_beside_the_file(self):
        count = len(images("circle"))
        self.assertEqual(run("validate", self.scenario("pictures")).returncode, 0)
        for folder, words in [("none", "no folder"), ("empty", "JPEG")]:
            result = run("validate", self.scenario(folder))
            self.assertEqual(result.returncode, 5, result.stderr)
            self.assertIn(words, result.stderr)
        emulator = self.start("--scenario", self.scenario("pictures"))
        self.assertEqual(emulator.control("state")["images"], count)

        closed, opened = self.start(), self.start("--allow-folder", str(self.folder))
        result = run("load", self.scenario("pictures"), "--url", closed.endpoint)
        self.assertEqual(result.returncode, 1)
        self.assertIn("--allow-folder", result.stderr)
        self.assertEqual(closed.control("state")["projects"], 0)
        result = run("load", self.scenario("pictures"), "--url", opened.endpoint)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(opened.control("state")["images"], count)

    def test_an_allowed_folder_has_to_be_there(self):
        result = run("--port", "0", "--allow-folder", str(self.folder / "none"))
        self.assertEqual(result.returncode, 2)
        self.assertIn("--allow-folder", result.stderr)


if __name__ == "__main__":
    unittest.main()
