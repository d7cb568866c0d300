"""/metrics, the alert rules and the dashboard: valid for Prometheus' own tool, right, cheap and useful."""

import re
import socket
import statistics
import time

import alerts
import dashboard
import scrapes
import write_errors
from generator import Generator, free_port, workplace
from linters import complaints, notices
from shipped import ROOT, run

HERE = "packaging/monitoring"
LOGS = ("access", "error", "system")
LINES_PER_SECOND, SCRAPES = 100_000, 200
LONGEST_SCRAPE_MS = 1.0
ROTATED = re.compile(r"(?:access|error|system)\.log-\d{8}T\d{6}(?:\.\d{3,})?(\.gz)?")
# A metric with its help, a metric with its type, and the suffixes of a family's series.
HELP, TYPE = re.compile(r"^# HELP (\S+) \S", re.M), re.compile(r"^# TYPE (\S+) (?:counter|gauge|histogram)$", re.M)
PART = re.compile(r"_(bucket|sum|count)$")


def measure(shipped, figures):
    binary = shipped.binary("x86_64")
    with workplace() as place:
        lint(figures, place)
    exposition(binary, figures)
    at_rest(binary, figures)
    rotated(binary, figures, kept=1000)
    rotated(binary, figures, kept=3)
    write_errors.measure(binary, figures)
    cost(binary, figures)
    recordings = alerts.measure(shipped, figures)
    dashboard.measure(figures, recordings["healthy, 20,000 lines/s, rotated"],
                      recordings["a dead writer: kill -9"])


def lint(figures, place):
    mistake = place / "alerts.yaml"
    mistake.write_text((ROOT / HERE / "alerts.yaml").read_text().replace("up{", "up{{", 1))
    for what, file in (("rules", "alerts.yaml"), ("config", "prometheus.yaml")):
        (place / "prometheus.yaml").write_text((ROOT / HERE / "prometheus.yaml").read_text())
        notices(figures, f"promtool check {what}", complaints("promtool", "check", what, place / file))
        figures.none(f"promtool check {what}: complaints about {HERE}/{file}",
                     complaints("promtool", "check", what, f"{HERE}/{file}"))


def exposition(binary, figures):
    """The format of an answer."""
    with workplace() as place, Generator(binary, place, rate=1000, port=free_port()) as generator:
        generator.wait_until_ready()
        time.sleep(1)
        text = scrapes.scrape(generator.port)
    check = ("promtool", "check", "metrics")
    notices(figures, "promtool check metrics", complaints(*check, input="# TYPE x counter\nx 1\n"))
    figures.none("promtool check metrics: complaints about an answer", complaints(*check, input=text))
    series = [name for name, _ in scrapes.samples(text)]
    figures.holds("an answer: series", len(series) > 60, len(series))
    figures.equal("an answer: series that occur twice", len(series) - len(set(series)), 0)
    names = {name.partition("{")[0] for name in series}
    helps, types = HELP.findall(text), TYPE.findall(text)
    figures.holds("an answer: metrics, each with help and type", types == helps, len(helps))
    figures.none("an answer: series without help and type",
                 {name for name in names if name not in helps and PART.sub("", name) not in helps})
    figures.equal("an answer: metrics described twice", len(helps) - len(set(helps)), 0)


def at_rest(binary, figures):
    """Compares lines and bytes with the files, at a moment between two lines, after an hour of history."""
    with workplace() as place, Generator(binary, place, rate=20, port=free_port(),
                                         output='pre_warm: "1h"') as generator:
        generator.wait_until_ready()
        time.sleep(2)
        # Counted lines are in the files, but a line may come at any moment.
        for _ in range(200):
            before, found, after = sizes(generator), scrapes.values(generator.port), sizes(generator)
            if before == after:
                break
        lines = {log: start(generator, log, size).count(b"\n") for log, size in before.items()}
    figures.holds("lines and bytes: no line was written meanwhile", before == after, f"{sum(lines.values()):,} lines")
    for log in LOGS:
        figures.equal(f"{log}.log: lines", round(found[f'lines_written_total{{log="{log}"}}']), lines[log])
        figures.equal(f"{log}.log: bytes", round(found[f'bytes_written_total{{log="{log}"}}']), before[log])
    hits = sum(value for series, value in found.items() if series.startswith("hits_total{"))
    figures.equal("access.log: hits of all classes", round(hits), lines["access"])


def start(generator, log, size):
    with open(generator.directory / f"{log}.log", "rb") as file:
        return file.read(size)


def sizes(generator):
    return {log: (generator.directory / f"{log}.log").stat().st_size for log in LOGS}


def rotated(binary, figures, kept):
    """Compares the rotated, compressed and deleted files with the directory."""
    name = f"rotated, {kept:,} kept"
    rotation = f"log_rotation: {{max_size_mb: 1, backup_count: {kept}, compress: true}}\n"
    with workplace(1 << 30) as place, Generator(binary, place, rate=20, port=free_port(),
                                                output=rotation + 'pre_warm: "2h"') as generator:
        generator.wait_until_ready(30)
        deadline = time.monotonic() + 30
        while (plain := there(generator, None)) and time.monotonic() < deadline:
            time.sleep(0.1)
        found = scrapes.values(generator.port)
        archives = there(generator, ".gz")
    figures.equal(f"{name}: files that were not compressed in the end", len(plain), 0)
    rotations, compressed, deleted = (round(found[f"{what}_total"])
                                      for what in ("rotations", "compressed_files", "deleted_files"))
    figures.holds(f"{name}: rotations", rotations > 20, rotations)
    figures.equal(f"{name}: pauses, of rotations", round(found["rotation_pause_seconds_count"]), rotations)
    figures.equal(f"{name}: archives, of rotations without deletions", len(archives), rotations - deleted)
    # Some files are deleted before they are compressed.
    figures.add(f"{name}: files compressed", compressed, f"{len(archives)} to {rotations}",
                len(archives) <= compressed <= rotations)
    figures.holds(f"{name}: files deleted", (deleted > 0) == (kept < rotations), deleted)


def there(generator, ending):
    """The rotated files: the archives, or the others."""
    found = map(ROTATED.fullmatch, (file.name for file in generator.directory.iterdir()))
    return [match[0] for match in found if match and match[1] == ending]


def cost(binary, figures):
    """The cost of a scrape, each with its own connection, while the generator runs at full speed."""
    with workplace(2 << 30) as place, Generator(binary, place, rate=LINES_PER_SECOND, port=free_port()) as generator:
        generator.wait_until_ready()
        time.sleep(2)
        took = [scrape_ms(generator.port) for _ in range(SCRAPES)]
        alone = processor_share(generator, lambda: time.sleep(3))
        began = time.monotonic()
        more = 10 * SCRAPES
        busy = generator.processor_seconds()
        for _ in range(more):
            scrape_ms(generator.port)
        busy = generator.processor_seconds() - busy - alone * (time.monotonic() - began)
        gaps = round(scrapes.values(generator.port)["gaps_total"])
    figures.at_most(f"a scrape at {LINES_PER_SECOND:,} lines/s: median of {SCRAPES}", statistics.median(took),
                    LONGEST_SCRAPE_MS, " ms")
    figures.at_most(f"a scrape at {LINES_PER_SECOND:,} lines/s: processor time, mean of {more:,}",
                    1000 * busy / more, LONGEST_SCRAPE_MS, " ms")
    figures.equal(f"{more:,} scrapes at {LINES_PER_SECOND:,} lines/s: gaps", gaps, 0)


def processor_share(generator, meanwhile):
    began, before = time.monotonic(), generator.processor_seconds()
    meanwhile()
    return (generator.processor_seconds() - before) / (time.monotonic() - began)


def scrape_ms(port):
    """The time from before the connection is made until the last byte is there."""
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        answer = b"".join(iter(lambda: connection.recv(1 << 16), b""))
    took = 1000 * (time.monotonic() - began)
    if not answer.startswith(b"HTTP/1.1 200 ") or b"process_open_fds" not in answer:
        raise SystemExit(f"/metrics answered {answer[:100]}")
    return took
