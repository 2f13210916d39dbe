"""Every operation of the Queue service through the official client, unmodified, and its own manners."""
import datetime
import unittest

from azure.core.exceptions import (ClientAuthenticationError, HttpResponseError, ResourceExistsError,
                                   ResourceNotFoundError)
from azure.storage.queue import (AccessPolicy, AccountSasPermissions, BinaryBase64DecodePolicy,
                                 BinaryBase64EncodePolicy, CorsRule, Metrics, QueueAnalyticsLogging, QueueClient,
                                 QueueSasPermissions, QueueServiceClient, ResourceTypes, RetentionPolicy,
                                 TextBase64DecodePolicy, TextBase64EncodePolicy, generate_account_sas,
                                 generate_queue_sas)

from emulator import Emulator

LONG_AGO = datetime.datetime(2020, 1, 1)
FAR_OFF = datetime.datetime(2099, 1, 1)


class Queues(unittest.TestCase):
    number = 0

    @classmethod
    def setUpClass(cls):
        cls.emulator = Emulator()
        cls.addClassCleanup(cls.emulator.stop)
        cls.service = QueueServiceClient.from_connection_string(cls.emulator.connection_string)
        cls.account = cls.service.account_name
        cls.key = cls.service.credential.account_key

    def setUp(self):
        Queues.number += 1
        self.queue = self.service.create_queue(f"queue-{Queues.number}")

    def refused(self, status, code, call, *arguments, **options):
        with self.assertRaises(HttpResponseError) as raised:
            call(*arguments, **options)
        error = raised.exception
        self.assertEqual((error.status_code, getattr(error, "error_code", None)), (status, code))
        return error

    def peeked(self, **options):
        return [message.content for message in self.queue.peek_messages(32, **options)]

    def test_service_properties_are_kept_and_a_part_left_out_stays(self):
        rule = CorsRule(["http://example.org"], ["GET"], allowed_headers=["x-ms-*"], exposed_headers=["*"],
                        max_age_in_seconds=60)
        logging = QueueAnalyticsLogging(read=True, write=False, delete=False, retention_policy=RetentionPolicy(True, 5))
        self.service.set_service_properties(analytics_logging=logging, cors=[rule])
        self.service.set_service_properties(hour_metrics=Metrics(enabled=True, include_apis=True,
                                                                 retention_policy=RetentionPolicy(True, 3)))
        found = self.service.get_service_properties()
        self.assertEqual(found["cors"][0].allowed_origins, "http://example.org")
        self.assertEqual((found["analytics_logging"].read, found["analytics_logging"].write), (True, False))
        self.assertEqual(found["analytics_logging"].retention_policy.days, 5)
        self.assertEqual(found["hour_metrics"].retention_policy.days, 3)
        self.service.set_service_properties(cors=[])
        self.assertEqual(self.service.get_service_properties()["cors"], [])

    def test_statistics_come_from_the_secondary(self):
        host = self.service.primary_endpoint.split("//")[1].strip("/")
        client = QueueServiceClient.from_connection_string(self.emulator.connection_string,
                                                           secondary_hostname=host + "-secondary")
        stats = client.get_service_stats()
        self.assertEqual(stats["geo_replication"]["status"], "live")
        self.assertIsInstance(stats["geo_replication"]["last_sync_time"], datetime.datetime)

    def test_metadata_on_create_comes_with_a_header_too_many(self):
        queue = self.service.create_queue("with-metadata", metadata={"Ab": "1", "a_b": "x", "a1": "y"})
        self.assertEqual(queue.get_queue_properties().metadata, {"Ab": "1", "a_b": "x", "a1": "y"})
        self.assertEqual(queue.get_queue_properties().name, "with-metadata")
        queue.set_queue_metadata({"c": "2"})
        self.assertEqual(queue.get_queue_properties().metadata, {"c": "2"})
        queue.set_queue_metadata({})
        self.assertEqual(queue.get_queue_properties().metadata, {})

    def test_create_again_and_delete(self):
        for metadata in (None, {"a": "b"}):  # this client takes the 204 of the first as a refusal too
            with self.assertRaises(ResourceExistsError) as raised:
                self.service.create_queue(self.queue.queue_name, metadata=metadata)
            self.assertEqual(raised.exception.error_code, "QueueAlreadyExists")
        self.queue.delete_queue()
        with self.assertRaises(ResourceNotFoundError):
            self.queue.delete_queue()
        self.queue.create_queue()
        self.service.delete_queue(self.queue.queue_name)
        self.refused(404, "QueueNotFound", self.queue.get_queue_properties)
        self.refused(400, "OutOfRangeInput", self.service.create_queue, "ab")
        self.refused(400, "InvalidResourceName", self.service.create_queue, "Upper")

    def test_queues_are_listed_in_pages(self):
        for name in ("list-b", "list-a", "list-c"):
            self.service.create_queue(name, metadata={"of": name})
        found = list(self.service.list_queues("list-", include_metadata=True, results_per_page=1))
        self.assertEqual([(queue.name, queue.metadata) for queue in found],
                         [(name, {"of": name}) for name in ("list-a", "list-b", "list-c")])
        pages = self.service.list_queues("list-", results_per_page=2).by_page()
        self.assertEqual([[queue.name for queue in page] for page in pages], [["list-a", "list-b"], ["list-c"]])
        self.assertIsNone(next(self.service.list_queues("list-"))["metadata"])

    def test_send_peek_receive_update_delete(self):
        sent = self.queue.send_message("one")
        self.assertTrue(sent.id and sent.pop_receipt)
        self.assertEqual(sent.expires_on - sent.inserted_on, datetime.timedelta(days=7))
        (peeked,) = self.queue.peek_messages()
        self.assertEqual((peeked.id, peeked.content, peeked.dequeue_count), (sent.id, "one", 0))
        self.assertIsNone(peeked.pop_receipt)
        message = self.queue.receive_message(visibility_timeout=30)
        self.assertEqual((message.id, message.content, message.dequeue_count), (sent.id, "one", 1))
        self.assertIsNone(self.queue.receive_message())
        updated = self.queue.update_message(message, content="two", visibility_timeout=0)
        self.assertEqual(self.peeked(), ["two"])
        self.refused(400, "PopReceiptMismatch", self.queue.delete_message, message)
        self.queue.delete_message(updated)
        self.refused(404, "MessageNotFound", self.queue.delete_message, updated)

    def test_update_of_a_message_sends_its_text_again(self):
        self.queue.send_message("kept")
        message = self.queue.receive_message()
        updated = self.queue.update_message(message, visibility_timeout=0)
        self.assertEqual((updated.content, self.peeked()), ("kept", ["kept"]))
        self.queue.update_message(updated.id, updated.pop_receipt)
        self.assertEqual(self.peeked(), ["kept"])

    def test_the_iterator_asks_until_nothing_comes(self):
        for number in range(5):
            self.queue.send_message(str(number))
        pages = self.queue.receive_messages(messages_per_page=2).by_page()
        self.assertEqual([[m.content for m in page] for page in pages], [["0", "1"], ["2", "3"], ["4"]])

    def test_visibility_life_and_clear(self):
        self.queue.send_message("hidden", visibility_timeout=20)
        self.queue.send_message("short", time_to_live=5)
        self.assertEqual(self.queue.send_message("for ever", time_to_live=-1).expires_on.year, 9999)
        self.assertEqual(self.queue.get_queue_properties().approximate_message_count, 3)
        self.emulator.advance("21s")
        self.assertEqual(self.peeked(), ["for ever", "hidden"])
        self.queue.clear_messages()
        self.assertEqual(self.queue.get_queue_properties().approximate_message_count, 0)

    def test_any_text_comes_back_as_it_was(self):
        for text in ("", "  ", " a ", "a\r\nb\rc\nd\te", "<&>\"'", "]]>", "é ü 漢", "\U0001F600", "x" * 65536):
            self.queue.send_message(text)
            message = self.queue.receive_message()
            self.assertEqual(message.content or "", text)
            self.queue.delete_message(message)
        self.refused(413, "RequestBodyTooLarge", self.queue.send_message, "é" * 32768 + "x")

    def test_base64_is_the_clients_affair(self):
        options = {"conn_str": self.emulator.connection_string, "queue_name": self.queue.queue_name}
        text = QueueClient.from_connection_string(**options, message_encode_policy=TextBase64EncodePolicy(),
                                                  message_decode_policy=TextBase64DecodePolicy())
        text.send_message("héllo")
        self.assertEqual(self.peeked(), ["aMOpbGxv"])
        self.assertEqual(text.receive_message().content, "héllo")
        binary = QueueClient.from_connection_string(**options, message_encode_policy=BinaryBase64EncodePolicy(),
                                                    message_decode_policy=BinaryBase64DecodePolicy())
        binary.send_message(b"\0\xff")
        self.assertEqual(binary.receive_message().content, b"\0\xff")

    def test_numbers_outside_their_range_are_refused(self):
        code = "OutOfRangeQueryParameterValue"
        self.refused(400, code, self.queue.receive_message, visibility_timeout=604801)
        self.refused(400, code, self.queue.send_message, "x", visibility_timeout=604801, time_to_live=-1)
        self.refused(400, "InvalidQueryParameterValue", self.queue.send_message, "x", visibility_timeout=5,
                     time_to_live=5)
        self.assertEqual(self.peeked(), [])

    def test_policies_an_empty_one_too(self):
        policy = AccessPolicy(QueueSasPermissions(read=True, add=True), FAR_OFF, LONG_AGO)
        self.queue.set_queue_access_policy({"pol 1": policy, "empty": AccessPolicy()})
        found = self.queue.get_queue_access_policy()
        self.assertEqual(sorted(found), ["empty", "pol 1"])
        self.assertEqual((found["pol 1"].permission, found["pol 1"].start), ("ra", "2020-01-01T00:00:00Z"))
        sas = generate_queue_sas(self.account, self.queue.queue_name, self.key, policy_id="pol 1")
        guest = QueueClient.from_queue_url(f"{self.queue.url}?{sas}")
        guest.send_message("by policy")
        self.refused(403, "AuthorizationPermissionMismatch", guest.receive_message)
        bare = generate_queue_sas(self.account, self.queue.queue_name, self.key, policy_id="empty",
                                  permission="r", expiry=FAR_OFF)
        self.assertEqual(QueueClient.from_queue_url(f"{self.queue.url}?{bare}").peek_messages()[0].content, "by policy")
        self.queue.set_queue_access_policy({})
        self.assertEqual(self.queue.get_queue_access_policy(), {})
        with self.assertRaises(ClientAuthenticationError) as raised:
            guest.send_message("no more")
        self.assertEqual(raised.exception.error_code, "AuthenticationFailed")

    def test_a_queue_sas_gives_what_its_letters_say(self):
        def guest(letters):
            sas = generate_queue_sas(self.account, self.queue.queue_name, self.key, permission=letters, expiry=FAR_OFF,
                                     start=LONG_AGO)
            return QueueClient.from_queue_url(f"{self.queue.url}?{sas}")
        guest("a").send_message("x")
        message = guest("p").receive_message()
        denied = (403, "AuthorizationPermissionMismatch")
        self.refused(*denied, guest("r").receive_message)
        self.refused(*denied, guest("p").update_message, message, content="y")
        updated = guest("u").update_message(message, content="y")
        self.refused(*denied, guest("u").delete_message, updated)
        guest("p").delete_message(updated)
        self.refused(*denied, guest("raup").clear_messages)
        self.refused(*denied, guest("raup").get_queue_access_policy)

    def test_an_account_sas(self):
        def guest(letters, types):
            sas = generate_account_sas(self.account, self.key, ResourceTypes.from_string(types),
                                       AccountSasPermissions.from_string(letters), FAR_OFF)
            return QueueServiceClient(self.service.url.rstrip("/"), credential=sas)
        self.assertIn(self.queue.queue_name, [queue.name for queue in guest("l", "s").list_queues()])
        self.refused(403, "AuthorizationResourceTypeMismatch", lambda: list(guest("l", "c").list_queues()))
        guest("c", "c").create_queue("by-account-sas")
        guest("d", "c").delete_queue("by-account-sas")

    def test_a_wrong_key_is_told_what_was_to_be_signed(self):
        client = QueueClient(self.service.url, self.queue.queue_name,
                             credential={"account_name": self.account, "account_key": "d3Jvbmc="})
        error = self.refused(403, "AuthenticationFailed", client.peek_messages)
        self.assertIn("string to sign", str(error.additional_info).lower() + error.message.lower())

    def test_a_message_of_a_missing_queue(self):
        missing = self.service.get_queue_client("missing")
        for call in (missing.peek_messages, missing.receive_message, missing.clear_messages,
                     missing.get_queue_access_policy, lambda: missing.send_message("x"),
                     lambda: missing.set_queue_metadata({}), lambda: missing.set_queue_access_policy({})):
            self.refused(404, "QueueNotFound", call)
        sent = self.queue.send_message("x")
        self.refused(404, "MessageNotFound", self.queue.delete_message, "no-guid", sent.pop_receipt)


if __name__ == "__main__":
    unittest.main()
