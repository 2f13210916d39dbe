"""Compares the text of an answer with what fixtures/operations/customvision_answers.json says about its shape: the keys
and their order, the kinds of the values and how they are written."""
import json
import re
import struct

from emulator import ROOT

FACTS = json.loads((ROOT / "fixtures" / "operations" / "customvision_answers.json").read_text("utf-8"))
OBJECTS, ENUMS, SINCE = FACTS["objects"], FACTS["enums"], FACTS["since"]


class Literal(str):
    """A number as it stands in the text: parsing would lose the difference between 1 and 1.0."""


def parse(text: str):
    return json.loads(text, parse_int=Literal, parse_float=Literal)


def single(value: float) -> float:
    return struct.unpack("<f", struct.pack("<f", value))[0]


def is_float(text: str) -> bool:
    """Single precision as .NET writes it: seven digits if these read back as the same number, else nine."""
    value = single(float(text))
    seven = float(f"{value:.7g}")
    return is_double(text) and float(text) == (seven if single(seven) == value else float(f"{value:.9g}"))


def is_double(text: str) -> bool:
    return re.search("[.E]", text) is not None and "e" not in text


def number(test):
    return lambda value: isinstance(value, Literal) and test(value)


def string(pattern: str):
    return lambda value: is_string(value) and re.fullmatch(pattern, value) is not None


def is_string(value) -> bool:
    return isinstance(value, str) and not isinstance(value, Literal)


KINDS = {
    "null": lambda value: value is None,
    "bool": lambda value: isinstance(value, bool),
    "string": is_string,
    "int": number(lambda text: re.fullmatch(r"-?\d+", text) is not None),
    "double": number(is_double),
    "float": number(is_float),
    "guid": string(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
    "date": string(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"),
    "imageDate": string(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{0,6}[1-9])?"),
    "uri": string(r"https?://[^ ]+"),
}


def object_problems(kind: str, value, path: str) -> "list[str]":
    if not isinstance(value, dict):
        return [f"{path} is no {kind}"]
    fields = {key.rstrip("?"): (field, key.endswith("?")) for key, field in OBJECTS[kind].items()}
    expected = [key for key, (_, optional) in fields.items() if not optional or key in value]
    if list(value) != expected:
        return [f"{path} has the keys {list(value)}, not {expected}"]
    return [problem for key in value for problem in problems(fields[key][0], value[key], f"{path}.{key}")]


def problems(kind: str, value, path: str = "answer") -> "list[str]":
    """What is wrong with a parsed value; nothing is an empty list."""
    if "|" in kind:
        return min((problems(choice, value, path) for choice in kind.split("|")), key=len)
    if kind.endswith("[]"):
        if not isinstance(value, list):
            return [f"{path} is no list"]
        return [found for i, part in enumerate(value) for found in problems(kind[:-2], part, f"{path}[{i}]")]
    if kind.startswith("map<"):
        return [found for key, part in value.items() for found in problems(kind[4:-1], part, f"{path}[{key}]")]
    if kind in OBJECTS:
        return object_problems(kind, value, path)
    good = value in ENUMS[kind] if kind in ENUMS else KINDS[kind](value)
    return [] if good else [f"{path} is no {kind}: {value!r}"]


def key_problems(kind: str, value, version: str, path: str = "answer") -> "list[str]":
    """What a parsed value has too many or too few of the keys that a version knows; their values are not looked at."""
    if "|" in kind:
        return min((key_problems(choice, value, version, path) for choice in kind.split("|")), key=len)
    if kind.endswith("[]"):
        parts = enumerate(value) if isinstance(value, list) else ()
        return [found for i, part in parts for found in key_problems(kind[:-2], part, version, f"{path}[{i}]")]
    if kind not in OBJECTS:
        return []
    if not isinstance(value, dict):
        return [f"{path} is no {kind}"]
    known = {key: field for key, field in OBJECTS[kind].items() if SINCE.get(kind, {}).get(key.rstrip("?"), "") <= version}
    fields = {key.rstrip("?"): field for key, field in known.items()}
    wrong = [f"{path} has the key {key}" for key in value if key not in fields]
    wrong += [f"{path} lacks the key {key}" for key in known if not key.endswith("?") and key not in value]
    return wrong + [found for key, field in fields.items() if key in value
                    for found in key_problems(field, value[key], version, f"{path}.{key}")]


def header_problems(headers) -> "list[str]":
    wrong = [f"the header {name} is {headers.get(name)}" for name, kind in FACTS["headers"].items()
             if not (KINDS[kind](headers.get(name)) if kind in KINDS else headers.get(name) == kind)]
    same = headers.get("request-id") == headers.get("apim-request-id")
    return wrong if same else [*wrong, "the two request ids differ"]


def answer_problems(operation: str, response) -> "list[str]":
    kind = FACTS["answers"][operation].get(str(response.status_code))
    if kind is None:
        return [f"{operation} does not answer {response.status_code}"]
    if kind == "nothing":
        return header_problems(response.headers) + (["the body should be empty"] if response.content else [])
    if kind == "bytes":
        return header_problems(response.headers)
    return header_problems(response.headers) + problems(kind, parse(response.text))


def error_problems(response) -> "list[str]":
    body = parse(response.text)
    if "error" in body:
        return problems("GatewayError", body)
    family = next(name for name in FACTS["errorStatus"] if body["code"].startswith(name))
    fits = response.status_code == FACTS["errorStatus"][family]
    wrong = [] if fits else [f"{response.status_code} with {body['code']}"]
    return wrong + header_problems(response.headers) + problems("CustomVisionError", body)
