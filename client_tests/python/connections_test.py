"""Connections that no well-behaved client makes: too many, idle, of the wrong protocol, half said, or dropped."""
import http.client
import pathlib
import resource
import socket
import ssl
import subprocess
import tempfile
import unittest
import urllib.parse
from unittest import mock

from emulator import Emulator
from shared_key import Client, Endpoint

LARGE = bytes(range(256)) * 40_000  # 10 MB, kept in a file of its own


class Connections(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        with mock.patch("subprocess.Popen", self.popen_with_few_descriptors):
            self.emulator = Emulator("--location", str(self.folder))
        self.addCleanup(self.emulator.__exit__)
        self.endpoint = Endpoint(self.emulator.connection_string, "Blob")
        self.assertEqual(self.endpoint.send("PUT", "/odd?restype=container").status, 201)

    @staticmethod
    def popen_with_few_descriptors(command, **options):
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        return REAL_POPEN(command, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (64, most)), **options)

    def connect(self) -> socket.socket:
        host, port = self.endpoint.host.split(":")
        connection = socket.create_connection((host, int(port)), timeout=60)
        self.addCleanup(connection.close)
        return connection

    def begin(self, method: str, target: str, body: bytes = b"", **headers: str) -> socket.socket:
        """Says the head of a signed request and no more."""
        method, target, _, fields = self.endpoint.head(method, target, body, **headers)
        lines = [f"{method} {target} HTTP/1.1", f"Host: {self.endpoint.host}",
                 *(f"{name}: {value}" for name, value in fields.items()), "", ""]
        connection = self.connect()
        connection.sendall("\r\n".join(lines).encode())
        return connection

    def test_more_idle_connections_than_a_shell_allows_files(self):
        idle = []
        for _ in range(200):
            client = Client(self.emulator.connection_string, "Blob")
            self.addCleanup(client.connection.close)
            idle.append(client)
        for _ in range(2):
            for client in idle:
                self.assertEqual(client.send("GET", "/odd?restype=container").status, 200)
        self.assertEqual(self.emulator.stop(), 0)

    def test_https_where_http_is_spoken_fails_at_once(self):
        context = ssl.create_default_context()
        with self.assertRaisesRegex(ssl.SSLError, "(?i)wrong.version.number"):
            context.wrap_socket(self.connect(), server_hostname="localhost")

    def test_half_a_body_leaves_nothing_behind(self):
        for number in range(10):
            half = self.begin("PUT", f"/odd/half{number}", LARGE, x_ms_blob_type="BlockBlob")
            half.sendall(LARGE[:len(LARGE) // 2])
            half.close()
        self.assertEqual(self.endpoint.send("PUT", "/odd/whole", LARGE, x_ms_blob_type="BlockBlob").status, 201)
        names = self.endpoint.send("GET", "/odd?restype=container&comp=list").all("Name")
        self.assertEqual(names, ["whole"])
        self.emulator.kill()
        self.assert_whole_after_restart(1)

    def test_downloads_given_up_and_a_blob_deleted_in_mid_download(self):
        self.assertEqual(self.endpoint.send("PUT", "/odd/large", LARGE, x_ms_blob_type="BlockBlob").status, 201)
        self.assertEqual(self.endpoint.send("PUT", "/odd/whole", LARGE, x_ms_blob_type="BlockBlob").status, 201)
        for _ in range(10):
            connection = self.begin("GET", "/odd/large")
            self.assertTrue(connection.recv(1000).startswith(b"HTTP/1.1 200"))
            connection.close()
        connection = http.client.HTTPConnection(self.endpoint.host, timeout=60)
        self.addCleanup(connection.close)
        answer = self.endpoint.open(connection, "GET", "/odd/large")
        begun = answer.read(1000)
        self.assertEqual(self.endpoint.send("DELETE", "/odd/large").status, 202)
        self.assertEqual(begun + answer.read(), LARGE)
        self.assertEqual(self.emulator.stop(), 0)
        self.assert_whole_after_restart(1)

    def assert_whole_after_restart(self, files: int):
        with Emulator("--location", str(self.folder)) as emulator:
            answer = Endpoint(emulator.connection_string, "Blob").send("GET", "/odd/whole")
            self.assertEqual(answer.body, LARGE)
            self.assertEqual(len(list((self.folder / "cvemu.sqlite3-bytes").iterdir())), files)


REAL_POPEN = subprocess.Popen


class Ciphers(unittest.TestCase):
    """Of TLS 1.2: forward secrecy and an authenticated cipher, or no connection."""

    def test_no_cbc_and_no_key_exchange_by_rsa(self):
        with tempfile.TemporaryDirectory() as folder:
            certificate, key = f"{folder}/cert.pem", f"{folder}/key.pem"
            subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                            "-keyout", key, "-out", certificate], check=True, capture_output=True)
            with Emulator("--cert", certificate, "--key", key) as emulator:
                blob = urllib.parse.urlsplit(emulator.ready["endpoints"]["blob"])
                for cipher, taken in (("ECDHE-RSA-AES256-GCM-SHA384", True), ("ECDHE-RSA-CHACHA20-POLY1305", True),
                                      ("ECDHE-RSA-AES256-SHA384", False), ("AES256-GCM-SHA384", False), ("AES128-SHA", False)):
                    with self.subTest(cipher):
                        self.assertEqual(self.speaks(blob.hostname, blob.port, cipher), taken)

    @staticmethod
    def speaks(host: str, port: int, cipher: str) -> bool:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers(cipher + ":@SECLEVEL=0")
        try:
            with socket.create_connection((host, port), timeout=60) as plain, context.wrap_socket(plain) as connection:
                return connection.cipher()[0] == cipher
        except ssl.SSLError:
            return False


if __name__ == "__main__":
    unittest.main()
