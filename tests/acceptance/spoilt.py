"""Lines that a scenario spoils on purpose, read by programs of other people: each must refuse the spoilt lines that cannot be read,
and no others. The ground truth says which lines are spoilt.

apachelogs reads what is UTF-8. lnav and goaccess say how many lines they do not understand. A kind whose lines stay readable by
their nature must be read by all, and is checked by what its lines say: their number, their length and their times.
"""

import json
import subprocess
from dataclasses import dataclass
from datetime import datetime
from multiprocessing import Pool
from pathlib import Path

from apachelogs import COMBINED, COMMON, LogParser

import goaccess
import lnav
from access_log import lines
from generator import Generator, workplace

LINES, PROCESSES, RATE, SHARE = 100_000, 2, 2000, 0.05
ARGUMENTS = ("--seed", 3, "--from", "2024-03-01T00:00:00Z", "--lines", LINES, "--no-wait")

# Kinds by what a strict reader of the combined format makes of their lines.
UNREADABLE = ("lines_torn", "lines_interleaved", "nul_bytes", "field_missing", "lines_in_latin1", "format_change")
READABLE = ("lines_dropped", "lines_doubled", "lines_out_of_order", "long_lines", "clock_skew")
LATE, OFFSET, LENGTH = 5, -90, 16_384
KEYS = {"clock_skew": f", offset: {OFFSET}"}


@dataclass
class Seen:
    """A log with what each judge says of it."""

    kind: str
    # How many lines it has, and the numbers of those that are spoilt.
    lines: int
    spoilt: set
    dropped: int
    # The numbers of the lines that apachelogs refuses.
    refused: set
    # Of the spoilt lines, how many have the length or are read in the common format.
    long: int
    common: int
    # For each line that shows another time than its hit had, its number and by how many seconds.
    off: dict
    goaccess: goaccess.Report
    # How many lines lnav has, and in how many it finds no hit.
    lnav: tuple
    verified: str


def measure(binary, figures):
    with Pool(PROCESSES) as pool:
        seen = pool.starmap(look, [(binary, kind) for kind in UNREADABLE + READABLE], chunksize=1)
    logs = {log.kind: log for log in seen}
    figures.none("spoilt: kinds with less than 1,000 spoilt lines", [kind for kind, log in logs.items() if len(log.spoilt) + log.dropped < 1000])
    for kind in UNREADABLE:
        log = logs[kind]
        figures.equal(f"{kind}: spoilt lines that apachelogs reads, of {len(log.spoilt):,}", len(log.spoilt - log.refused), 0)
        figures.equal(f"{kind}: other lines that apachelogs refuses, of {log.lines - len(log.spoilt):,}", len(log.refused - log.spoilt), 0)
    for kind in READABLE:
        figures.equal(f"{kind}: lines that apachelogs refuses, of {logs[kind].lines:,}", len(logs[kind].refused), 0)
    of_counts(figures, logs)
    print_others(logs)
    for kind, log in logs.items():
        figures.holds(f"{kind}: verify", log.verified.startswith("All is there: "), log.verified.partition(":")[0])


def of_counts(figures, logs):
    """What the lines of kinds that stay readable say."""
    dropped, doubled = logs["lines_dropped"], logs["lines_doubled"]
    figures.equal("lines_dropped: lines in the log and dropped", dropped.lines + dropped.dropped, LINES)
    figures.equal("lines_doubled: lines in the log", doubled.lines, LINES + len(doubled.spoilt) // 2)
    figures.equal("format_change: spoilt lines that apachelogs reads as common", logs["format_change"].common, len(logs["format_change"].spoilt))
    figures.equal(f"long_lines: spoilt lines of {LENGTH:,} bytes", logs["long_lines"].long, len(logs["long_lines"].spoilt))
    skewed, late = logs["clock_skew"], logs["lines_out_of_order"]
    figures.equal("clock_skew: lines with another time", len(skewed.off), len(skewed.spoilt))
    figures.equal("clock_skew: by how many seconds", sorted(set(skewed.off.values())), [OFFSET])
    figures.holds("lines_out_of_order: the lines with another time are the spoilt ones", set(late.off) == late.spoilt, f"{len(late.off):,}")
    figures.equal("lines_out_of_order: by how many seconds", sorted(set(late.off.values())), list(range(-LATE, 0)))


def print_others(logs):
    for kind, log in logs.items():
        print(f"        {kind}: {len(log.spoilt)} spoilt of {log.lines}; goaccess {log.goaccess}; lnav {log.lnav}")


def look(binary, kind):
    sections = f"scenario: [{{kind: {kind}, at: +10s, for: 30s, share: {SHARE}{KEYS.get(kind, '')}}}]\n"
    with workplace() as place:
        with Generator(binary, place, *ARGUMENTS, rate=RATE, sections=sections) as generator:
            generator.finish()
        record, log = generator.directory / "run.json", generator.access_log
        truth = [json.loads(line) for line in command(binary, "truth", record).splitlines() if b'"record":"line"' in line]
        of_line = {entry["line"]: entry for entry in truth if "line" in entry}
        refused, off = read(log, of_line)
        spoilt = {number for number, entry in of_line.items() if "spoilt" in entry}
        texts = [line for number, line in enumerate(lines(log), 1) if number in spoilt]
        return Seen(
            kind=kind,
            lines=len(of_line),
            spoilt=spoilt,
            dropped=len(truth) - len(of_line),
            refused=refused,
            long=sum(len(line) == LENGTH for line in texts),
            common=sum(is_common(line) for line in texts),
            off=off,
            goaccess=goaccess.read(log, "COMBINED"),
            lnav=lnav.read(log),
            verified=command(binary, "verify", "--run", record, log).decode(),
        )


def command(binary, *words):
    return subprocess.run([binary, *words], stdout=subprocess.PIPE, check=True).stdout


def read(log, of_line):
    """The numbers of the lines that are refused, and by how many seconds the others are off their hits' times."""
    parser, refused, off = LogParser(COMBINED), set(), {}
    for number, line in enumerate(lines(log), 1):
        try:
            entry = parser.parse(line.decode())
        except ValueError:  # InvalidEntryError and UnicodeDecodeError are such
            refused.add(number)
            continue
        true = datetime.fromisoformat(of_line[number]["time"]).replace(microsecond=0)
        if seconds := round((entry.request_time - true).total_seconds()):
            off[number] = seconds
    return refused, off


def is_common(line):
    try:
        return bool(LogParser(COMMON).parse(line.decode()))
    except ValueError:
        return False
