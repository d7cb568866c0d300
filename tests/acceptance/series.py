"""The files of a log as one stream, and the faults of a received stream."""

import gzip
import re
from collections import Counter

ROTATED = re.compile(r"access\.log-(\d{8}T\d{6})(?:\.(\d{3,}))?(\.gz)?")
BY_LOGROTATE = re.compile(r"access\.log\.(\d+)")


def rotated(directory):
    """The files that the generator rotated, oldest first by their names."""
    found = [(match, path) for path in directory.iterdir()
             if (match := ROTATED.fullmatch(path.name))]
    found.sort(key=lambda item: (item[0][1], int(item[0][2] or 0)))
    return [path for _, path in found]


def rotated_by_logrotate(directory):
    """The files that logrotate rotated, oldest first. logrotate raises a file's number as it ages."""
    found = [(int(match[1]), path) for path in directory.iterdir()
             if (match := BY_LOGROTATE.fullmatch(path.name))]
    return [path for _, path in sorted(found, reverse=True)]


def content(path):
    """The content of a file. An archive that is not whole raises an error."""
    with gzip.open(path) if path.suffix == ".gz" else open(path, "rb") as file:
        return file.read()


def faults(sent, received):
    """The faults of a received stream: lines that are lost, doubled or foreign.

    A line that was not sent, be it torn, glued or made up, is foreign; so is an end without a newline. If every line is
    there once, the faults are lines out of order.
    """
    if received == sent:
        return []
    sent, received = split(sent), split(received)
    expected, found = Counter(sent), Counter(received)
    wrong = [f"lost: {line!r}" for line in (expected - found).elements()]
    wrong += [f"{'doubled' if line in expected else 'foreign'}: {line!r}"
              for line in (found - expected).elements()]
    return wrong or [f"out of order: {one!r}" for one, other in zip(received, sent) if one != other]


def split(stream):
    """The lines without their newlines. A last line without a newline gets a mark, so that it equals no other line."""
    lines = stream.split(b"\n")
    end = lines.pop()
    return lines + [end + b" (torn)"] if end else lines
