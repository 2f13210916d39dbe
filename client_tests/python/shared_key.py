"""Single requests to the storage services, signed with the account's key: what the clients hide."""
import base64
import hashlib
import hmac
import http.client
import re
import urllib.parse
from email.utils import formatdate

SIGNED_HEADERS = ("content-encoding", "content-language", "content-length", "content-md5", "content-type", "date",
                  "if-modified-since", "if-match", "if-none-match", "if-unmodified-since", "range")


class Answer:
    def __init__(self, response: http.client.HTTPResponse):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def code(self) -> "str | None":
        return self.headers["x-ms-error-code"]

    def all(self, element: str) -> "list[str]":
        return re.findall(f"<{element}>([^<]*)</{element}>", self.text)

    def one(self, element: str) -> str:
        return (self.all(element) or [""])[0]


class Endpoint:
    """One service of the account that a connection string names."""

    def __init__(self, connection_string: str, service: str):
        settings = dict(part.split("=", 1) for part in connection_string.split(";") if part)
        self.account = settings["AccountName"]
        self.key = base64.b64decode(settings["AccountKey"])
        self.host, path = re.fullmatch("http://([^/]+)(/.*)", settings[f"{service}Endpoint"]).groups()
        self.root = path.rstrip("/")

    def send(self, method: str, target: str, body=b"", **options) -> Answer:
        """The target follows the account. Options: those of head()."""
        return self.send_raw(*self.head(method, target, body, **options))

    def open(self, connection: http.client.HTTPConnection, method: str, target: str) -> http.client.HTTPResponse:
        """The same, but the answer's body is still to be read."""
        return self.exchange(connection, *self.head(method, target, b""))

    def head(self, method: str, target: str, body, *, signed: bool = True, root: "str | None" = None, **headers: str):
        """Header names are given with _ for -; None leaves out what would be sent otherwise."""
        target = (self.root if root is None else root) + target
        fields = {"x-ms-date": formatdate(usegmt=True), "x-ms-version": "2021-12-02"}
        if isinstance(body, bytes) and (body or method in ("PUT", "POST")):
            fields["content-length"] = str(len(body))
        fields.update({name.replace("_", "-"): value for name, value in headers.items()})
        fields = {name: value for name, value in fields.items() if value is not None}
        if signed:
            fields["authorization"] = f"SharedKey {self.account}:{self.signature(method, target, fields)}"
        return method, target, body, fields

    def send_raw(self, method: str, target: str, body, fields: "dict[str, str]") -> Answer:
        """A body is bytes, or a file that is read piece by piece."""
        connection = http.client.HTTPConnection(self.host, timeout=60)
        try:
            return Answer(self.exchange(connection, method, target, body, fields))
        finally:
            connection.close()

    @staticmethod
    def exchange(connection: http.client.HTTPConnection, method: str, target: str, body,
                 fields: "dict[str, str]") -> http.client.HTTPResponse:
        connection.putrequest(method, target, skip_host="host" in fields, skip_accept_encoding=True)
        for name, value in fields.items():
            connection.putheader(name, value.encode())
        connection.endheaders(body or None)
        return connection.getresponse()

    def signature(self, method: str, target: str, fields: "dict[str, str]") -> str:
        path, _, query = target.partition("?")
        values = [fields.get(name, "") for name in SIGNED_HEADERS]
        values = ["" if value == "0" else value for value in values]
        own = sorted((name.lower(), value) for name, value in fields.items() if name.startswith("x-ms-"))
        lines = [method, *values, *(f"{name}:{value}" for name, value in own), f"/{self.account}{path}"]
        parameters = sorted(urllib.parse.parse_qsl(query, keep_blank_values=True))
        lines += [f"{name.lower()}:{value}" for name, value in parameters]
        return self.sign("\n".join(lines))

    def sign(self, text: str) -> str:
        return base64.b64encode(hmac.digest(self.key, text.encode(), hashlib.sha256)).decode()


class Client(Endpoint):
    """One client of many, with a connection of its own that it keeps."""

    def __init__(self, connection_string: str, service: str):
        super().__init__(connection_string, service)
        self.connection = http.client.HTTPConnection(self.host, timeout=60)

    def send_raw(self, method: str, target: str, body, fields: "dict[str, str]") -> Answer:
        return Answer(self.exchange(self.connection, method, target, body, fields))

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_) -> None:
        self.connection.close()
