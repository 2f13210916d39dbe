"""Faults as the official clients see them: what their own retries hide, and what reaches the code behind them."""
import json
import unittest
import urllib.request

import custom_vision_client  # noqa: F401 (skips without it)
from azure.cognitiveservices.vision.customvision.training import CustomVisionTrainingClient
from azure.cognitiveservices.vision.customvision.training.models import CustomVisionErrorException
from azure.core.exceptions import HttpResponseError, ServiceRequestError, ServiceResponseError
from azure.storage.blob import BlobServiceClient
from azure.storage.queue import LinearRetry, QueueServiceClient

from msrest.authentication import ApiKeyCredentials
from msrest.exceptions import ClientRequestError, DeserializationError

from emulator import Emulator

PUT = {"operation": "PutMessage"}


class Faults(unittest.TestCase):
    number = 0

    @classmethod
    def setUpClass(cls):
        cls.emulator = Emulator()
        cls.addClassCleanup(cls.emulator.stop)

    def setUp(self):
        self.addCleanup(self.control, "DELETE", "faults")
        Faults.number += 1
        at_once = {"retry_policy": LinearRetry(backoff=0, retry_total=3, random_jitter_range=0)}
        text = self.emulator.connection_string
        self.queue = QueueServiceClient.from_connection_string(text, **at_once).create_queue(f"queue-{Faults.number}")
        blobs = BlobServiceClient.from_connection_string(text, **at_once)
        self.vision = CustomVisionTrainingClient(self.emulator.endpoint,
                                                 ApiKeyCredentials(in_headers={"Training-key": "any"}))
        self.vision.config.retry_policy.backoff_factor = 0
        self.container = blobs.create_container(f"container-{Faults.number}")

    def control(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        url = f"{self.emulator.endpoint}/_emulator/{path}"
        with urllib.request.urlopen(urllib.request.Request(url, data=data, method=method)) as answer:
            return json.load(answer)

    def inject(self, **rule):
        """Answers a function that tells what the rule hit; all rules go with the test."""
        path = "faults/" + self.control("POST", "faults", rule)["id"]
        return lambda: self.control("GET", path)

    def texts(self):
        return [message.content for message in self.queue.peek_messages(32)]

    def requests(self, **match):
        return self.control("POST", "journal/count", match)

    def test_one_503_is_absorbed_by_the_clients_retry(self):
        fault = self.inject(match=PUT, when={"requests": {"first": 1}}, action={"type": "throttle"})
        self.queue.send_message("once")
        counts = fault()
        self.assertEqual((counts["matched"], counts["applied"], counts["absorbed"]), (2, 1, 1))
        self.assertEqual(self.requests(queue=self.queue.queue_name, **PUT), {"requests": 2, "calls": 1, "evicted": 0})

    def test_a_fault_that_counts_calls_survives_the_retries(self):
        fault = self.inject(match=PUT, when={"calls": {"first": 1}}, action={"type": "status", "status": 503})
        with self.assertRaises(HttpResponseError) as raised:
            self.queue.send_message("lost")
        self.assertEqual((raised.exception.status_code, raised.exception.error_code), (503, "ServerBusy"))
        self.queue.send_message("sent")
        counts = fault()
        self.assertEqual((counts["applied"], counts["absorbed"], counts["remaining"]), (4, 0, 0))
        self.assertEqual(self.texts(), ["sent"])

    def test_a_connection_that_breaks_after_the_work_is_done_sends_twice(self):
        fault = self.inject(match=PUT, when={"requests": {"first": 1}}, phase="afterEffect",
                            action={"type": "resetConnection"})
        self.queue.send_message("twice")
        self.assertEqual(self.texts(), ["twice", "twice"])
        self.assertEqual(fault()["absorbed"], 1)
        self.assertEqual(self.requests(queue=self.queue.queue_name, status="broken", **PUT)["requests"], 1)

    def test_503_with_retry_after_that_outlasts_the_retries_reaches_the_code_with_its_header(self):
        fault = self.inject(match={"operation": "GetQueueMetadata"}, when={"calls": {"first": 1}},
                            action={"type": "throttle", "retryAfter": 0})
        with self.assertRaises(HttpResponseError) as raised:
            self.queue.get_queue_properties()
        self.assertEqual((raised.exception.status_code, raised.exception.response.headers["Retry-After"]), (503, "0"))
        self.queue.get_queue_properties()
        counts = fault()
        self.assertEqual((counts["applied"], counts["remaining"]), (4, 0))

    def test_a_connection_that_breaks_before_anything_is_done_is_absorbed(self):
        for kind in ("resetConnection", "emptyReply"):
            fault = self.inject(match=PUT, when={"requests": {"first": 1}}, action={"type": kind})
            self.queue.send_message(kind)
            counts = fault()
            self.assertEqual([counts[name] for name in ("matched", "applied", "absorbed", "remaining")], [2, 1, 1, 0], kind)
            self.control("DELETE", "faults")
        self.assertEqual(self.texts(), ["resetConnection", "emptyReply"])

    def test_connections_that_break_on_every_try_reach_the_code(self):
        fault = self.inject(match=PUT, when={"calls": {"first": 1}}, action={"type": "emptyReply"})
        with self.assertRaises((ServiceRequestError, ServiceResponseError)):
            self.queue.send_message("lost")
        counts = fault()
        self.assertEqual((counts["applied"], counts["absorbed"]), (4, 0))
        self.assertEqual(self.texts(), [])

    def test_one_corrupted_byte_is_found_by_nobody_but_a_checksum(self):
        self.container.upload_blob("whole", b"cvemu" * 200)
        fault = self.inject(match={"operation": "GetBlob"}, when={"requests": {"first": 1}},
                            action={"type": "corruptBody", "afterBytes": 500})
        corrupt = self.container.download_blob("whole").readall()
        self.assertEqual(len(corrupt), 1000)
        self.assertNotEqual(corrupt, b"cvemu" * 200)
        self.assertEqual(fault()["applied"], 1)

    def test_a_refusal_is_not_tried_again(self):
        fault = self.inject(match={"operation": "PutBlob"}, action={"type": "status", "status": 403})
        with self.assertRaises(HttpResponseError) as raised:
            self.container.upload_blob("x", b"text")
        self.assertEqual((raised.exception.status_code, raised.exception.error_code), (403, "AuthorizationFailure"))
        self.assertEqual(fault()["applied"], 1)

    def test_a_download_that_breaks_off_is_tried_again(self):
        self.container.upload_blob("big", b"cvemu" * 20_000)
        fault = self.inject(match={"operation": "GetBlob"}, when={"requests": {"first": 1}},
                            action={"type": "truncateBody", "afterBytes": 60_000})
        self.assertEqual(self.container.download_blob("big").readall(), b"cvemu" * 20_000)
        self.assertEqual(fault()["applied"], 1)

    def hit_domains(self, action, **when):
        return self.inject(match={"operation": "GetDomains"}, when=when or {"requests": {"first": 1}}, action=action)

    def test_custom_vision_client_absorbs_a_429_that_says_when_to_come_back(self):
        fault = self.hit_domains({"type": "throttle", "retryAfter": 0})
        self.assertTrue(self.vision.get_domains())
        self.assertEqual([fault()[name] for name in ("matched", "applied", "absorbed", "remaining")], [2, 1, 1, 0])

    def test_custom_vision_client_gives_up_at_a_429_that_does_not(self):
        fault = self.hit_domains({"type": "throttle"})
        with self.assertRaises(CustomVisionErrorException) as raised:
            self.vision.get_domains()
        self.assertEqual(raised.exception.response.status_code, 429)
        self.assertEqual([fault()[name] for name in ("matched", "applied", "absorbed")], [1, 1, 0])

    def test_custom_vision_client_absorbs_a_503_and_a_broken_connection(self):
        for action in ({"type": "status", "status": 503}, {"type": "resetConnection"}, {"type": "emptyReply"}):
            fault = self.hit_domains(action)
            self.assertTrue(self.vision.get_domains())
            self.assertEqual([fault()[name] for name in ("matched", "applied", "absorbed")], [2, 1, 1], action)
            self.control("DELETE", "faults")

    def test_custom_vision_client_gives_up_when_a_whole_call_is_hit(self):
        fault = self.hit_domains({"type": "status", "status": 503}, calls={"first": 1})
        with self.assertRaises(ClientRequestError):
            self.vision.get_domains()
        self.assertTrue(self.vision.get_domains())
        self.assertEqual([fault()[name] for name in ("matched", "applied", "absorbed", "remaining")], [5, 4, 0, 0])

    def test_custom_vision_client_does_not_notice_a_body_that_is_cut_short_until_it_reads_it(self):
        fault = self.hit_domains({"type": "truncateBody", "afterBytes": 20})
        with self.assertRaises(DeserializationError):
            self.vision.get_domains()
        self.assertEqual(fault()["applied"], 1)


if __name__ == "__main__":
    unittest.main()
