"""Memory is bounded, whatever is sent: by clients, and by the servers that the emulator asks."""
import http.server
import json
import resource
import struct
import threading
import unittest
import urllib.error
import urllib.request
import zlib

from emulator import Emulator
from shared_key import Endpoint

MIB = 1024 * 1024
CEILING = 400 * MIB
ENDLESS = 3 * 1024 * MIB  # what a server sends if nobody stops it


def check_ceiling(test: unittest.TestCase, emulator: Emulator):
    if emulator.has_sanitizer:
        test.skipTest("the memory of a sanitizer's build says nothing")
    test.assertLess(emulator.memory("VmHWM"), CEILING)


def png(side: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    pixels = zlib.compressobj(9)
    row = b"\0" * (1 + 3 * side)
    data = b"".join(pixels.compress(row) for _ in range(side)) + pixels.flush()
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)) +
            chunk(b"IDAT", data) + chunk(b"IEND", b""))


class Endless(http.server.BaseHTTPRequestHandler):
    """Announces a little or nothing, and sends without end; counts what was taken."""
    protocol_version = "HTTP/1.1"
    sent = 0

    def do_HEAD(self):
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()

    def answer(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(200)
        if self.path.startswith("/chunked"):
            self.send_header("Transfer-Encoding", "chunked")
        else:
            self.send_header("Content-Length", str(ENDLESS))
        self.end_headers()
        piece = bytes(MIB)
        framed = b"%x\r\n%s\r\n" % (len(piece), piece) if self.path.startswith("/chunked") else piece
        try:
            for _ in range(ENDLESS // MIB):
                self.wfile.write(framed)
                Endless.sent += MIB
        except OSError:
            pass
        self.close_connection = True

    do_GET = do_PUT = do_POST = answer

    def log_message(self, *_):
        pass


class Servers(unittest.TestCase):
    def setUp(self):
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Endless)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.emulator = Emulator("--clock", "automatic")
        self.addCleanup(self.emulator.__exit__)
        self.project = self.vision("POST", "projects?name=p")["id"]
        Endless.sent = 0

    def vision(self, method: str, path: str, body: "dict | None" = None) -> dict:
        data = json.dumps(body).encode() if body is not None else b"" if method == "POST" else None
        request = urllib.request.Request(f"{self.emulator.endpoint}/customvision/v3.3/training/{path}", data=data,
                                         method=method, headers={"Training-Key": "k", "Content-Type": "application/json"})
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def stays_small(self, taken: int):
        self.assertLess(Endless.sent, taken + 100 * MIB)  # what lies in sockets and buffers is little
        check_ceiling(self, self.emulator)

    def test_images_without_end(self):
        urls = [{"url": f"{self.url}/{kind}/{i}"} for kind in ("plain", "chunked") for i in range(8)]
        answer = self.vision("POST", f"projects/{self.project}/images/urls", {"images": urls})
        self.assertEqual({image["status"] for image in answer["images"]}, {"ErrorImageSize"})
        self.stays_small(16 * 7 * MIB)

    def test_copies_without_end(self):
        blob = Endpoint(self.emulator.connection_string, "Blob")
        blob.send("PUT", "/con?restype=container")
        for kind in ("plain", "chunked"):
            for target in ("/con/b", "/con/b?comp=block&blockid=YQ%3D%3D"):
                answer = blob.send("PUT", target, x_ms_blob_type="BlockBlob", x_ms_copy_source=f"{self.url}/{kind}")
                self.assertEqual(answer.status, 201, answer.body)
            answer = blob.send("PUT", "/con/copy", x_ms_copy_source=f"{self.url}/{kind}")
            self.assertEqual(answer.status, 202, answer.body)
        self.assertEqual(blob.send("HEAD", "/con/copy").headers["content-length"], "1000")
        self.stays_small(6 * MIB)

    def test_notifications_to_servers_that_answer_without_end(self):
        with self.assertRaises(urllib.error.HTTPError) as refused:
            self.vision("POST", "projects?name=q", {"notificationQueueUri": f"{self.url}/plain?sig=x"})
        with refused.exception:
            self.assertEqual(refused.exception.code, 400)
        self.stays_small(4 * MIB)


class Images(unittest.TestCase):
    def test_large_images_at_once(self):
        file = png(7000)
        self.assertLess(len(file), 200_000)
        with Emulator() as emulator:
            url = f"{emulator.endpoint}/customvision/v3.3/training/projects"
            headers = {"Training-Key": "k", "Content-Type": "application/octet-stream"}

            def post(path: str, body: bytes) -> dict:
                request = urllib.request.Request(url + path, data=body, headers=headers)
                with urllib.request.urlopen(request) as answer:
                    return json.load(answer)

            project = post("?name=p", b"")["id"]
            seen = []
            threads = [threading.Thread(target=lambda: seen.append(post(f"/{project}/images", file))) for _ in range(16)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            statuses = sorted(image["status"] for answer in seen for image in answer["images"])
            self.assertEqual(statuses, ["OK"] + ["OKDuplicate"] * 15)
            check_ceiling(self, emulator)


class Exhausted(unittest.TestCase):
    def test_without_memory_requests_fail_and_the_next_succeed(self):
        with Emulator() as emulator:
            blob = Endpoint(emulator.connection_string, "Blob")
            blob.send("PUT", "/con?restype=container")
            blob.send("PUT", "/con/before", b"before", x_ms_blob_type="BlockBlob")
            size = emulator.memory("VmSize")
            resource.prlimit(emulator.process.pid, resource.RLIMIT_AS, (size + 64 * MIB, size + 64 * MIB))
            statuses = set()
            for i in range(40):
                try:
                    statuses.add(blob.send("PUT", f"/con/{i}", bytes(8 * MIB), x_ms_blob_type="BlockBlob").status)
                except OSError:  # not even the connection could be served
                    statuses.add(None)
            self.assertTrue(statuses - {201}, statuses)
            self.assertIsNone(emulator.process.poll())
            for i in range(40):
                blob.send("DELETE", f"/con/{i}")
            self.assertEqual(blob.send("GET", "/con/before").body, b"before")
            self.assertEqual(blob.send("PUT", "/con/after", b"after", x_ms_blob_type="BlockBlob").status, 201)


if __name__ == "__main__":
    unittest.main()
