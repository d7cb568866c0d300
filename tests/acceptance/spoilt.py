"""Lines that a scenario spoils on purpose, read by programs of other people: each must refuse the spoilt lines that cannot be read,
and no others. The ground truth says which lines are spoilt.

apachelogs and pygrok, with Logstash's pattern, get what is UTF-8. lnav and goaccess say how many lines they do not understand; they
forgive much, so that only some kinds have as many as are spoilt. A kind whose lines stay readable by their nature must be read by
all, and is checked by what its lines say: their number, their length and their times.
"""

import json
import subprocess
from dataclasses import dataclass
from datetime import datetime
from multiprocessing import Pool

from apachelogs import COMBINED, COMMON, LogParser
from pygrok import Grok

import goaccess
import lnav
import vrl
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
    # The numbers of the lines that apachelogs and pygrok refuse.
    refused: set
    by_grok: set
    # Those that Vector's parse_apache_log refuses.
    by_vrl: set
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
    by_grok(figures, logs)
    by_vrl(figures, logs)
    by_lenient_readers(figures, logs)
    of_counts(figures, logs)
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


def by_grok(figures, logs):
    """Logstash's pattern takes anything between the quotes of a request, so that another write may stand there."""
    for kind in UNREADABLE:
        log, read = logs[kind], len(logs[kind].spoilt - logs[kind].by_grok)
        if kind == "lines_interleaved":
            print(f"        {kind}: pygrok reads {read:,} of {len(log.spoilt):,} spoilt lines")
        else:
            figures.equal(f"{kind}: spoilt lines that pygrok reads, of {len(log.spoilt):,}", read, 0)
    figures.equal("all kinds: other lines that pygrok refuses", sum(len(logs[kind].by_grok - logs[kind].spoilt) for kind in UNREADABLE), 0)
    figures.equal("readable kinds: lines that pygrok refuses", sum(len(logs[kind].by_grok) for kind in READABLE), 0)


def by_vrl(figures, logs):
    for kind in UNREADABLE:
        log, read = logs[kind], len(logs[kind].spoilt - logs[kind].by_vrl)
        print(f"        {kind}: VRL reads {read:,} of {len(log.spoilt):,} spoilt lines")
    figures.equal("all kinds: other lines that VRL refuses", sum(len(logs[kind].by_vrl - logs[kind].spoilt) for kind in UNREADABLE), 0)
    figures.equal("readable kinds: lines that VRL refuses", sum(len(logs[kind].by_vrl) for kind in READABLE), 0)


def by_lenient_readers(figures, logs):
    for kind, log in logs.items():
        print(f"        {kind}: {len(log.spoilt):,} spoilt; lnav finds no hit in {log.lnav[1]:,}, goaccess refuses {log.goaccess.failed:,}")
    for kind in ("nul_bytes", "field_missing"):
        figures.equal(f"{kind}: lines in which lnav finds no hit", logs[kind].lnav[1], len(logs[kind].spoilt))
    figures.equal("format_change: lines that goaccess refuses", logs["format_change"].goaccess.failed, len(logs["format_change"].spoilt))
    # What begins with a NUL is an empty line to goaccess, which it passes over.
    figures.equal("nul_bytes: lines that goaccess has", logs["nul_bytes"].goaccess.total, LINES - len(logs["nul_bytes"].spoilt))
    others = {kind: log.lines - len(log.spoilt) for kind, log in logs.items()}
    figures.none("kinds of which lnav refuses more than is spoilt", [kind for kind, log in logs.items() if log.lnav[1] > len(log.spoilt)])
    figures.none("kinds of which goaccess reads fewer than the others", [kind for kind, log in logs.items() if log.goaccess.valid < others[kind]])
    # It cuts a line of more than 4 kB into several, and refuses all but the first.
    refused = [kind for kind in READABLE if kind != "long_lines" and (logs[kind].lnav[1] or logs[kind].goaccess.failed)]
    figures.none("readable kinds but long lines of which lnav or goaccess refuses a line", refused)


def look(binary, kind):
    sections = f"scenario: [{{kind: {kind}, at: +10s, for: 30s, share: {SHARE}{KEYS.get(kind, '')}}}]\n"
    with workplace() as place:
        with Generator(binary, place, *ARGUMENTS, rate=RATE, sections=sections) as generator:
            generator.finish()
        record, log = generator.directory / "run.json", generator.access_log
        truth = [json.loads(line) for line in command(binary, "truth", record).splitlines() if b'"record":"line"' in line]
        of_line = {entry["line"]: entry for entry in truth if "line" in entry}
        refused, by_grok, off = read(log, of_line)
        spoilt = {number for number, entry in of_line.items() if "spoilt" in entry}
        texts = [line for number, line in enumerate(lines(log), 1) if number in spoilt]
        return Seen(
            kind=kind,
            lines=len(of_line),
            spoilt=spoilt,
            dropped=len(truth) - len(of_line),
            refused=refused,
            by_grok=by_grok,
            by_vrl=vrl.refused(log, processes=1),
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
    """The numbers of the lines that apachelogs and pygrok refuse, and by how many seconds the others are off their hits' times."""
    parser, grok, refused, by_grok, off = LogParser(COMBINED), Grok("^%{COMBINEDAPACHELOG}$"), set(), set(), {}
    for number, line in enumerate(lines(log), 1):
        try:
            text = line.decode()
        except UnicodeDecodeError:
            refused.add(number)
            by_grok.add(number)
            continue
        if grok.match(text) is None:
            by_grok.add(number)
        try:
            entry = parser.parse(text)
        except ValueError:  # InvalidEntryError is one
            refused.add(number)
            continue
        true = datetime.fromisoformat(of_line[number]["time"]).replace(microsecond=0)
        if seconds := round((entry.request_time - true).total_seconds()):
            off[number] = seconds
    return refused, by_grok, off


def is_common(line):
    try:
        return bool(LogParser(COMMON).parse(line.decode()))
    except ValueError:
        return False
