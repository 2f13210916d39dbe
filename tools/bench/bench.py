"""What the benchmarks share: servers on free ports, signed requests in files, the load client."""
import base64
import contextlib
import hashlib
import hmac
import http.client
import itertools
import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
sys.path.append(str(HERE.parent.parent / "client_tests" / "python"))
from shared_key import Client, Endpoint  # noqa: E402

ACCOUNT = "devstoreaccount1"
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
POLL_SECONDS = 0.0002
KIB, MIB = 1024, 1024 * 1024
SAS_VERSION = "2021-12-02"


def free_ports(count: int) -> "list[int]":
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


class Server:
    """A server process, from its start to its end."""

    def __init__(self, *command: str, ports: "dict[str, int]"):
        self.ports = ports
        begin = time.perf_counter()
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        while not self.answers():
            if self.process.poll() is not None:
                raise SystemExit(f"{command[0]} ended with {self.process.returncode}")
            time.sleep(POLL_SECONDS)
        self.start_ms = (time.perf_counter() - begin) * 1000

    def connection_string(self) -> str:
        return (f"AccountName={ACCOUNT};AccountKey={KEY};BlobEndpoint=http://127.0.0.1:{self.ports['Blob']}/{ACCOUNT};"
                f"QueueEndpoint=http://127.0.0.1:{self.ports['Queue']}/{ACCOUNT}")

    def endpoint(self, service: str) -> Endpoint:
        return Endpoint(self.connection_string(), service)

    def client(self, service: str) -> Client:
        return Client(self.connection_string(), service)

    def answers(self) -> bool:
        """Whether a signed request is answered with success."""
        with contextlib.suppress(OSError, http.client.HTTPException):
            return self.endpoint("Queue").send("GET", "?comp=list").status == 200
        return False

    def resident_mb(self) -> float:
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) / 1024

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_) -> None:
        self.stop()


def cvemu(binary: str, *options: str, under: "tuple[str, ...]" = ()) -> Server:
    vision, blob, queue = free_ports(3)
    command = [*under, binary, "--silent", "--port", str(vision), "--blob-port", str(blob), "--queue-port", str(queue)]
    return Server(*command, *options, ports={"Vision": vision, "Blob": blob, "Queue": queue})


def install_azurite() -> pathlib.Path:
    """The npm package, fetched once into the git-ignored node_modules beside this file."""
    program = HERE / "node_modules" / ".bin" / "azurite"
    if not program.exists():
        subprocess.run(["npm", "install", "--prefix", str(HERE), "--no-save", "--no-package-lock", "--no-audit",
                        "--no-fund", "--loglevel=error", "azurite@3.37.0"], check=True)
    return program


def azurite() -> Server:
    blob, queue, table = free_ports(3)
    return Server(str(install_azurite()), "--silent", "--skipApiVersionCheck", "--disableTelemetry",
                  "--inMemoryPersistence", "--blobPort", str(blob), "--queuePort", str(queue), "--tablePort",
                  str(table), ports={"Blob": blob, "Queue": queue})


def account_sas(endpoint: Endpoint) -> str:
    """A SAS for everything, so that names may change without a new signature."""
    end = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 86400))
    text = "\n".join([endpoint.account, "rwdlacup", "bq", "sco", "", end, "", "", SAS_VERSION, "", ""])
    signature = base64.b64encode(hmac.digest(endpoint.key, text.encode(), hashlib.sha256)).decode()
    return urllib.parse.urlencode({"sv": SAS_VERSION, "ss": "bq", "srt": "sco", "sp": "rwdlacup", "se": end,
                                   "sig": signature})


def with_sas(endpoint: Endpoint, method: str, target: str, body: bytes = b"", **headers: str) -> bytes:
    """A raw request that may hold ########."""
    target += ("&" if "?" in target else "?") + account_sas(endpoint)
    return raw(endpoint, *endpoint.head(method, target, body, signed=False, **headers))


def with_key(endpoint: Endpoint, method: str, target: str, body: bytes = b"", **headers: str) -> bytes:
    return raw(endpoint, *endpoint.head(method, target, body, **headers))


def raw(endpoint: Endpoint, method: str, target: str, body: bytes, fields: "dict[str, str]") -> bytes:
    lines = [f"{method} {target} HTTP/1.1", f"host: {endpoint.host}", *(f"{name}: {value}" for name, value in fields.items())]
    return "\r\n".join([*lines, "", ""]).encode() + body


rounds = itertools.count()
NAMES_A_ROUND = 200_000


def load_new(program: str, endpoint: Endpoint, request: bytes, **options) -> dict:
    """As load; ######## stands for names that no earlier round has used."""
    return load(program, endpoint, request, first=next(rounds) * NAMES_A_ROUND, **options)


def load(program: str, endpoint: Endpoint, request: bytes, **options) -> dict:
    """Runs the load client; options as it has them. Fails unless every answer was a success."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(request)
        file.flush()
        words = [word for name, value in options.items() for word in ("--" + name.replace("_", "-"), str(value))]
        done = subprocess.run([program, endpoint.host, *words, "--json", file.name], stdout=subprocess.PIPE, check=True)
    result = json.loads(done.stdout)
    if result["broken"] or any(not status.startswith("2") for status in result["statuses"]):
        raise SystemExit(f"{request[:80]!r} was answered with {result}")
    return result


# --- the requests that are measured -------------------------------------------------------------------------

NOTIFICATION = base64.b64encode(json.dumps(
    {"version": "1.0", "projectId": "0a1b2c3d-0000-4000-8000-000000000001", "iterationId":
     "0a1b2c3d-0000-4000-8000-000000000002", "trainingStatus": "TrainingCompleted"}).encode())
MESSAGE = b"<QueueMessage><MessageText>" + NOTIFICATION + b"</MessageText></QueueMessage>"


def prepare(server: Server) -> None:
    """A queue, a container, and the blobs that are read."""
    queue, blob = server.endpoint("Queue"), server.endpoint("Blob")
    require(queue.send("PUT", "/bench"))
    require(blob.send("PUT", "/bench?restype=container"))
    for name, size in (("k1", KIB), ("m1", MIB)):
        require(blob.send("PUT", f"/bench/{name}", os.urandom(size), x_ms_blob_type="BlockBlob"))


def require(answer):
    if answer.status >= 300:
        raise SystemExit(f"{answer.status} {answer.text}")
    return answer


def requests_of(server: Server) -> "dict[str, tuple[Endpoint, bytes]]":
    """By name: whom to ask, and what."""
    queue, blob = server.endpoint("Queue"), server.endpoint("Blob")
    block = {"x_ms_blob_type": "BlockBlob"}
    return {
        "peek message": (queue, with_key(queue, "GET", "/bench/messages?peekonly=true")),
        "put message": (queue, with_key(queue, "POST", "/bench/messages", MESSAGE)),
        "get message": (queue, with_key(queue, "GET", "/bench/messages?visibilitytimeout=3600")),
        "put blob 1 KiB": (blob, with_sas(blob, "PUT", "/bench/new########", os.urandom(KIB), **block)),
        "get blob 1 KiB": (blob, with_sas(blob, "GET", "/bench/k1")),
        "put blob 1 MiB": (blob, with_sas(blob, "PUT", "/bench/large", os.urandom(MIB), **block)),
        "get blob 1 MiB": (blob, with_sas(blob, "GET", "/bench/m1")),
    }
