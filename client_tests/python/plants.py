"""Secrets to be planted, and to be looked for in whatever writing."""
import base64
import hashlib
import hmac
import html
import json
import random
import urllib.parse

FAR_OFF = "2099-12-31T00:00:00Z"
BEGINNING = 12  # letters of a secret that must not be read either


def base64_inside(text: str) -> "list[str]":
    """What base64 makes of the text when it stands inside a longer one, at each of the three alignments."""
    found = []
    for before in range(3):
        coded = base64.b64encode(b"x" * before + text.encode()).decode().rstrip("=")
        found.append(coded[-(-before * 8 // 6):(before + len(text)) * 8 // 6])
    return found


def forms(secret: str) -> "set[str]":
    quoted = urllib.parse.quote(secret, safe="")
    begin = secret[:BEGINNING]
    written = {secret, quoted, urllib.parse.quote(quoted, safe=""), json.dumps(secret)[1:-1], html.escape(secret),
               secret.replace("/", "\\/"), begin, urllib.parse.quote(begin, safe=""), *base64_inside(begin)}
    return written | {urllib.parse.quote(form, safe="") for form in base64_inside(begin)}


class Plants:
    """Makes secrets, each with the name of its kind, and finds them again."""

    def __init__(self):
        self.random = random.Random(12)
        self.kinds: "dict[str, str]" = {}

    def remember(self, kind: str, secret: str) -> str:
        self.kinds[secret] = kind
        return secret

    def word(self, kind: str) -> str:
        letters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"
        return self.remember(kind, "".join(self.random.choices(letters, k=32)))

    def key(self, kind: str, size: int) -> str:
        return self.remember(kind, base64.b64encode(self.random.randbytes(size)).decode())

    def web_token(self, kind: str, **claims) -> str:
        def part(value) -> str:
            return base64.urlsafe_b64encode(json.dumps(value, separators=(",", ":")).encode()).decode().rstrip("=")

        token = ".".join([part({"alg": "none"}), part(claims), self.word(kind)])
        return self.remember(kind, token.split(".", 1)[1]) and token

    def sas(self, kind: str, account: str, key: str, permissions: str = "rwdlacup") -> str:
        """The query of an account's SAS; no two are equal."""
        end = f"2099-12-31T00:{len(self.kinds) // 60:02}:{len(self.kinds) % 60:02}Z"
        fields = {"sv": "2021-12-02", "ss": "bq", "srt": "sco", "sp": permissions, "se": end}
        text = "\n".join([account, permissions, "bq", "sco", "", end, "", "", fields["sv"], "", ""])
        digest = hmac.digest(base64.b64decode(key), text.encode(), hashlib.sha256)
        fields["sig"] = self.remember(kind, base64.b64encode(digest).decode())
        return urllib.parse.urlencode(fields)

    def found_in(self, text: str) -> "list[str]":
        return sorted({kind for secret, kind in self.kinds.items() if any(form in text for form in forms(secret))})
