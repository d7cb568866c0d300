"""The files of payloads, which the program has its attacks from, read here apart from the program."""

import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "src/stream/attack/payloads"
HEADERS = {"cwe": r"CWE-\d+", "owasp": r"A\d\d:2021", "attack": r"T\d{4}(\.\d{3})?", "agent": r"[ -~]+"}
PLACES = ("path", "query", "agent", "referrer")
METHODS = ("GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH")
# What may stand in a target: no space, no double quote, no control character, ASCII alone.
TARGET = re.compile(r"[!#-~]+")
VALUE = re.compile(r"[ -~]+")


@dataclass(frozen=True)
class Payload:
    """One request of an attack: its stage, the method, where the payload stands, the statuses with which a patched and an
    unpatched site answer, and the payload."""

    stage: str
    method: str
    place: str
    patched: int
    unpatched: int
    text: str

    def target(self, page="/search"):
        """What the request asks for; a query is one of this page of the site."""
        return {"path": self.text, "query": f"{page}?{self.text}"}.get(self.place, "/")


@dataclass(frozen=True)
class Attack:
    """A file: its name, the user agents of the attacker, and the requests in their order."""

    name: str
    agents: tuple
    payloads: tuple


def attacks():
    """All files. A line that is not as it should be is an error."""
    files = sorted(FOLDER.glob("*.txt"))
    if not files:
        raise SystemExit(f"{FOLDER} has no payloads")
    return [read(path) for path in files]


def read(path):
    """One file."""
    headers, payloads = [], []
    for number, line in enumerate(Path(path).read_text(encoding="utf-8").splitlines(), 1):
        try:
            if line.startswith("@ "):
                headers.append(header(line))
            elif line and not line.startswith("#"):
                payloads.append(payload(line))
        except (AssertionError, ValueError) as error:
            raise SystemExit(f"{path}:{number}: {error}: {line}") from error
    return Attack(Path(path).stem, tuple(value for name, value in headers if name == "agent"), tuple(payloads))


def header(line):
    _, name, value = line.split(" ", 2)
    assert name in HEADERS and re.fullmatch(HEADERS[name], value), "no such header"
    return name, value


def payload(line):
    stage, method, place, patched, unpatched, text = line.split("\t")
    assert re.fullmatch("[a-z_]+", stage), "a stage is one word"
    assert method in METHODS and place in PLACES, "no such method or place"
    assert (TARGET if place in ("path", "query") else VALUE).fullmatch(text), "that cannot stand in its place"
    assert place != "path" or text.startswith("/"), "a target begins with a slash"
    assert all(200 <= int(status) < 600 for status in (patched, unpatched)), "no such status"
    return Payload(stage, method, place, int(patched), int(unpatched), text)
