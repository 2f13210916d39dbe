"""Reached by other URLs than the bound ones: a port mapping, a name in a network of containers, a TLS proxy."""
import json
import pathlib
import socket
import ssl
import subprocess
import tempfile
import threading
import unittest
import urllib.error
import urllib.request

from emulator import Emulator, images
from shared_key import Endpoint

KEY = {"Training-Key": "k", "Content-Type": "application/json"}


class Forwarder:
    """Passes on what comes to a free port; over TLS, if it is given a certificate."""

    def __init__(self, port: int, tls: "ssl.SSLContext | None" = None):
        self.port_behind, self.tls = port, tls
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.connect, args=(client,), daemon=True).start()

    def connect(self, client: socket.socket):
        try:
            if self.tls:
                client = self.tls.wrap_socket(client, server_side=True)
            server = socket.create_connection(("127.0.0.1", self.port_behind))
        except OSError:
            return client.close()
        threading.Thread(target=self.pump, args=(client, server), daemon=True).start()
        self.pump(server, client)

    @staticmethod
    def pump(source: socket.socket, to: socket.socket):
        try:
            while piece := source.recv(65536):
                to.sendall(piece)
            to.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def close(self):
        self.listener.close()


class Reached(unittest.TestCase):
    def forward(self, emulator: Emulator, tls=None) -> "dict[str, Forwarder]":
        ports = {"customVision": emulator.ready["endpoints"]["customVision"], "blob": emulator.ready["endpoints"]["blob"],
                 "queue": emulator.ready["endpoints"]["queue"]}
        forwarders = {name: Forwarder(int(url.split(":")[2].split("/")[0]), tls) for name, url in ports.items()}
        for forwarder in forwarders.values():
            self.addCleanup(forwarder.close)
        return forwarders

    def ask(self, url: str, method: str = "GET", body: "dict | None" = None, data: "bytes | None" = None, context=None):
        sent = data if body is None else json.dumps(body).encode()
        request = urllib.request.Request(url, data=sent, method=method, headers=KEY if data is None else {
            "Training-Key": "k", "Content-Type": "application/octet-stream"})
        with urllib.request.urlopen(request, context=context) as answer:
            return json.loads(answer.read() or b"null")

    def how_to(self, emulator: Emulator, urls: "dict[str, str]", context=None):
        """The how-to by the public URLs alone: what answers name is reached by them, too."""
        connection = self.ask(f"{urls['customVision']}/_emulator/connection", context=context)
        self.assertEqual(connection["endpoints"]["customVision"], urls["customVision"])
        self.assertEqual(connection["endpoints"]["blob"], f"{urls['blob']}/devstoreaccount1")
        self.assertEqual(connection["endpoints"]["queue"], f"{urls['queue']}/devstoreaccount1")
        self.assertIn(f"BlobEndpoint={urls['blob']}/devstoreaccount1;", connection["storageConnectionString"])
        queue, blob = (Endpoint(emulator.connection_string, service) for service in ("Queue", "Blob"))
        self.assertEqual(queue.send("PUT", "/news").status, 201)
        self.assertEqual(blob.send("PUT", "/models?restype=container").status, 201)
        training = f"{urls['customVision']}/customvision/v3.3/training/projects"
        project = self.ask(training + "?name=p&domainId=" + self.compact_domain(urls, context), "POST", {
            "notificationQueueUri": f"{urls['queue']}/devstoreaccount1/news",
            "exportModelContainerUri": f"{urls['blob']}/devstoreaccount1/models"}, context=context)["id"]
        self.assertEqual(queue.send("GET", "/news/messages?peekonly=true").status, 200)
        for kind in ("circle", "square"):
            tag = self.ask(f"{training}/{project}/tags?name={kind}", "POST", data=b"", context=context)["id"]
            for file in images(kind)[:5]:
                self.ask(f"{training}/{project}/images?tagIds={tag}", "POST", data=file.read_bytes(), context=context)
        image = self.ask(f"{training}/{project}/images?take=1", context=context)[0]
        self.assertTrue(image["originalImageUri"].startswith(urls["blob"] + "/"), image["originalImageUri"])
        with urllib.request.urlopen(image["originalImageUri"], context=context) as answer:
            self.assertEqual(answer.status, 200)
        iteration = self.ask(f"{training}/{project}/train", "POST", data=b"", context=context)["id"]
        emulator.advance("1h")
        self.ask(f"{training}/{project}/iterations/{iteration}/export?platform=ONNX", "POST", data=b"", context=context)
        emulator.advance("1h")
        export = self.ask(f"{training}/{project}/iterations/{iteration}/export", context=context)[0]
        self.assertTrue(export["downloadUri"].startswith(urls["blob"] + "/"), export["downloadUri"])
        names = blob.send("GET", "/models?restype=container&comp=list").all("Name")
        self.assertIn(f"{project} - {iteration}.onnx", [name.lower() for name in names])

    def compact_domain(self, urls: "dict[str, str]", context) -> str:
        domains = self.ask(f"{urls['customVision']}/customvision/v3.3/training/domains", context=context)
        return next(one["id"] for one in domains if one["name"] == "General (compact)")

    def test_through_mapped_ports_that_are_known_after_the_start(self):
        with Emulator("--clock", "frozen") as emulator:
            urls = {name: f"http://localhost:{one.port}" for name, one in self.forward(emulator).items()}
            self.assertEqual(emulator.control("public-endpoints", urls, "PUT"), urls)
            self.how_to(emulator, urls)
            self.assertEqual(emulator.control("public-endpoints", {"blob": None}, "PUT"), {**urls, "blob": None})

    def test_behind_a_proxy_that_speaks_tls(self):
        with tempfile.TemporaryDirectory() as folder:
            certificate, key = pathlib.Path(folder) / "cert.pem", pathlib.Path(folder) / "key.pem"
            subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate,
                            "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"],
                           check=True, capture_output=True)
            tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            tls.load_cert_chain(certificate, key)
            with Emulator("--clock", "frozen") as emulator:
                urls = {name: f"https://localhost:{one.port}" for name, one in self.forward(emulator, tls).items()}
                emulator.control("public-endpoints", urls, "PUT")
                self.how_to(emulator, urls, ssl.create_default_context(cafile=str(certificate)))

    def test_by_a_name_of_this_machine_beside_another_emulator(self):
        """As in a network of containers: the own name leads to itself, that of another service does not."""
        name = socket.gethostname()
        try:
            addresses = {found[4][0] for found in socket.getaddrinfo(name, None)}
        except OSError:
            self.skipTest("this machine's name has no address")
        if not addresses:
            self.skipTest("this machine's name has no address")
        with Emulator("--clock", "frozen") as emulator, Emulator() as other:
            queue = Endpoint(emulator.connection_string, "Queue")
            queue.send("PUT", "/news")
            port = queue.host.split(":")[1]
            training = f"{emulator.endpoint}/customvision/v3.3/training/projects"
            self.ask(f"{training}?name=p", "POST", {"notificationQueueUri": f"http://{name}:{port}/devstoreaccount1/news"})
            self.assertEqual(len(queue.send("GET", "/news/messages?peekonly=true").all("MessageId")), 1)
            foreign = Endpoint(other.connection_string, "Queue")
            foreign.send("PUT", "/news")
            self.ask(f"{training}?name=q", "POST", {"notificationQueueUri": f"http://{foreign.host}/devstoreaccount1/news"})
            self.assertEqual(len(foreign.send("GET", "/news/messages?peekonly=true").all("MessageId")), 1)
            self.assertEqual(len(queue.send("GET", "/news/messages?peekonly=true").all("MessageId")), 1)

    def test_what_is_allowed_as_foreign_is_never_ours(self):
        """It goes out through a socket and comes back as a request from outside."""
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = str(free.getsockname()[1])
        with Emulator("--queue-port", port, "--allow-host", f"localhost:{port}") as emulator:
            Endpoint(emulator.connection_string, "Queue").send("PUT", "/news")
            for name, internal in (("127.0.0.1", True), ("localhost", False)):
                uri = f"http://{name}:{port}/devstoreaccount1/news"
                self.ask(f"{emulator.endpoint}/customvision/v3.3/training/projects?name={name}", "POST",
                         {"notificationQueueUri": uri})
                entry = emulator.control("journal?operation=PutMessage&limit=1")["entries"][0]
                self.assertEqual(entry["internal"], internal, name)

    def test_urls_that_are_none(self):
        for url in ("localhost", "ftp://localhost", "http://localhost/path", "http://localhost?x", "http://"):
            with Emulator() as emulator, self.assertRaises(urllib.error.HTTPError) as refused:
                emulator.control("public-endpoints", {"blob": url}, "PUT")
            with refused.exception:
                self.assertEqual((refused.exception.code, json.load(refused.exception)["path"]), (400, "/blob"))


if __name__ == "__main__":
    unittest.main()
