"""What --print-parser prints is given to the program that it is for, which then reads a log in that format.

goaccess and pygrok are those programs. Fluent Bit is not in Debian; Ruby is, whose regular expressions are of the same
library (Onigmo), so Ruby reads the expression and the form of the time. Vector and ClickHouse are too large for this run;
tests/README.md says how they were tried.
"""

import itertools
import json
import random
import re
import subprocess
from multiprocessing import Pool
from pathlib import Path

import goaccess
import goaccess_formats
import grok
from access_log import lines
from generator import Generator, workplace
from judges import SECTIONS
from named_formats import WITH_PORT, named, spoilt
from random_formats import directives, random_format

LINES, PROCESSES = 10_000, 2
SEED, FORMATS = 7, 12
ARGUMENTS = ("--seed", SEED, "--from", "2024-03-01T00:00:00Z", "--lines", LINES, "--no-wait")

# The named formats that a program does not read; what it prints then must say so.
UNREADABLE = {
    "goaccess": {"otel"},
    "grok": {"json", "ecs", "otel", "truth", "caddy"},
    "fluent-bit": set(),
}
HERE = Path(__file__).parent


def measure(binary, figures):
    chance, known = random.Random(SEED), directives()
    strings = ['"' + "".join(itertools.chain(*random_format(chance, known))).rstrip() for _ in range(FORMATS)]
    formats = [(name, name) for name in sorted(named())] + list(zip((f"random {n}" for n in range(FORMATS)), strings))
    with Pool(PROCESSES) as pool:
        found = pool.starmap(judged, [(binary, *one) for one in formats], chunksize=1)
    found = dict(zip((name for name, _ in formats), found))
    for parser, unreadable in UNREADABLE.items():
        refused = {name for name in named() if found[name][parser] is None}
        figures.equal(f"{parser}: named formats that it cannot read", ", ".join(sorted(refused)), ", ".join(sorted(unreadable)))
        read = {name: verdicts[parser] for name, verdicts in found.items() if verdicts[parser]}
        figures.none(f"{parser}: formats of which it misses a damaged line",
                     [name for name, (_, damaged) in read.items() if not damaged])
        figures.none(f"{parser}: lines rejected, of {LINES:,} in each of {len(read)} formats",
                     [f"{name}: {line}" for name, (rejected, _) in read.items() for line in rejected])
        figures.none(f"{parser}: formats that it reads no line of", [name for name, (rejected, _) in read.items() if rejected == ["all"]])
    goaccess_formats.measure(binary, figures)


def judged(binary, name, log_format):
    """For each program: the lines it rejects, and whether it rejects a damaged one; None if it cannot read the format."""
    # goaccess ends an address at its first colon where a port follows.
    sections = SECTIONS.replace(', "2001:db8::/32"', "") if name in WITH_PORT else SECTIONS
    with workplace() as place:
        with Generator(binary, place, *ARGUMENTS, "--format", log_format, sections=sections) as generator:
            generator.finish()
        log = generator.access_log
        damaged = spoilt(log, cut)
        return {
            "goaccess": by_goaccess(printed(binary, "goaccess", log_format), log, damaged),
            "grok": by_grok(printed(binary, "grok", log_format), log, damaged),
            "fluent-bit": by_ruby(printed(binary, "fluent-bit", log_format), log, damaged),
        }


def cut(line):
    """The beginning of a line; some lines are short."""
    return line[:min(40, len(line) // 2)]


def printed(binary, parser, log_format):
    """What the generator prints; None if it says that the program cannot read the format."""
    done = subprocess.run([binary, "--print-parser", parser, "--format", log_format], capture_output=True, text=True)
    if done.returncode == 0 and not done.stderr:
        return done.stdout
    assert done.returncode == 2 and not done.stdout and f"{parser} cannot read the format" in done.stderr, done
    return None


def by_goaccess(text, log, damaged):
    if text is None:
        return None
    settings = dict(line.split(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    arguments = settings["log-format"], settings["date-format"], settings["time-format"]
    report, spoilt_report = goaccess.read(log, *arguments), goaccess.read(damaged, *arguments)
    rejected = [] if (report.valid, report.failed) == (LINES, 0) else [f"{report} with {arguments}"]
    return rejected, (spoilt_report.total, spoilt_report.failed) == (100, 1)


def by_grok(text, log, damaged):
    if text is None:
        return None
    pattern = text.strip().removeprefix("^").removesuffix("$")
    return without_header(grok.rejected(log, pattern, LINES)), len(without_header(grok.rejected(damaged, pattern, 100))) == 1


def by_ruby(text, log, damaged):
    """The lines that the section's expression or form of time does not fit, or that are no JSON where it asks for that."""
    settings = dict(line.split(maxsplit=1) for line in text.splitlines()[1:])
    if settings["Format"] != "regex":
        # Both formats are Fluent Bit's own; other programs read them in the topic `formats`.
        key = settings.get("Time_Key", "time")
        has_time = (lambda line: key in json.loads(line)) if settings["Format"] == "json" else (lambda line: f"{key}=".encode() in line)
        return ([line for line in lines(log) if "Time_Key" in settings and not has_time(line)], True)
    read = lambda path: subprocess.run(["ruby", HERE / "fluent_bit.rb", path, text], capture_output=True, check=True).stdout.splitlines()
    return without_header(read(log)), len(without_header(read(damaged))) == 1


def without_header(rejected):
    """The rejected lines but for the header of w3c and cloudfront, which these programs have no way to pass over."""
    return [line for line in rejected if not line.startswith(b"#")]
