"""Behaviour that clients hide and that emulators get wrong, by single requests; a test for each."""
import base64
import http.client
import unittest
import urllib.parse

from emulator import Emulator
from shared_key import Answer, Endpoint

GUID = "11111111-1111-1111-1111-111111111111"
OTHER_GUID = "22222222-2222-2222-2222-222222222222"
FAR_OFF = "2099-01-01T00:00:00Z"


class Raw(unittest.TestCase):
    number = 0

    @classmethod
    def setUpClass(cls):
        cls.emulator = Emulator()
        cls.addClassCleanup(cls.emulator.stop)
        cls.blob = Endpoint(cls.emulator.connection_string, "Blob")
        cls.queue = Endpoint(cls.emulator.connection_string, "Queue")

    def setUp(self):
        Raw.number += 1
        self.name = f"test-{Raw.number}"

    def code(self, answer: Answer, status: int, code: str):
        """The status, the code in header and body, and an id to look for in the log."""
        self.assertEqual((answer.status, answer.code), (status, code), answer.body)
        if answer.body:
            self.assertEqual(answer.one("Code"), code)
            self.assertIn("RequestId:" + answer.headers["x-ms-request-id"], answer.text)
        self.assertRegex(answer.headers["x-ms-request-id"], "^[0-9a-f-]{36}$")

    def ok(self, answer: Answer, status: int) -> Answer:
        self.assertEqual(answer.status, status, answer.body)
        return answer

    # --- queues ---

    def make_queue(self) -> str:
        self.ok(self.queue.send("PUT", f"/{self.name}"), 201)
        return f"/{self.name}"

    def put_message(self, queue: str, text: str) -> Answer:
        body = f"<QueueMessage><MessageText>{text}</MessageText></QueueMessage>".encode()
        return self.ok(self.queue.send("POST", f"{queue}/messages", body), 201)

    # --- blobs ---

    def make_container(self, **headers: str) -> str:
        self.ok(self.blob.send("PUT", f"/{self.name}?restype=container", **headers), 201)
        return f"/{self.name}"

    def put_blob(self, path: str, content: bytes = b"x", **headers: str) -> Answer:
        return self.ok(self.blob.send("PUT", path, content, x_ms_blob_type="BlockBlob", **headers), 201)

    def acl(self, permission: str) -> bytes:
        return ("<SignedIdentifiers><SignedIdentifier><Id>pol</Id><AccessPolicy><Start>2020-01-01</Start>"
                f"<Expiry>{FAR_OFF}</Expiry><Permission>{permission}</Permission></AccessPolicy></SignedIdentifier>"
                "</SignedIdentifiers>").encode()

    def blob_sas(self, container: str, permission: str = "", policy: str = "") -> str:
        """A container's SAS: by its letters, or by a stored policy."""
        expiry = "" if policy else FAR_OFF
        lines = [permission, "", expiry, f"/blob/{self.blob.account}{container}", policy, "", "", "2021-12-02", "c",
                 "", "", "", "", "", "", ""]
        fields = {"sv": "2021-12-02", "sr": "c", "sp": permission, "se": expiry, "si": policy,
                  "sig": self.blob.sign("\n".join(lines))}
        return urllib.parse.urlencode({name: value for name, value in fields.items() if value})


class Queues(Raw):
    def pages(self, between=lambda page: None) -> "list[str]":
        names, marker = [], ""
        while True:
            answer = self.ok(self.queue.send("GET", f"?comp=list&prefix=page-&maxresults=2&marker={marker}"), 200)
            names += answer.all("Name")
            marker = answer.one("NextMarker")
            if not marker:
                return names
            between(len(names))

    def test_paging_loses_no_queue_while_others_come_and_go(self):
        stable = [f"page-{letter}" for letter in "bdfhjl"]
        for name in stable:
            self.ok(self.queue.send("PUT", f"/{name}"), 201)
        coming = [f"/page-{letter}" for letter in "acegik"]

        def churn(count):
            self.queue.send("DELETE", coming[count // 2 - 1])
            for name in coming:
                self.queue.send("PUT", name)
            self.queue.send("DELETE", coming[-1])
        seen = self.pages(churn)
        self.assertEqual(len(seen), len(set(seen)))
        self.assertEqual([name for name in seen if name in stable], stable)

    def test_the_queue_a_marker_names_may_be_deleted(self):
        for letter in "mno":
            self.queue.send("PUT", f"/page-{letter}")
        marker = self.queue.send("GET", "?comp=list&prefix=page-&maxresults=1").one("NextMarker")
        self.ok(self.queue.send("DELETE", f"/{marker}"), 204)
        rest = self.queue.send("GET", f"?comp=list&prefix=page-&marker={marker}").all("Name")
        self.assertTrue(rest and marker not in rest)
        for name in self.pages():
            self.queue.send("DELETE", f"/{name}")

    def test_messages_that_come_and_go_hide_no_other(self):
        queue = self.make_queue()
        for number in range(40):
            self.put_message(queue, f"m{number}")
        seen = []
        while len(seen) < 40:
            answer = self.queue.send("GET", f"{queue}/messages?numofmessages=7&visibilitytimeout=3600")
            found = [text for text in answer.all("MessageText") if text.startswith("m")]
            seen += found
            self.put_message(queue, "later")
            fields = urllib.parse.urlencode({"popreceipt": answer.all("PopReceipt")[0]})
            self.ok(self.queue.send("DELETE", f"{queue}/messages/{answer.all('MessageId')[0]}?{fields}"), 204)
        self.assertEqual(seen, [f"m{number}" for number in range(40)])

    def test_a_malformed_body_gets_a_code_and_an_id(self):
        queue = self.make_queue()
        for body in (b"", b"no xml", b"<QueueMessage>", b"<QueueMessage/>",
                     b"<Other><MessageText>x</MessageText></Other>",
                     b"<QueueMessage><MessageText>&foo;</MessageText></QueueMessage>",
                     b"<QueueMessage><MessageText>&#1;</MessageText></QueueMessage>",
                     b"<QueueMessage><MessageText>\xff</MessageText></QueueMessage>"):
            self.code(self.queue.send("POST", f"{queue}/messages", body), 400, "InvalidXmlDocument")
        self.code(self.queue.send("PUT", f"{queue}?comp=acl", b"<SignedIdentifiers>"), 400, "InvalidXmlDocument")
        self.code(self.queue.send("PUT", "?restype=service&comp=properties", b"rubbish"), 400, "InvalidXmlDocument")
        self.assertEqual(self.queue.send("GET", f"{queue}/messages?peekonly=true").all("MessageText"), [])

    def test_text_keeps_comments_out_and_cdata_in(self):
        queue = self.make_queue()
        self.put_message(queue, "a<!--c-->b<![CDATA[<&]]>&#xD;\r\n&#x1F600;")
        text = self.queue.send("GET", f"{queue}/messages").one("MessageText")
        self.assertEqual(text, "ab&lt;&amp;&#xD;&#xD;\n\U0001F600")

    def test_unknown_and_missing_parameters_have_codes(self):
        queue = self.make_queue()
        receipt = self.put_message(queue, "x")
        message = f"{queue}/messages/{receipt.one('MessageId')}"
        self.code(self.queue.send("GET", f"{queue}?comp=foo"), 400, "InvalidQueryParameterValue")
        self.code(self.queue.send("GET", "?comp=foo"), 400, "InvalidQueryParameterValue")
        self.code(self.queue.send("GET", queue), 400, "InvalidQueryParameterValue")
        self.code(self.queue.send("POST", queue), 405, "UnsupportedHttpVerb")
        self.code(self.queue.send("PATCH", f"{queue}/messages"), 405, "UnsupportedHttpVerb")
        self.code(self.queue.send("DELETE", message), 400, "MissingRequiredQueryParameter")
        self.code(self.queue.send("PUT", message + "?popreceipt=AAAA"), 400, "MissingRequiredQueryParameter")
        self.code(self.queue.send("DELETE", message + "?popreceipt=AAAA"), 400, "InvalidQueryParameterValue")
        for bad in ("numofmessages=abc", "visibilitytimeout=abc", "timeout=abc"):
            self.code(self.queue.send("GET", f"{queue}/messages?{bad}"), 400, "InvalidQueryParameterValue")
        self.code(self.queue.send("GET", f"{queue}/messages?numofmessages=0"), 400, "OutOfRangeQueryParameterValue")
        self.code(self.queue.send("GET", "?comp=list&maxresults=0"), 400, "OutOfRangeQueryParameterValue")
        self.code(self.queue.send("GET", "?comp=list&include=rubbish"), 400, "InvalidQueryParameterValue")

    def test_acl_is_for_the_key_alone(self):
        queue = self.make_queue()
        self.ok(self.queue.send("PUT", f"{queue}?comp=acl", self.acl("raup")), 204)
        answer = self.queue.send("GET", f"{queue}?comp=acl", signed=False)
        self.assertIn(answer.status, (401, 403, 404))
        self.assertEqual(answer.all("Id"), [])

    def test_policies_edited_later_take_effect(self):
        queue = self.make_queue()
        self.put_message(queue, "x")
        lines = ["", "", "", f"/queue/{self.queue.account}{queue}", "pol", "", "", "2021-12-02"]
        signature = self.queue.sign("\n".join(lines))
        peek = f"{queue}/messages?peekonly=true&sv=2021-12-02&si=pol&sig={urllib.parse.quote(signature, safe='')}"
        self.code(self.queue.send("GET", peek, signed=False), 403, "AuthenticationFailed")
        self.queue.send("PUT", f"{queue}?comp=acl", self.acl("r"))
        self.assertEqual(self.ok(self.queue.send("GET", peek, signed=False), 200).all("MessageText"), ["x"])
        self.queue.send("PUT", f"{queue}?comp=acl", self.acl("a"))
        self.code(self.queue.send("GET", peek, signed=False), 403, "AuthorizationPermissionMismatch")
        self.queue.send("PUT", f"{queue}?comp=acl")
        self.code(self.queue.send("GET", peek, signed=False), 403, "AuthenticationFailed")


class Manners(Raw):
    def test_a_newer_version_is_served_and_rubbish_is_not(self):
        for endpoint in (self.blob, self.queue):
            answer = self.ok(endpoint.send("GET", "?comp=list", x_ms_version="2031-01-01"), 200)
            self.assertEqual(answer.headers["x-ms-version"], "2031-01-01")
            self.ok(endpoint.send("GET", "?comp=list", x_ms_version=None), 200)
            self.code(endpoint.send("GET", "?comp=list", x_ms_version="rubbish"), 400, "InvalidHeaderValue")

    def test_parameters_come_in_any_order_and_case_of_header(self):
        container = self.make_container()
        for query in ("restype=container&comp=list", "comp=list&restype=container",
                      "prefix=&comp=list&timeout=30&restype=container"):
            self.ok(self.blob.send("GET", f"{container}?{query}"), 200)
        self.ok(self.blob.send("GET", "/?comp=list"), 200)

    def test_request_ids_also_on_errors(self):
        for target, status in (("?comp=list", 200), ("/none/none", 404)):
            answer = self.blob.send("GET", target, x_ms_client_request_id="mine")
            self.assertEqual((answer.status, answer.headers["x-ms-client-request-id"]), (status, "mine"))
            self.assertTrue(answer.headers["x-ms-request-id"] and answer.headers["Date"])

    def test_a_wrong_account_and_a_wrong_signature(self):
        self.code(self.blob.send("GET", "?comp=list", root="/nobody"), 404, "ResourceNotFound")
        fields = {"x-ms-version": "2021-12-02", "authorization": f"SharedKey {self.blob.account}:AAAA"}
        answer = self.blob.send_raw("GET", f"{self.blob.root}?comp=list", b"", fields)
        self.code(answer, 403, "AuthenticationFailed")
        signed = "GET" + "\n" * 12 + f"x-ms-version:2021-12-02\n/{self.blob.account}{self.blob.root}\ncomp:list"
        self.assertIn(signed, answer.one("AuthenticationErrorDetail"))

    def test_the_host_may_be_a_containers_a_proxys_or_name_the_account(self):
        container = self.make_container()
        for host in ("host.docker.internal:10000", "emulator:80", "proxy.example.org"):
            answer = self.blob.send("GET", "?comp=list", host=host)
            self.assertIn(f'ServiceEndpoint="http://{host}{self.blob.root}', self.ok(answer, 200).text)
        own = f"{self.blob.account}.blob.localhost:10000"
        self.ok(self.blob.send("GET", f"{container}?restype=container&comp=list", root="", host=own), 200)

    def test_the_secondary_reads_and_does_not_write(self):
        blob = self.make_container() + "/b"
        self.put_blob(blob)
        secondary = self.blob.root + "-secondary"
        self.assertEqual(self.ok(self.blob.send("GET", blob, root=secondary), 200).body, b"x")
        answer = self.blob.send("DELETE", blob, root=secondary)
        self.assertTrue(400 <= answer.status < 500 and answer.code)
        self.assertEqual(self.blob.send("GET", blob).body, b"x")

    def test_a_chunked_upload_is_taken(self):
        blob = self.make_container() + "/b"
        fields = {"x-ms-version": "2021-12-02", "x-ms-blob-type": "BlockBlob", "transfer-encoding": "chunked"}
        signature = self.blob.signature("PUT", self.blob.root + blob, fields)
        fields["authorization"] = f"SharedKey {self.blob.account}:{signature}"
        chunks = b"5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"
        self.ok(self.blob.send_raw("PUT", self.blob.root + blob, chunks, fields), 201)
        self.assertEqual(self.blob.send("GET", blob).body, b"hello world")

    def test_a_body_announced_with_expect_is_asked_for(self):
        blob = self.make_container() + "/b"
        self.put_blob(blob, b"hello", expect="100-continue")
        self.assertEqual(self.blob.send("GET", blob).body, b"hello")

    def test_one_connection_serves_many_requests_also_refused_ones(self):
        connection = http.client.HTTPConnection(self.queue.host, timeout=60)
        connection.connect()
        first = connection.sock
        for _ in range(50):
            connection.request("POST", f"{self.queue.root}/none/messages", b"a body that nobody reads")
            self.assertIn(b"AuthenticationInformation", connection.getresponse().read())
            self.assertIs(connection.sock, first)
        connection.close()

    def test_unknown_comp_and_method_of_blobs(self):
        container = self.make_container()
        self.put_blob(f"{container}/b")
        for method, target in (("GET", f"{container}/b?comp=foo"), ("PUT", f"{container}/b?comp=foo"),
                               ("GET", f"{container}?restype=container&comp=foo"), ("GET", "?comp=foo"), ("GET", "")):
            self.code(self.blob.send(method, target), 400, "InvalidQueryParameterValue")
        self.code(self.blob.send("PATCH", f"{container}/b"), 405, "UnsupportedHttpVerb")

    def test_header_and_query_tell_the_operations_apart(self):
        container = self.make_container()
        blob = f"{container}/b"
        self.ok(self.blob.send("PUT", blob, x_ms_blob_type="PageBlob", x_ms_blob_content_length="1024"), 201)
        self.ok(self.blob.send("PUT", f"{blob}?comp=properties", x_ms_blob_content_length="512"), 200)
        answer = self.blob.send("PUT", f"{blob}?comp=properties", x_ms_sequence_number_action="update",
                                x_ms_blob_sequence_number="9")
        self.assertEqual(self.ok(answer, 200).headers["x-ms-blob-sequence-number"], "9")
        self.ok(self.blob.send("PUT", f"{blob}?comp=properties", x_ms_blob_content_type="a/b"), 200)
        head = self.blob.send("HEAD", blob)
        self.assertEqual((head.headers["content-length"], head.headers["content-type"], head.body), ("512", "a/b", b""))
        self.code(self.blob.send("PUT", blob), 400, "MissingRequiredHeader")
        self.code(self.blob.send("PUT", blob, x_ms_blob_type="OddBlob"), 400, "InvalidHeaderValue")
        self.code(self.blob.send("PUT", f"{blob}?comp=lease", x_ms_lease_action="odd"), 400, "InvalidHeaderValue")
        self.code(self.blob.send("PUT", f"{blob}?comp=lease"), 400, "MissingRequiredHeader")
        self.code(self.blob.send("PUT", f"{blob}?comp=page", x_ms_page_write="odd", x_ms_range="bytes=0-511"), 400,
                  "InvalidHeaderValue")

    def test_bad_escapes_and_control_characters(self):
        container = self.make_container()
        self.code(self.blob.send("GET", f"{container}/a%zz"), 400, "InvalidUri")
        self.code(self.blob.send("PUT", f"{container}/a%00", b"x", x_ms_blob_type="BlockBlob"), 400, "InvalidUri")
        self.code(self.blob.send("PUT", f"{container}/a%FF", b"x", x_ms_blob_type="BlockBlob"), 400, "InvalidUri")
        self.assertEqual(self.blob.send("GET", f"{container}?restype=container&comp=list").all("Name"), [])


class Lists(Raw):
    def pages(self, container: str, query: str, between=lambda: None) -> "list[Answer]":
        pages, marker = [], ""
        while True:
            target = f"{container}?restype=container&comp=list&{query}&marker={urllib.parse.quote(marker, safe='')}"
            pages.append(self.ok(self.blob.send("GET", target), 200))
            marker = pages[-1].one("NextMarker")
            if not marker:
                return pages
            between()

    def test_snapshots_across_pages(self):
        container = self.make_container()
        expected = []
        for name in ("a", "b é", "c&d"):
            self.put_blob(f"{container}/{urllib.parse.quote(name)}")
            for _ in range(3):
                taken = self.blob.send("PUT", f"{container}/{urllib.parse.quote(name)}?comp=snapshot")
                expected.append(taken.headers["x-ms-snapshot"])
        for size in (1, 2, 5):
            pages = self.pages(container, f"include=snapshots&maxresults={size}")
            self.assertEqual([one for page in pages for one in page.all("Snapshot")], expected)
            self.assertEqual(sum(len(page.all("Name")) for page in pages), 12)

    def test_paging_loses_no_blob_while_others_come_and_go(self):
        container = self.make_container()
        stable = [f"s{number:02}" for number in range(0, 20, 2)]
        for name in stable:
            self.put_blob(f"{container}/{name}")

        def churn():
            for number in range(1, 20, 2):
                path = f"{container}/s{number:02}"
                if self.blob.send("DELETE", path).status == 404:
                    self.put_blob(path)
        seen = [name for page in self.pages(container, "maxresults=3", churn) for name in page.all("Name")]
        self.assertEqual(len(seen), len(set(seen)))
        self.assertEqual([name for name in seen if name in stable], stable)

    def test_delimiters_of_several_characters(self):
        container = self.make_container()
        for name in ("a", "x--1", "x--2--3", "x-4", "y%26%261", "z"):
            self.put_blob(f"{container}/{name}")
        pages = self.pages(container, "delimiter=--&maxresults=2")
        self.assertEqual([page.all("Name") for page in pages], [["a", "x--"], ["x-4", "y&amp;&amp;1"], ["z"]])
        self.assertEqual(sorted(self.pages(container, "delimiter=--&prefix=x--")[0].all("Name")), ["x--1", "x--2--"])
        self.assertIn("y&amp;&amp;", self.pages(container, "delimiter=%26%26")[0].all("Name"))

    def test_parameters_of_lists_are_checked(self):
        listing = f"{self.make_container()}?restype=container&comp=list"
        for bad in ("maxresults=x", "include=x"):
            self.code(self.blob.send("GET", f"{listing}&{bad}"), 400, "InvalidQueryParameterValue")
        self.code(self.blob.send("GET", f"{listing}&maxresults=0"), 400, "OutOfRangeQueryParameterValue")

    def test_acl_is_not_readable_anonymously(self):
        container = self.make_container(x_ms_blob_public_access="container")
        self.ok(self.blob.send("GET", f"{container}?restype=container&comp=list", signed=False), 200)
        for query in ("restype=container&comp=acl", "comp=acl&restype=container"):
            answer = self.blob.send("GET", f"{container}?{query}", signed=False)
            self.assertIn(answer.status, (401, 403, 404))
            self.assertNotIn("SignedIdentifiers", answer.text)


class Contents(Raw):
    def test_ranges(self):
        blob = self.make_container() + "/b"
        self.put_blob(blob, b"0123456789")
        for text, status, body, content_range in (
                ("bytes=0-", 206, b"0123456789", "bytes 0-9/10"), ("bytes=2-4", 206, b"234", "bytes 2-4/10"),
                ("bytes=8-99", 206, b"89", "bytes 8-9/10"), ("bytes=-3", 200, b"0123456789", None),
                ("bytes=4-2", 200, b"0123456789", None), ("bytes=0-1,3-4", 200, b"0123456789", None),
                ("lines=0-1", 200, b"0123456789", None), ("rubbish", 200, b"0123456789", None)):
            for header in ("x_ms_range", "range"):
                with self.subTest(header=header, text=text):
                    answer = self.ok(self.blob.send("GET", blob, **{header: text}), status)
                    self.assertEqual((answer.body, answer.headers["content-range"]), (body, content_range))
        both = self.blob.send("GET", blob, x_ms_range="bytes=1-1", range="bytes=2-2")
        self.assertEqual(both.body, b"1")
        self.assertEqual(self.blob.send("HEAD", blob, x_ms_range="bytes=1-1").headers["content-length"], "10")

    def test_ranges_past_the_end(self):
        container = self.make_container()
        for name, content, text in (("b", b"0123456789", "bytes=10-"), ("b", b"0123456789", "bytes=11-12"),
                                    ("empty", b"", "bytes=0-"), ("empty", b"", "bytes=0-33554431")):
            self.put_blob(f"{container}/{name}", content)
            for header in ("x_ms_range", "range"):
                answer = self.blob.send("GET", f"{container}/{name}", **{header: text})
                self.code(answer, 416, "InvalidRange")
                self.assertEqual(answer.headers["content-range"], f"bytes */{len(content)}")

    def test_a_body_is_never_compressed(self):
        blob = self.make_container() + "/b"
        self.put_blob(blob, b"<a/>" * 1000, x_ms_blob_content_type="application/xml")
        answer = self.blob.send("GET", blob, accept_encoding="gzip, deflate, br")
        self.assertEqual((answer.body, answer.headers["content-encoding"]), (b"<a/>" * 1000, None))

    def test_metadata_alone_has_no_body(self):
        blob = self.make_container() + "/b"
        self.put_blob(blob, b"0123456789", x_ms_meta_Key="value")
        answer = self.ok(self.blob.send("GET", f"{blob}?comp=metadata"), 200)
        self.assertEqual((answer.body, answer.headers["x-ms-meta-Key"]), (b"", "value"))

    def test_malformed_bodies_get_a_code_and_an_id(self):
        container = self.make_container()
        blob = f"{container}/b"
        self.put_blob(blob)
        for target in (f"{blob}?comp=blocklist", f"{blob}?comp=tags", f"{container}?restype=container&comp=acl",
                       "?restype=service&comp=properties"):
            for body in (b"<", b"rubbish", b"<Wrong/>"):
                self.code(self.blob.send("PUT", target, body), 400, "InvalidXmlDocument")
        self.assertEqual(self.blob.send("GET", blob).body, b"x")

    def test_sums(self):
        blob = self.make_container() + "/b"
        put = {"x_ms_blob_type": "BlockBlob"}
        answer = self.blob.send("PUT", blob, b"hello", content_md5="1B2M2Y8AsgTpgAmY7PhCfg==", **put)
        self.code(answer, 400, "Md5Mismatch")
        self.assertEqual(answer.one("ServerCalculatedMd5"), "XUFAKrxLKna5cZ2REBfFkg==")
        self.code(self.blob.send("PUT", blob, b"hello", content_md5="rubbish", **put), 400, "InvalidMd5")
        self.code(self.blob.send("PUT", blob, b"hello", x_ms_content_crc64="AAAAAAAAAAA=", **put), 400, "Crc64Mismatch")
        self.code(self.blob.send("PUT", blob, b"hello", x_ms_content_crc64="V0JSBnCFdzM=",
                                 content_md5="XUFAKrxLKna5cZ2REBfFkg==", **put), 400, "BothCrc64AndMd5HeaderPresent")
        self.assertEqual(self.blob.send("HEAD", blob).status, 404)
        block = f"{blob}?comp=block&blockid=" + base64.b64encode(b"1").decode().replace("=", "%3D")
        answer = self.ok(self.blob.send("PUT", block, b"hello"), 201)
        self.assertEqual(answer.headers["x-ms-content-crc64"], "V0JSBnCFdzM=")

    def test_a_condition_on_what_is_missing(self):
        container = self.make_container()
        put = {"x_ms_blob_type": "BlockBlob"}
        self.code(self.blob.send("PUT", f"{container}/b", b"x", if_match='"0x1"', **put), 412, "ConditionNotMet")
        self.ok(self.blob.send("PUT", f"{container}/b", b"x", if_none_match="*", **put), 201)
        self.code(self.blob.send("PUT", f"{container}/b", b"x", if_none_match="*", **put), 409, "BlobAlreadyExists")
        self.code(self.blob.send("GET", f"{container}/b", if_none_match="*"), 400, "UnsatisfiableCondition")
        self.code(self.blob.send("GET", f"{container}/b", if_modified_since="rubbish"), 400, "InvalidHeaderValue")


class Leases(Raw):
    def lease(self, blob: str, action: str, **headers: str) -> Answer:
        return self.blob.send("PUT", f"{blob}?comp=lease", x_ms_lease_action=action, **headers)

    def setUp(self):
        super().setUp()
        self.path = self.make_container() + "/b"
        self.put_blob(self.path)

    def test_an_expired_lease_is_not_renewed_with_another_id_nor_after_a_write(self):
        self.ok(self.lease(self.path, "acquire", x_ms_lease_duration="15", x_ms_proposed_lease_id=GUID), 201)
        self.emulator.advance("16s")
        self.code(self.lease(self.path, "renew", x_ms_lease_id=OTHER_GUID), 409, "LeaseIdMismatchWithLeaseOperation")
        self.ok(self.lease(self.path, "renew", x_ms_lease_id=GUID), 200)
        self.emulator.advance("16s")
        self.put_blob(self.path, b"written meanwhile")
        self.code(self.lease(self.path, "renew", x_ms_lease_id=GUID), 409, "LeaseIdMismatchWithLeaseOperation")

    def test_an_expired_lease_taken_by_another_is_lost(self):
        self.lease(self.path, "acquire", x_ms_lease_duration="15", x_ms_proposed_lease_id=GUID)
        self.emulator.advance("16s")
        self.ok(self.lease(self.path, "acquire", x_ms_lease_duration="15", x_ms_proposed_lease_id=OTHER_GUID), 201)
        self.code(self.lease(self.path, "renew", x_ms_lease_id=GUID), 409, "LeaseIdMismatchWithLeaseOperation")

    def test_ids_that_are_no_guid_and_odd_durations(self):
        for headers in ({"x_ms_lease_duration": "15", "x_ms_proposed_lease_id": "rubbish"},
                        {"x_ms_lease_duration": "14"}, {"x_ms_lease_duration": "61"}, {"x_ms_lease_duration": "abc"}):
            self.code(self.lease(self.path, "acquire", **headers), 400, "InvalidHeaderValue")
        self.code(self.lease(self.path, "acquire"), 400, "MissingRequiredHeader")
        self.ok(self.lease(self.path, "acquire", x_ms_lease_duration="-1", x_ms_proposed_lease_id=GUID), 201)
        self.code(self.lease(self.path, "break", x_ms_lease_break_period="61"), 400, "InvalidHeaderValue")


class Shared(Raw):
    def test_a_sas_that_may_only_create_cannot_overwrite(self):
        container = self.make_container()
        sas = self.blob_sas(container, "c")
        put = {"x_ms_blob_type": "BlockBlob", "signed": False}
        self.ok(self.blob.send("PUT", f"{container}/b?{sas}", b"1", **put), 201)
        self.code(self.blob.send("PUT", f"{container}/b?{sas}", b"2", **put), 403, "AuthorizationPermissionMismatch")
        commit = self.blob.send("PUT", f"{container}/b?comp=blocklist&{sas}", b"<BlockList/>", signed=False)
        self.code(commit, 403, "AuthorizationPermissionMismatch")
        self.put_blob(f"{container}/source", b"3")
        copy = self.blob.send("PUT", f"{container}/b?{sas}", signed=False,
                              x_ms_copy_source=f"http://{self.blob.host}{self.blob.root}{container}/source")
        self.code(copy, 403, "AuthorizationPermissionMismatch")
        self.assertEqual(self.blob.send("GET", f"{container}/b").body, b"1")

    def test_policies_edited_later_take_effect(self):
        container = self.make_container()
        self.put_blob(f"{container}/b")
        target = f"{container}/b?{self.blob_sas(container, policy='pol')}"
        acl = f"{container}?restype=container&comp=acl"
        self.code(self.blob.send("GET", target, signed=False), 403, "AuthenticationFailed")
        self.ok(self.blob.send("PUT", acl, self.acl("r")), 200)
        self.ok(self.blob.send("GET", target, signed=False), 200)
        self.ok(self.blob.send("PUT", acl, self.acl("w")), 200)
        self.code(self.blob.send("GET", target, signed=False), 403, "AuthorizationPermissionMismatch")
        self.ok(self.blob.send("PUT", acl), 200)
        self.code(self.blob.send("GET", target, signed=False), 403, "AuthenticationFailed")

    def test_a_sas_for_reading_does_not_list(self):
        container = self.make_container()
        target = f"{container}?restype=container&comp=list&{self.blob_sas(container, 'r')}"
        self.code(self.blob.send("GET", target, signed=False), 403, "AuthorizationPermissionMismatch")


if __name__ == "__main__":
    unittest.main()
