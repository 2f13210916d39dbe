"""Uploads in frames with checksums, as the newest clients send them, and headers that a service must not skip."""
import base64
import gzip
import hashlib
import http.client
import json
import os
import struct
import unittest

from emulator import Emulator
from shared_key import Answer, Endpoint

FORMAT = "XSM/1.0; properties=crc64"
KIB = 1024


def crc_table() -> "list[int]":
    table = []
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ (0x9A6C9329AC4BC9B5 if value & 1 else 0)
        table.append(value)
    return table


TABLE = crc_table()


def crc64(data: bytes) -> bytes:
    crc = 2 ** 64 - 1
    for byte in data:
        crc = TABLE[(crc ^ byte) & 255] ^ crc >> 8
    return struct.pack("<Q", crc ^ 2 ** 64 - 1)


def framed(payload: bytes, segment: int = 4096 * KIB) -> bytes:
    pieces = [payload[at:at + segment] for at in range(0, len(payload), segment)] or [b""]
    rest = b"".join(struct.pack("<HQ", number, len(piece)) + piece + crc64(piece)
                    for number, piece in enumerate(pieces, 1)) + crc64(payload)
    return struct.pack("<BQHH", 1, 13 + len(rest), 1, len(pieces)) + rest


class Structured(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.emulator = Emulator()
        cls.addClassCleanup(cls.emulator.stop)
        cls.endpoint = Endpoint(cls.emulator.connection_string, "Blob")
        cls.queue = Endpoint(cls.emulator.connection_string, "Queue")
        cls.endpoint.send("PUT", "/abc?restype=container")
        # Four segments of different bytes, and more than is kept in a row of the database.
        cls.payload = os.urandom(512 * KIB)
        cls.message = framed(cls.payload, 150 * KIB)

    def upload(self, target: str, message: "bytes | None" = None, length: "int | None" = None, **headers: str) -> Answer:
        return self.endpoint.send("PUT", target, self.message if message is None else message, x_ms_structured_body=FORMAT,
                              x_ms_structured_content_length=str(len(self.payload) if length is None else length),
                              **headers)

    def check_stored(self, answer: Answer, path: str, expected: bytes):
        self.assertEqual(answer.status, 201, answer.body)
        self.assertEqual(answer.headers["x-ms-structured-body"], FORMAT)
        self.assertEqual(self.endpoint.send("GET", path).body, expected)

    def code(self, answer: Answer, status: int, code: str, header: "str | None" = None):
        self.assertEqual((answer.status, answer.code), (status, code), answer.body)
        if header:
            self.assertEqual(answer.one("HeaderName"), header)

    def test_the_published_example(self):
        message = base64.b64decode("ASwAAAAAAAAAAQABAAEABQAAAAAAAABoZWxsb1dCUgZwhXczV0JSBnCFdzM=")
        self.assertEqual(message, framed(b"hello"))
        self.check_stored(self.upload("/abc/hello", message, 5, x_ms_blob_type="BlockBlob"), "/abc/hello", b"hello")

    def test_put_blob(self):
        answer = self.upload("/abc/blob", x_ms_blob_type="BlockBlob")
        self.check_stored(answer, "/abc/blob", self.payload)
        digest = base64.b64encode(hashlib.md5(self.payload).digest()).decode()
        self.assertEqual(answer.headers["content-md5"], digest)
        head = self.endpoint.send("HEAD", "/abc/blob")
        self.assertEqual((head.headers["content-length"], head.headers["content-md5"]), (str(len(self.payload)), digest))

    def test_put_block(self):
        answer = self.upload("/abc/blocks?comp=block&blockid=AAAA")
        self.assertEqual(answer.headers["x-ms-content-crc64"], base64.b64encode(crc64(self.payload)).decode())
        commit = b"<BlockList><Latest>AAAA</Latest></BlockList>"
        self.assertEqual(self.endpoint.send("PUT", "/abc/blocks?comp=blocklist", commit).status, 201)
        self.check_stored(answer, "/abc/blocks", self.payload)

    def test_append_block(self):
        self.endpoint.send("PUT", "/abc/append", x_ms_blob_type="AppendBlob")
        self.upload("/abc/append?comp=appendblock")
        answer = self.upload("/abc/append?comp=appendblock")
        self.assertEqual(answer.headers["x-ms-blob-append-offset"], str(len(self.payload)))
        self.check_stored(answer, "/abc/append", self.payload * 2)

    def test_put_page(self):
        size = len(self.payload)
        self.endpoint.send("PUT", "/abc/page", x_ms_blob_type="PageBlob", x_ms_blob_content_length=str(2 * size))
        answer = self.upload("/abc/page?comp=page", x_ms_page_write="update", x_ms_range=f"bytes={size}-{2 * size - 1}")
        self.check_stored(answer, "/abc/page", bytes(size) + self.payload)

    def test_in_chunks_without_a_length(self):
        method, target, _, fields = self.endpoint.head("PUT", "/abc/chunks", iter(()), x_ms_blob_type="BlockBlob",
                                                   x_ms_structured_body=FORMAT, x_ms_structured_content_length="5")
        message = framed(b"hello", 2)
        for cut in (1, 12, 13, 20, 40):
            connection = http.client.HTTPConnection(self.endpoint.host, timeout=60)
            fields["transfer-encoding"] = "chunked"
            pieces = [message[at:at + cut] for at in range(0, len(message), cut)]
            connection.request(method, target, iter(pieces), fields, encode_chunked=True)
            self.check_stored(Answer(connection.getresponse()), "/abc/chunks", b"hello")
            connection.close()

    def test_a_wrong_byte_anywhere_stores_nothing(self):
        message = framed(b"hello world", 4)
        for at in range(len(message)):
            wrong = bytearray(message)
            wrong[at] ^= 4
            answer = self.upload("/abc/wrong", bytes(wrong), 11, x_ms_blob_type="BlockBlob")
            self.assertEqual(answer.status, 400, (at, answer.body))
            self.assertIn(answer.code, ("InvalidInput", "Crc64Mismatch"))
        self.code(self.endpoint.send("GET", "/abc/wrong"), 404, "BlobNotFound")
        large = bytearray(self.message)
        large[-100 * KIB] ^= 1
        self.code(self.upload("/abc/wrong", bytes(large), x_ms_blob_type="BlockBlob"), 400, "Crc64Mismatch")
        self.code(self.endpoint.send("GET", "/abc/wrong"), 404, "BlobNotFound")

    def test_other_formats_and_other_operations(self):
        header = "x-ms-structured-body"
        other = self.endpoint.send("PUT", "/abc/other", framed(b"x"), x_ms_blob_type="BlockBlob",
                               x_ms_structured_body="XSM/2.0; properties=crc64", x_ms_structured_content_length="1")
        self.code(other, 400, "InvalidHeaderValue", header)
        self.endpoint.send("PUT", "/abc/other", b"plain", x_ms_blob_type="BlockBlob")
        for query in ("", "?snapshot="):
            self.code(self.endpoint.send("GET", "/abc/other" + query, x_ms_structured_body=FORMAT), 501, "APINotImplemented",
                      header)
        tags = b"<Tags><TagSet/></Tags>"
        self.code(self.endpoint.send("PUT", "/abc/other?comp=tags", tags, x_ms_structured_body=FORMAT), 400, "UnsupportedHeader",
                  header)
        self.endpoint.send("PUT", "/abc/source", b"plain", x_ms_blob_type="BlockBlob")
        copy = self.endpoint.send("PUT", "/abc/other", x_ms_copy_source=f"http://{self.endpoint.host}{self.endpoint.root}/abc/source",
                              x_ms_structured_body=FORMAT)
        self.code(copy, 400, "UnsupportedHeader", header)

    def test_headers_that_change_the_meaning_are_not_skipped(self):
        put = {"x_ms_blob_type": "BlockBlob"}
        for status, code, headers in (
                (400, "HttpsRequired", {"x_ms_encryption_key": "c2VjcmV0", "x_ms_encryption_algorithm": "AES256"}),
                (501, "APINotImplemented", {"x_ms_encryption_scope": "mine"}),
                (501, "APINotImplemented", {"x_ms_legal_hold": "true"}),
                (501, "APINotImplemented", {"x_ms_immutability_policy_mode": "Unlocked"}),
                (400, "UnsupportedHeader", {"content_range": "bytes 0-0/10"}),
                (400, "UnsupportedHeader", {"x_ms_source_range": "bytes=0-0"})):
            answer = self.endpoint.send("PUT", "/abc/skipped", b"x", **put, **headers)
            self.code(answer, status, code, next(iter(headers)).replace("_", "-"))
            self.assertNotIn(b"c2VjcmV0", answer.body)
        self.code(self.endpoint.send("PUT", "/abc/skipped?comp=block&blockid=AAAA", b"x", if_match="*"), 400,
                  "ConditionHeadersNotSupported", "if-match")
        self.code(self.endpoint.send("GET", "/abc/skipped"), 404, "BlobNotFound")

    def test_digests_are_held_against_every_body(self):
        wrong = base64.b64encode(hashlib.md5(b"other").digest()).decode()
        self.queue.send("PUT", "/digests")
        message = b"<QueueMessage><MessageText>x</MessageText></QueueMessage>"
        for endpoint, method, target, body in (
                (self.queue, "POST", "/digests/messages", message),
                (self.queue, "PUT", "/digests?comp=acl", b"<SignedIdentifiers/>"),
                (self.queue, "PUT", "/?restype=service&comp=properties", b"<StorageServiceProperties/>"),
                (self.endpoint, "PUT", "/abc?restype=container&comp=acl", b"<SignedIdentifiers/>"),
                (self.endpoint, "PUT", "/?restype=service&comp=properties", b"<StorageServiceProperties/>")):
            self.code(endpoint.send(method, target, body, content_md5=wrong), 400, "Md5Mismatch")
        source = f"http://{self.endpoint.host}{self.endpoint.root}/abc/source"
        self.endpoint.send("PUT", "/abc/source", b"plain", x_ms_blob_type="BlockBlob")
        self.code(self.endpoint.send("PUT", "/abc/from-url", x_ms_blob_type="BlockBlob", x_ms_copy_source=source,
                                 content_md5=wrong), 400, "Md5Mismatch")
        right = base64.b64encode(hashlib.md5(b"plain").digest()).decode()
        self.assertEqual(self.endpoint.send("PUT", "/abc/from-url", x_ms_blob_type="BlockBlob", x_ms_copy_source=source,
                                        content_md5=right).status, 201)
        self.code(self.endpoint.send("PUT", "/abc/page-url?comp=page", x_ms_page_write="clear", x_ms_copy_source=source,
                                 x_ms_range="bytes=0-511", x_ms_source_range="bytes=0-511"), 400, "InvalidHeaderValue")

    def test_compressed_documents(self):
        self.queue.send("PUT", "/compressed")
        message = gzip.compress(b"<QueueMessage><MessageText>x</MessageText></QueueMessage>")
        self.code(self.queue.send("POST", "/compressed/messages", message, content_encoding="gzip"), 400,
                  "UnsupportedHeader", "content-encoding")

    def custom_vision(self, body: bytes, **headers: str) -> "tuple[int, dict]":
        host = self.emulator.endpoint.removeprefix("http://")
        connection = http.client.HTTPConnection(host, timeout=60)
        fields = {"Training-Key": "k", **{name.replace("_", "-"): value for name, value in headers.items()}}
        connection.request("POST", "/customvision/v3.3/Training/projects/11111111-1111-1111-1111-111111111111/images/urls",
                           body, fields)
        answer = connection.getresponse()
        status, document = answer.status, json.load(answer)
        connection.close()
        return status, document

    def test_bodies_of_custom_vision_that_are_not_plain(self):
        body = json.dumps({"images": []}).encode()
        kind = "application/json"
        for headers in ({"Content_Encoding": "gzip", "Content_Type": kind}, {"Content_Type": kind + "; charset=utf-16"},
                        {"Content_Type": kind + ';charset="iso-8859-1"'}):
            status, document = self.custom_vision(body, **headers)
            self.assertEqual((status, document["code"]), (415, "UnsupportedMediaType"))
        status, document = self.custom_vision(body, Content_Type=kind, Content_Range="bytes 0-3/100")
        self.assertEqual((status, document["code"]), (400, "BadRequest"))
        self.assertIn("Content-Range", document["message"])
        for passed in (kind + "; charset=utf-8", kind + '; charset="UTF-8"', kind):
            self.assertNotEqual(self.custom_vision(body, Content_Type=passed, Content_Encoding="identity")[0], 415)

    def test_an_expectation_that_nobody_understands(self):
        connection = http.client.HTTPConnection(self.endpoint.host, timeout=60)
        connection.request("PUT", "/x", b"", {"Expect": "something"})
        self.assertEqual(connection.getresponse().status, 417)
        connection.close()


if __name__ == "__main__":
    unittest.main()
