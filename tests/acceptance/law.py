"""The law of the stream: the same configuration, seed and start give the same bytes with any number of formatters.
Another seed gives other bytes."""

import hashlib

from access_log import count_lines
from generator import Generator, workplace

LINES = 1_000_000
START = "2024-03-01T08:59:00Z"
SEED = 7


def measure(binary, figures):
    first = fingerprint(binary, SEED, workers=1)
    figures.equal("law: lines", first["lines"], LINES)
    for workers in (1, 2, 8):
        # The run above is the first of the two with one formatter.
        for turn in (1, 2)[workers == 1:]:
            again = fingerprint(binary, SEED, workers)
            for log in ("access.log", "error.log"):
                figures.equal(f"law: {log}, {workers} formatters, run {turn}", again[log], first[log])
    other = fingerprint(binary, SEED + 1, workers=2)
    for log in ("access.log", "error.log"):
        figures.holds(f"law: another seed gives another {log}", other[log] != first[log], other[log])


def fingerprint(binary, seed, workers):
    arguments = ("--seed", seed, "--from", START, "--lines", LINES, "--workers", workers)
    # Includes the rise of the traffic in the morning, and errors of each kind.
    sections = ("traffic_patterns: [{time: 0-9, multiplier: 0.5}, {time: 9-24, multiplier: 1.0}]\n"
                "error_rates: {global_500_rate: 0.02, product_404_rate: 0.1, auth_failure: 0.2}\n")
    with workplace() as place:
        with Generator(binary, place, *arguments, rate=5000, sections=sections) as generator:
            generator.finish()
        prints = {log: sha256(generator.directory / log) for log in ("access.log", "error.log")}
        return prints | {"lines": count_lines(generator.access_log)}


def sha256(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]
