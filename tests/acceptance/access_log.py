"""Reads log files back, long ones in blocks. Nothing here trusts the generator."""

import re
from datetime import datetime

BLOCK = 16 * 1024 * 1024


def _quoted(name):
    """A quoted field, escaped as in Apache: no bare quote, backslash or control byte."""
    return rb'"(?P<' + name + rb'>(?:[^"\\\x00-\x1f\x7f]|\\.)*)"'


# Exactly one line of the combined format.
LINE = re.compile(
    rb"(?P<address>[0-9a-fA-F.:]+) - (?P<user>\S+) "
    rb"\[(?P<stamp>\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4})\] "
    + _quoted(b"request") + rb" (?P<status>\d{3}) (?P<size>\d+|-) "
    + _quoted(b"referrer") + b" " + _quoted(b"agent")
)

STAMP = re.compile(rb"\[(\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4})\]")


def blocks(path):
    """The file in blocks of whole lines. A torn last line is the last block."""
    with open(path, "rb") as file:
        rest = b""
        while block := file.read(BLOCK):
            cut = block.rfind(b"\n") + 1
            if cut:
                yield rest + block[:cut]
                rest = block[cut:]
            else:
                rest += block
        if rest:
            yield rest


def count_lines(path):
    """The number of newlines."""
    return sum(block.count(b"\n") for block in blocks(path))


def lines(path):
    """The lines, without their newlines. A torn last line gets the mark TORN."""
    for block in blocks(path):
        yield from block.splitlines() if block.endswith(b"\n") else [block + b"TORN"]


def broken_lines(path):
    """The lines that are not whole lines of the combined format."""
    return (line for line in lines(path) if not LINE.fullmatch(line))


def moment(stamp):
    """A stamp as a time: 10/Oct/2024:13:55:36 +0000."""
    return datetime.strptime(stamp.decode(), "%d/%b/%Y:%H:%M:%S %z")


def count_and_check_order(path):
    """The number of lines, and the stamps that are earlier than a stamp before them.

    A block has few different stamps, each in consecutive lines. Counting checks these lines together, so that thirty
    million lines take seconds.
    """
    total, backwards, last = 0, [], None
    for block in blocks(path):
        total += block.count(b"\n")
        position = 0
        while position < len(block):
            stamp = STAMP.search(block, position)
            if not stamp:
                backwards.append(f"no stamp in {block[position:position + 200]!r}")
                break
            now = moment(stamp[1])
            if last and now < last:
                backwards.append(f"{stamp[1].decode()} after {last}")
            last = now
            end = block.index(b"\n", block.rfind(stamp[0])) + 1
            if block.count(stamp[0], position, end) != block.count(b"\n", position, end):
                backwards.append(f"other stamps among those of {stamp[1].decode()}")
            position = end
    return total, backwards
