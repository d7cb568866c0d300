"""Each named format is read by programs of other people, which find the same hits in all of them."""

import re
import subprocess
from dataclasses import dataclass
from itertools import islice
from multiprocessing import Pool
from pathlib import Path

from apachelogs import COMBINED, COMMON, VHOST_COMBINED

import goaccess
import grok
import json_rows
import otlp
from access_log import lines
from generator import Generator, workplace
from judges import SECTIONS, apachelogs

LINES = 100_000
SEED, RATE, START = 3, 2000, "2024-03-01T00:00:00Z"
PROCESSES = 2

DAY, CLOCK, DATE = "%d/%b/%Y", "%H:%M:%S", "%Y-%m-%d"

# How goaccess 1.7 reads each format: by a name of its own, or by a string with the forms of dates and times. Only OTLP is too
# deep for it.
GOACCESS = {
    "combined": ("COMBINED",),
    "common": ("COMMON",),
    "vhost_combined": ("VCOMBINED",),
    "combined_io": ("COMBINED",),
    "nginx": ("COMBINED",),
    "traefik": ("COMBINED",),
    "w3c": ("W3C",),
    "cloudfront": ("CLOUDFRONT",),
    "alb": ("AWSALB",),
    "caddy": ("CADDY",),
    "json": ('{"time":"%dT%t.%^","remote_host":"%h","user":"%e","method":"%m","path":"%U","query":"%q","protocol":"%H",'
             '"status":"%s","body_bytes":"%b","referrer":"%R","user_agent":"%u","host":"%v","response_time":"%T"}',
             DATE, CLOCK),
    "ecs": ('{"@timestamp":"%dT%t.%^","source":{"ip":"%h"},"http":{"request":{"method":"%m","referrer":"%R"},'
            '"response":{"status_code":"%s","body":{"bytes":"%b"}}},"url":{"original":"%U"},"user_agent":{"original":"%u"}}',
            DATE, CLOCK),
    "logfmt": ("time=%dT%t.%^ remote_host=%h user=%e method=%m path=%U query=%^ protocol=%H status=%s body_bytes=%b %^",
               DATE, CLOCK),
    "truth": ('{"time":"%dT%t.%^","remote_host":"%h","method":"%m","target":"%U","status":"%s","user_agent":"%u"}', DATE, CLOCK),
    "haproxy": ('%^]: %h:%^ [%d:%t.%^] %^ %^/%^ %^/%^/%^/%^/%L %s %b %^"%r"', DAY, CLOCK),
    "rfc3164": ('%^]: %h %^[%d:%t %^] "%r" %s %b "%R" "%u"', DAY, CLOCK),
    "rfc5424": ('%^] %h %^[%d:%t %^] "%r" %s %b "%R" "%u"', DAY, CLOCK),
}

# goaccess ends an address at its first colon where a port follows, as these two formats have it.
WITH_PORT = ("haproxy", "alb")

APACHELOGS = {
    "common": COMMON,
    "combined": COMBINED,
    "vhost_combined": VHOST_COMBINED,
    "combined_io": f"{COMBINED} %I %O",
}

GROK = {
    "haproxy": "%{HAPROXYHTTP}",
    "rfc5424": "%{SYSLOG5424LINE}",
    "rfc3164": "<%{NONNEGINT:priority}>%{SYSLOGLINE}",
}

# Formats whose files begin with the names of their columns: what is between two columns of a line, and what the header says
# beside the names.
HEADERS = {
    "w3c": (b" ", [rb"#Software: .+", rb"#Version: 1\.0", rb"#Date: (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)"]),
    "cloudfront": (b"\t", [rb"#Version: 1\.0"]),
}
ROTATION = "log_rotation: {max_size_mb: 1, backup_count: 100, compress: false}"

ECS_SAMPLE, OTEL_SAMPLE = 20_000, 5_000

HERE = Path(__file__).parent
TABLES = HERE.parents[1] / "configs" / "README.md"


@dataclass
class Logs:
    """A log for each format: of the same hits, and once more without IPv6."""

    place: Path
    binary: Path

    def of(self, name, sections=SECTIONS, kind=""):
        """The log in this format, written on first use."""
        directory = self.place / f"{name}{kind}"
        log = directory / "logs" / "access.log"
        if not log.exists():
            directory.mkdir()
            arguments = ("--seed", SEED, "--from", START, "--lines", LINES, "--format", name)
            with Generator(self.binary, directory, *arguments, rate=RATE, sections=sections) as generator:
                generator.finish()
        return log

    def without_ipv6(self, name):
        return self.of(name, SECTIONS.replace(', "2001:db8::/32"', ""), "-ipv4")


def measure(binary, figures):
    with workplace(1 << 30) as place:
        logs = Logs(place, binary)
        figures.none("named formats that are in the table of configs/README.md and that nothing judges",
                     named() - {*GOACCESS, "otel"})
        by_goaccess(figures, logs)
        by_apachelogs(figures, logs)
        by_grok(figures, logs)
        by_duckdb(figures, logs)
        by_schemas(figures, logs)
        by_logfmt(figures, logs)
        headers(figures, binary, place)


def named():
    """The names in the table of formats."""
    table = TABLES.read_text().split("### Named formats")[1].split("\n### ")[0]
    return set(re.findall(r"^\| `(\w+)` \|", table, re.M))


def spoilt(log, damage):
    """The first hundred lines of a log, the last of them damaged. A judge that does not notice it judges nothing."""
    first = list(islice(hits(log), 100))
    if damage(first[-1]) == first[-1]:
        raise SystemExit(f"nothing to damage in {first[-1]}")
    path = log.with_name("spoilt.log")
    path.write_bytes(b"\n".join([*first[:-1], damage(first[-1]), b""]))
    return path


def hits(log):
    """The lines of a log, without those of a header."""
    return (line for line in lines(log) if not line.startswith(b"#"))


def cut(line):
    return line[:40]


def behead(line):
    return line[5:]


def by_goaccess(figures, logs):
    """All lines are valid, and have the statuses that the lines of `combined` have."""
    with Pool(PROCESSES) as pool:
        found = dict(zip(GOACCESS, pool.starmap(judged_by_goaccess, [(logs, name) for name in GOACCESS], chunksize=1)))
    expected = found["combined"][0].statuses
    figures.none("goaccess: formats of which it misses a damaged line", [
        f"{name}: {damaged}" for name, (_, damaged) in found.items() if (damaged.total, damaged.failed) != (100, 1)])
    for name, (report, _) in found.items():
        figures.equal(f"{name}: goaccess, lines valid and rejected", (report.valid, report.failed), (LINES, 0))
        print(end=report.complaint)
    figures.none("goaccess: formats whose statuses are not those of combined", [
        f"{name}: {report.statuses}, not {expected}" for name, (report, _) in found.items() if report.statuses != expected])


def judged_by_goaccess(logs, name):
    """The reports on the log, and on a hundred lines with a damaged one."""
    log = logs.without_ipv6(name) if name in WITH_PORT else logs.of(name)
    return goaccess.read(log, *GOACCESS[name]), goaccess.read(spoilt(log, cut), *GOACCESS[name])


def by_apachelogs(figures, logs):
    for name, log_format in APACHELOGS.items():
        log = logs.of(name)
        figures.equal(f"{name}: apachelogs, damaged lines rejected", len(apachelogs(spoilt(log, cut), log_format)), 1)
        figures.none(f"{name}: apachelogs, lines rejected", apachelogs(log, log_format))


def by_grok(figures, logs):
    with Pool(PROCESSES) as pool:
        runs = [(log, pattern, LINES) for name, pattern in GROK.items()
                for log in (spoilt(logs.of(name), behead), logs.of(name))]
        found = iter(pool.starmap(grok.rejected, runs, chunksize=1))
    for name in GROK:
        figures.equal(f"{name}: pygrok, damaged lines rejected", len(next(found)), 1)
        figures.none(f"{name}: pygrok, lines rejected", next(found))


def by_duckdb(figures, logs):
    log = logs.of("json")
    damaged = spoilt(log, lambda line: line.replace(b'"status":', b'"status":"'))
    figures.equal("json: DuckDB, rows where a line is damaged", json_rows.read(damaged)[0], 0)
    damaged = spoilt(log, lambda line: re.sub(rb'("status":)(\d+)', rb'\1"x\2"', line))
    figures.equal("json: DuckDB, columns of another type where one value is", len(json_rows.read(damaged)[1]), 1)
    rows, others = json_rows.read(log)
    figures.equal("json: DuckDB, rows", rows, LINES)
    figures.none("json: DuckDB, columns of another type", others)


def by_schemas(figures, logs):
    """A sample of `ecs` and `otel`, by their published schemas."""
    log = logs.of("ecs")
    damaged = spoilt(log, lambda line: line.replace(b'"category":["web"]', b'"category":"web"'))
    figures.equal("ecs: @elastic/ecs, damaged lines rejected", len(ecs_faults(damaged, ECS_SAMPLE)), 1)
    figures.none(f"ecs: @elastic/ecs, faults in {ECS_SAMPLE:,} lines", ecs_faults(log, ECS_SAMPLE))
    log = logs.of("otel")
    for what, old, new in (("name", b'"severityNumber"', b'"severity"'), ("id", b'"traceId":"', b'"traceId":"x')):
        damaged = spoilt(log, lambda line: line.replace(old, new))
        figures.equal(f"otel: opentelemetry-proto, lines with a wrong {what} rejected", len(otlp.rejected(damaged, 100)), 1)
    figures.none(f"otel: opentelemetry-proto, rejected of {OTEL_SAMPLE:,} lines", otlp.rejected(log, OTEL_SAMPLE))


def ecs_faults(log, sample):
    return node("ecs_fields.js", given=b"\n".join(islice(lines(log), sample)))


def by_logfmt(figures, logs):
    """The package logfmt never rejects a line, so what it reads is compared with the same hits in JSON."""
    pairs, objects = logs.of("logfmt"), logs.of("json")
    damaged = spoilt(pairs, lambda line: line.replace(b"status=", b"status=1"))
    figures.equal("logfmt: logfmt, damaged lines noticed", len(node("logfmt_pairs.js", damaged, beginning(objects))), 1)
    figures.none("logfmt: logfmt, values unlike those of json", node("logfmt_pairs.js", pairs, objects))


def beginning(log):
    """The first hundred lines of a log."""
    path = log.with_name("first.log")
    path.write_bytes(b"\n".join([*islice(lines(log), 100), b""]))
    return path


def node(script, *arguments, given=b""):
    """What a script prints, line by line."""
    done = subprocess.run(["node", HERE / script, *arguments], input=given, stdout=subprocess.PIPE, check=True)
    return done.stdout.decode().splitlines()


def headers(figures, binary, place):
    """Each file of a rotated run begins with a header that names the columns of its lines, and has no other."""
    for name, (between, expected) in HEADERS.items():
        directory = place / f"{name}-rotated"
        directory.mkdir()
        arguments = ("--seed", SEED, "--from", START, "--lines", LINES, "--format", name)
        with Generator(binary, directory, *arguments, rate=RATE, output=ROTATION, sections=SECTIONS) as generator:
            generator.finish()
        files = list(map(Path, sorted(generator.directory.glob("access.log*"))))
        figures.holds(f"{name}: files of a rotated run, 10 or more", len(files) >= 10, len(files))
        wrong = {file.name: fault for file in files if (fault := header_fault(list(lines(file)), between, expected))}
        figures.none(f"{name}: files without a right header", wrong.items())
        beheaded = [list(lines(file))[1:] for file in files]
        figures.none(f"{name}: files of which a missing line of the header is not noticed",
                     [file for file in beheaded if not header_fault(file, between, expected)])
        figures.equal(f"{name}: lines in these files, without those of headers", sum(len(list(hits(file))) for file in files),
                      LINES)


def header_fault(found, between, expected):
    """What is wrong with the header of a file's lines, if something is."""
    fields = len(expected)
    if len(found) < fields + 2 or not found[fields].startswith(b"#Fields: "):
        return f"no #Fields in {found[:fields + 1]}"
    for line, pattern in zip(found, expected):
        match = re.fullmatch(pattern, line)
        if not match:
            return f"{line} is not {pattern}"
        if match.groups() and match[1] != found[fields + 1][:19]:
            return f"{line} before {found[fields + 1]}"
    names = len(found[fields].split(b" ")) - 1
    others = [line for line in found[fields + 1:] if line.startswith(b"#") or len(line.split(between)) != names]
    return f"{names} names before {others[0]}" if others else None
