"""In Azurite's place: what its Testcontainers modules run and wait for, and a table endpoint that says that it is none."""
import contextlib
import json
import os
import pathlib
import re
import socket
import subprocess
import tempfile
import threading
import unittest
import urllib.error
import urllib.request
import xml.etree.ElementTree

from emulator import Emulator
from shared_key import Endpoint

# The argv of the modules says no ports. In a container they are free; here they come from the environment.
FREE_PORTS = {"CVEMU_PORT": "0", "CVEMU_BLOB_PORT": "0", "CVEMU_QUEUE_PORT": "0", "CVEMU_TABLE_PORT": "0"}
HOSTS = ["--blobHost", "0.0.0.0", "--queueHost", "0.0.0.0", "--tableHost", "0.0.0.0"]
SERVICES = ("Blob", "Queue", "Table")
JSON = "application/json;odata=minimalmetadata;streaming=true;charset=utf-8"


def environment(**variables: str) -> "dict[str, str]":
    inherited = {name: value for name, value in os.environ.items()
                 if not name.startswith("CVEMU_") and name != "AZURITE_ACCOUNTS"}
    return {**inherited, **variables}


def sockets_of(pid: int) -> "set[str]":
    own = set()
    for link in pathlib.Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):  # connections end meanwhile
            own.update(re.findall(r"socket:\[(\d+)\]", os.readlink(link)))
    return own


def listening_sockets(pid: int) -> int:
    own = sockets_of(pid)
    rows = [row.split() for table in ("tcp", "tcp6")
            for row in pathlib.Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]]
    return sum(1 for row in rows if row[3] == "0A" and row[9] in own)


class Started:
    """The program, by any name, until its three services are said to listen."""

    def __init__(self, program: str, *arguments: str, **variables: str):
        self.lines, self.ports = [], {}
        self.process = subprocess.Popen([program, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                        env=environment(**variables))
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))
            if found := re.match(r"(?:Azurite )?(\w+) service is successfully listening at https?://[^/]+:(\d+)", line):
                self.ports[found[1]] = int(found[2])
            if "Queue" in self.ports and ("Table" in self.ports or not line.startswith("Azurite ")):
                break
        # Nobody waits for the rest, but it is read: a full pipe would stop the program.
        self.reader = threading.Thread(target=lambda: self.lines.extend(self.process.stdout.read().splitlines()))
        self.reader.start()

    def stop(self) -> str:
        """What was said on standard error."""
        self.process.terminate()
        self.process.wait(timeout=30)
        self.reader.join()
        said = self.process.stderr.read()
        self.process.stdout.close()
        self.process.stderr.close()
        return said


class Azurite(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.azurite = str(self.folder / "azurite")
        os.symlink(os.environ["CVEMU"], self.azurite)

    def start(self, program: str, *arguments: str, **variables: str) -> Started:
        started = Started(program, *arguments, **variables)
        self.addCleanup(lambda: started.process.poll() is None and started.stop())
        return started

    def replay(self, waits: "list[str]", *arguments: str, **variables: str) -> Started:
        """As a module does: argv, then each of its expressions in the log, then the exposed ports."""
        started = self.start(self.azurite, *arguments, **FREE_PORTS, **variables)
        for wait in waits:
            self.assertTrue(any(re.search(wait, line) for line in started.lines), (wait, started.lines))
        self.assertEqual(set(started.ports) & set(SERVICES), set(SERVICES), started.lines)
        for service in SERVICES:
            socket.create_connection(("127.0.0.1", started.ports[service]), timeout=30).close()
        return started

    def connection_string(self, started: Started, account: str, key: str) -> str:
        """As the modules make it, of the mapped ports."""
        return f"DefaultEndpointsProtocol=http;AccountName={account};AccountKey={key};" + "".join(
            f"{service}Endpoint=http://127.0.0.1:{started.ports[service]}/{account};" for service in SERVICES)

    def test_the_module_for_node(self):
        waits = [rf".*{service} service is successfully listening.*" for service in SERVICES]
        started = self.replay(waits, *HOSTS, "--inMemoryPersistence", "--extentMemoryLimit", "64", "--skipApiVersionCheck",
                              AZURITE_ACCOUNTS="test123:cGFzc3dvcmQ=")
        text = self.connection_string(started, "test123", "cGFzc3dvcmQ=")
        self.assertEqual(Endpoint(text, "Blob").send("PUT", "/models?restype=container").status, 201)
        self.assertEqual(Endpoint(text, "Queue").send("PUT", "/news").status, 201)
        self.assertEqual(Endpoint(text, "Table").send("GET", "/Tables").status, 501)

    def test_the_module_for_java(self):
        """It waits for ports alone; its command is "azurite", then the hosts."""
        self.replay([], *HOSTS)

    def test_the_module_for_java_with_a_certificate(self):
        certificate, key = self.folder / "cert.pem", self.folder / "key.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate,
                        "-days", "2", "-subj", "/CN=localhost"], check=True, capture_output=True)
        started = self.replay([], *HOSTS, "--cert", str(certificate), "--key", str(key))
        for service in SERVICES:
            self.assertIn(f"Azurite {service} service is successfully listening at https://0.0.0.0:{started.ports[service]}",
                          started.lines)

    def test_the_module_for_dotnet(self):
        waits = [rf"{service} service is successfully listening" for service in SERVICES]
        started = self.replay(waits, *HOSTS, "--inMemoryPersistence", "--extentMemoryLimit", "64")
        self.assertIn("--extentMemoryLimit is an option of Azurite's and without effect here", started.stop())

    def test_every_argument_of_azurite_is_taken(self):
        """Those that need a certificate are with the module for Java."""
        started = self.replay([], *HOSTS, "--blobPort", "0", "--queuePort", "0", "--tablePort", "0",
                              "--blobKeepAliveTimeout", "5", "--queueKeepAliveTimeout", "5", "--tableKeepAliveTimeout", "5",
                              "--location", str(self.folder / "state"), "--silent", "--debug", str(self.folder / "log"),
                              "--loose", "--skipApiVersionCheck", "--disableProductStyleUrl", "--oauth", "basic",
                              "--disableTelemetry")
        self.assertTrue((self.folder / "state" / "cvemu.sqlite3").exists())
        said = started.stop()
        self.assertNotIn("tableHost", said)
        self.assertNotIn("tablePort", said)
        self.assertIn("--tableKeepAliveTimeout", said)

    def test_the_lines_are_azurites_and_stay_when_it_is_silent(self):
        for arguments in ([], ["--silent"], ["-s", "--tableHost", "127.0.0.1"]):
            started = self.start(self.azurite, *arguments, **FREE_PORTS)
            started.stop()
            for service in SERVICES:
                line = f"Azurite {service} service is successfully listening at http://127.0.0.1:{started.ports[service]}"
                self.assertEqual(started.lines.count(line), 1, started.lines)
            table = next(i for i, line in enumerate(started.lines) if line.startswith("Azurite Table"))
            self.assertIn("501", started.lines[table + 1])

    def test_the_usual_port_is_10002_and_a_taken_one_is_refused(self):
        with socket.socket() as other:
            try:
                other.bind(("127.0.0.1", 10002))
                other.listen()
            except OSError:
                pass  # somebody else has it: as good
            ports = {name: "0" for name in ("CVEMU_PORT", "CVEMU_BLOB_PORT", "CVEMU_QUEUE_PORT")}
            for command in ([self.azurite], [os.environ["CVEMU"], "--tableHost", "127.0.0.1"],
                            [os.environ["CVEMU"], "--table-port", "10002"]):
                result = subprocess.run(command, capture_output=True, text=True, timeout=30, env=environment(**ports))
                self.assertEqual((result.returncode, result.stdout), (3, ""), result.stderr)
                self.assertRegex(result.stderr, "127.0.0.1:10002: the port is in use.*choose another one with --table-port")

    def test_two_endpoints_at_one_port_are_refused(self):
        result = subprocess.run([os.environ["CVEMU"], "--table-port", "4711", "--queue-port", "4711"], capture_output=True,
                                text=True, timeout=30, env=environment())
        self.assertEqual(result.returncode, 2)
        self.assertIn("--queue-port and --table-port are both 4711", result.stderr)


class Opened(unittest.TestCase):
    def ask(self, url: str, method: str = "GET", body: "bytes | None" = None, **headers: str):
        request = urllib.request.Request(url, method=method, data=body, headers=headers)
        with self.assertRaises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(request)
        with refused.exception as answer:
            return answer.code, answer.headers, answer.read()

    def test_without_the_options_nothing_is_open(self):
        with Emulator() as emulator:
            self.assertNotIn("table", emulator.ready["endpoints"])
            self.assertNotIn("TableEndpoint", emulator.connection_string)
            self.assertNotIn("table-port", emulator.control("info")["options"])
            self.assertEqual(listening_sockets(emulator.process.pid), 3)
        started = Started(os.environ["CVEMU"], **{**FREE_PORTS, "CVEMU_TABLE_PORT": ""})
        sockets = listening_sockets(started.process.pid)
        started.stop()
        self.assertEqual(sockets, 3)
        self.assertFalse([line for line in started.lines if "Azurite" in line or "Table" in line], started.lines)

    def test_each_option_and_variable_opens_it_and_it_is_named(self):
        with tempfile.TemporaryDirectory() as folder:
            ready = pathlib.Path(folder, "ready.json")
            for options in (["--table-port", "0"], ["--tablePort", "0"], ["--table-host", "localhost", "--table-port", "0"],
                            ["--tableHost", "localhost", "--tablePort", "0"]):
                with Emulator(*options, "--ready-file", str(ready)) as emulator:
                    endpoint = emulator.ready["endpoints"]["table"]
                    self.assertRegex(endpoint, r"^http://(127.0.0.1|localhost):\d+/devstoreaccount1$")
                    self.assertEqual(json.loads(ready.read_text())["endpoints"]["table"], endpoint)
                    self.assertTrue(emulator.connection_string.endswith(f";TableEndpoint={endpoint};"))
                    self.assertEqual(emulator.control("info")["options"]["table-port"], int(re.search(r":(\d+)/", endpoint)[1]))
                    self.assertEqual(listening_sockets(emulator.process.pid), 4)
                    self.assertEqual(self.ask(endpoint + "/Tables")[0], 501)

    def test_a_client_is_told_in_the_services_shape(self):
        with Emulator("--table-port", "0") as emulator:
            table = Endpoint(emulator.connection_string, "Table")
            for signed in (True, False):
                for method, target, body in (("POST", "/Tables", b'{"TableName":"orders"}'), ("GET", "/Tables", b""),
                                             ("GET", "/orders()?$filter=a%20eq%201", b""),
                                             ("PATCH", "/orders(PartitionKey='a',RowKey='b')", b'{"x":1}')):
                    answer = table.send(method, target, body, signed=signed, accept="application/json;odata=minimalmetadata",
                                        x_ms_version="2019-02-02", x_ms_client_request_id="mine")
                    self.assertEqual((answer.status, answer.headers["Content-Type"]), (501, JSON))
                    self.assertEqual(answer.headers["x-ms-version"], "2019-02-02")
                    self.assertEqual(answer.headers["x-ms-client-request-id"], "mine")
                    self.assertTrue(answer.headers["Server"].startswith("cvemu-Table/"))
                    self.assertTrue(answer.headers["Date"].endswith(" GMT"))
                    error = json.loads(answer.body)["odata.error"]
                    self.assertEqual((error["code"], error["message"]["lang"]), ("NotImplemented", "en-US"))
                    self.assertRegex(error["message"]["value"], r"not emulated[^\n]+\nRequestId:" +
                                     answer.headers["x-ms-request-id"] + r"\nTime:\d{4}-\d\d-\d\dT[\d:.]+Z$")

    def test_atom_is_answered_in_xml(self):
        with Emulator("--table-port", "0") as emulator:
            status, headers, body = self.ask(emulator.ready["endpoints"]["table"] + "/Tables", Accept="application/atom+xml")
            self.assertEqual((status, headers["Content-Type"]), (501, "application/xml"))
            names = "{http://schemas.microsoft.com/ado/2007/08/dataservices/metadata}"
            document = xml.etree.ElementTree.fromstring(body)
            self.assertEqual(document.tag, names + "error")
            self.assertEqual(document.findtext(names + "code"), "NotImplemented")

    def test_journal_log_and_faults_know_the_service(self):
        with tempfile.TemporaryDirectory() as folder:
            log = pathlib.Path(folder, "log")
            with Emulator("--table-port", "0", "--debug", str(log)) as emulator:
                url = emulator.ready["endpoints"]["table"] + "/Tables"
                self.ask(url, "POST", b"{}")
                entries = emulator.control("journal?service=table")["entries"]
                self.assertEqual([(one["service"], one["method"], one["path"], one["status"]) for one in entries],
                                 [("table", "POST", "/devstoreaccount1/Tables", 501)])
                emulator.control("faults", {"match": {"service": "table"},
                                            "action": {"type": "status", "status": 503}})
                status, headers, body = self.ask(url)
                self.assertEqual((status, json.loads(body)["odata.error"]["code"]), (503, "ServerBusy"))
            self.assertRegex(log.read_text(), r"table .*POST /devstoreaccount1/Tables 501 NotImplemented")

    def test_a_notification_to_it_is_refused_by_its_answer(self):
        with Emulator("--table-port", "0") as emulator:
            uri = emulator.ready["endpoints"]["table"] + "/news"
            status, _, body = self.ask(f"{emulator.endpoint}/customvision/v3.3/training/projects?name=p", "POST",
                                       json.dumps({"notificationQueueUri": uri}).encode(),
                                       **{"Training-Key": "k", "Content-Type": "application/json"})
            self.assertEqual(status, 400, body)
            entries = emulator.control("journal?service=table")["entries"]
            self.assertEqual([(one["status"], one["internal"]) for one in entries], [(501, True)])


if __name__ == "__main__":
    unittest.main()
