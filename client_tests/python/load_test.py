"""Many clients at once, for a bounded run: nothing is lost, and nothing is done twice."""
import collections
import concurrent.futures
import re
import unittest
import urllib.parse

from emulator import Emulator
from shared_key import Client, Endpoint


def at_once(emulator: Emulator, service: str, count: int, work) -> list:
    """Runs work(client, number) in so many threads, each with its client, and hands on what they raise."""
    def run(number):
        with Client(emulator.connection_string, service) as client:
            return work(client, number)
    with concurrent.futures.ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


class Queue(unittest.TestCase):
    """The emulator's clock stands still, so whatever is handed out twice was handed out within its visibility time."""
    CLIENTS = 64
    EACH = 32

    def setUp(self):
        self.emulator = Emulator("--frozen-clock")
        self.addCleanup(self.emulator.stop)
        self.endpoint = Endpoint(self.emulator.connection_string, "Queue")
        self.assertEqual(self.endpoint.send("PUT", "/load").status, 201)

    def put(self, client: Client, text: str):
        body = f"<QueueMessage><MessageText>{text}</MessageText></QueueMessage>".encode()
        self.assertEqual(client.send("POST", "/load/messages", body).status, 201)

    def take(self, client: Client, count: int) -> "list[tuple[str, int]]":
        """Takes so many at most; deletes them, but for every fourth, as if its receiver had died."""
        answer = client.send("GET", f"/load/messages?numofmessages={count}&visibilitytimeout=3600")
        self.assertEqual(answer.status, 200, answer.body)
        fields = ("MessageId", "PopReceipt", "MessageText", "DequeueCount")
        taken = list(zip(*(answer.all(field) for field in fields)))
        for message, receipt, text, dequeued in taken:
            if dequeued == "1" and self.is_kept(text):
                continue
            target = f"/load/messages/{message}?" + urllib.parse.urlencode({"popreceipt": receipt})
            self.assertEqual(client.send("DELETE", target).status, 204)
        return [(text, int(dequeued)) for _, _, text, dequeued in taken]

    @staticmethod
    def is_kept(text: str) -> bool:
        return int(re.sub("[^0-9]", "", text)) % 4 == 0

    def put_and_take(self, client: Client, number: int) -> "list[tuple[str, int]]":
        taken = []
        for message in range(self.EACH):
            self.put(client, f"{number}-{message}")
            taken += self.take(client, 1 + message % 3)
        return taken

    def drain(self, client: Client, _: int) -> "list[tuple[str, int]]":
        taken = []
        while more := self.take(client, 5):
            taken += more
        return taken

    def test_every_message_comes_once_and_once_more_if_its_receiver_died(self):
        work = at_once(self.emulator, "Queue", self.CLIENTS, self.put_and_take)
        work += at_once(self.emulator, "Queue", self.CLIENTS, self.drain)
        sent = [f"{client}-{message}" for client in range(self.CLIENTS) for message in range(self.EACH)]
        taken = collections.Counter(one for part in work for one in part)
        self.assertEqual(taken, collections.Counter((text, 1) for text in sent))

        kept = [text for text in sent if self.is_kept(text)]
        count = self.endpoint.send("GET", "/load?comp=metadata").headers["x-ms-approximate-messages-count"]
        self.assertEqual(int(count), len(kept))
        self.emulator.advance("1h")
        again = at_once(self.emulator, "Queue", self.CLIENTS, self.drain)
        taken = collections.Counter(one for part in again for one in part)
        self.assertEqual(taken, collections.Counter((text, 2) for text in kept))
        count = self.endpoint.send("GET", "/load?comp=metadata").headers["x-ms-approximate-messages-count"]
        self.assertEqual(count, "0")


class Blob(unittest.TestCase):
    CLIENTS = 32
    EACH = 8

    def setUp(self):
        self.emulator = Emulator()
        self.addCleanup(self.emulator.stop)
        self.endpoint = Endpoint(self.emulator.connection_string, "Blob")
        self.assertEqual(self.endpoint.send("PUT", "/load?restype=container").status, 201)

    def write(self, client: Client, text: str, **headers: str) -> int:
        return client.send("PUT", "/load/counter", text.encode(), x_ms_blob_type="BlockBlob", **headers).status

    def add_by_etag(self, client: Client) -> bool:
        found = client.send("GET", "/load/counter")
        status = self.write(client, str(int(found.text) + 1), if_match=found.headers["ETag"])
        self.assertIn(status, (201, 412))
        return status == 201

    def add_by_lease(self, client: Client) -> bool:
        lease = client.send("PUT", "/load/counter?comp=lease", x_ms_lease_action="acquire", x_ms_lease_duration="-1")
        self.assertIn(lease.status, (201, 409))
        if lease.status == 409:
            return False
        held = {"x_ms_lease_id": lease.headers["x-ms-lease-id"]}
        found = client.send("GET", "/load/counter")
        self.assertEqual(self.write(client, str(int(found.text) + 1), **held), 201)
        released = client.send("PUT", "/load/counter?comp=lease", x_ms_lease_action="release", **held)
        self.assertEqual(released.status, 200)
        return True

    def test_no_update_is_lost_between_leases_and_conditions(self):
        self.write(self.endpoint, "0")

        def work(client, number):
            add = self.add_by_lease if number % 2 else self.add_by_etag
            done = 0
            while done < self.EACH:
                done += add(client)
        at_once(self.emulator, "Blob", self.CLIENTS, work)
        self.assertEqual(self.endpoint.send("GET", "/load/counter").text, str(self.CLIENTS * self.EACH))

    def test_no_appended_block_is_lost(self):
        self.endpoint.send("PUT", "/load/log", x_ms_blob_type="AppendBlob")

        def work(client, number):
            offsets = []
            for line in range(self.EACH):
                answer = client.send("PUT", "/load/log?comp=appendblock", f"{number:02}-{line:02}\n".encode())
                self.assertEqual(answer.status, 201)
                offsets.append(int(answer.headers["x-ms-blob-append-offset"]))
            return offsets
        offsets = at_once(self.emulator, "Blob", self.CLIENTS, work)
        content = self.endpoint.send("GET", "/load/log").text
        for number, places in enumerate(offsets):
            for line, offset in enumerate(places):
                self.assertEqual(content[offset:offset + 6], f"{number:02}-{line:02}\n")
        self.assertEqual(len(content), 6 * self.CLIENTS * self.EACH)

    def test_blocks_from_many_connections_are_committed_together(self):
        names = [f"{number:02}" for number in range(self.CLIENTS)]

        def work(client, number):
            answer = client.send("PUT", f"/load/blocks?comp=block&blockid={names[number]}%3D%3D", b"%02d" % number)
            self.assertEqual(answer.status, 201, answer.body)
        at_once(self.emulator, "Blob", self.CLIENTS, work)
        listed = "".join(f"<Latest>{name}==</Latest>" for name in names)
        answer = self.endpoint.send("PUT", "/load/blocks?comp=blocklist", f"<BlockList>{listed}</BlockList>".encode())
        self.assertEqual(answer.status, 201, answer.body)
        self.assertEqual(self.endpoint.send("GET", "/load/blocks").text, "".join(names))


if __name__ == "__main__":
    unittest.main()
