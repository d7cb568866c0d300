"""The rows of the table. A row prepares its measurement and yields cases. The cases of a row take turns in every round, so
that a slow phase of the machine affects all of them."""

import json
import os
import shutil
import signal
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import timed
from generator import ENVIRONMENT, STREAM, ask, fifo, free_port, look_at, part
from timed import Took

# Page views are 2 to 10 s apart, so at rate r about this many times r sessions are between two of them.
THINK_TIME = 6
MILLION = 1_000_000
# Formats that are compared with the first: the same as a string, and some whose lines show more.
COMBINED = '%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i"'
FORMATS = {
    "combined": "combined",
    "combined as a string": COMBINED,
    "combined with %D": COMBINED + " %D",
    "nginx with upstream times":
        '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" '
        '"$http_user_agent" "$http_x_forwarded_for" rt=$request_time uct="$upstream_connect_time" '
        'urt="$upstream_response_time"',
    "json": "json",
    "ecs": "ecs",
}


@dataclass
class Case:
    """One measurement; `beside` names the case that it is compared with."""

    name: str
    measure: object
    beside: str = ""


@contextmanager
def null(bench):
    lines = bench.lines(20 * MILLION, 2 * MILLION)
    yield [discarded(bench, "to /dev/null, the guide's configuration", lines),
           discarded(bench, "to /dev/null, at rate 10,000", lines, "--rate", 10_000)]


@contextmanager
def workers(bench):
    lines = bench.lines(20 * MILLION, 2 * MILLION)
    names = ["to /dev/null, 1 formatter"] + [f"to /dev/null, {n} formatters" for n in (2, 4)]
    yield [discarded(bench, name, lines, "--workers", count, beside=names[0] if count > 1 else "")
           for name, count in zip(names, (1, 2, 4))]


def discarded(bench, name, lines, *arguments, beside=""):
    def measure():
        with bench.generator.discarded():
            return bench.generator.write("--lines", lines, *arguments)
    return Case(name, measure, beside)


@contextmanager
def pipe(bench):
    with reference(bench, bench.lines(10 * MILLION, MILLION)) as (file, lines):
        def written():
            with bench.generator.piped(["cat"]) as (consumer, end):
                return bench.generator.write("--lines", lines, consumer=consumer, end_of_input=end)

        def copied():
            path = bench.place / "pipe"
            with fifo(path, ["cat"]) as (consumer, end), open(path, "wb") as out:
                took, _ = timed.run(["cat", file], consumer=consumer, stdout=out,
                                    end_of_input=lambda: (end(), out.close()))
            return of_file(took, file, lines)

        yield [Case("to a pipe that cat reads", written, "cat of the same bytes to a pipe"),
               Case("cat of the same bytes to a pipe", copied)]


@contextmanager
def stdout(bench):
    with reference(bench, bench.lines(10 * MILLION, MILLION)) as (file, lines):
        generator = bench.generator

        def written():
            with generator.emptied():
                return counted(generator.command(*STREAM, "--no-wait", "--stdout", "--lines", lines))

        def counted(command):
            with subprocess.Popen(["wc", "-l"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as wc:
                took, _ = timed.run(command, consumer=wc, end_of_input=wc.stdin.close, stdout=wc.stdin,
                                    env=ENVIRONMENT)
            return of_file(took, file, lines)

        yield [Case("to standard output that wc -l reads", written, "cat of the same bytes to wc -l"),
               Case("cat of the same bytes to wc -l", lambda: counted(["cat", file]))]


@contextmanager
def formats(bench):
    lines = bench.lines(10 * MILLION, MILLION)
    names = [f"to /dev/null, {name}" for name in FORMATS]
    yield [discarded(bench, name, lines, "--rate", 10_000, "--format", text,
                     beside=names[0] if name != names[0] else "")
           for name, text in zip(names, FORMATS.values())]


@contextmanager
def tmpfs(bench):
    with reference(bench, bench.lines(10 * MILLION, MILLION)) as (file, lines):
        def written():
            with bench.generator.emptied():
                return bench.generator.write("--lines", lines)

        def copied():
            copy = bench.place / "copy"
            took, _ = timed.run(["cp", file, copy])
            copy.unlink()
            return of_file(took, file, lines)

        yield [Case("to a file", written, "cp of that file"), Case("cp of that file", copied)]


@contextmanager
def gzip(bench):
    with reference(bench, bench.lines(2 * MILLION, 400_000)) as (file, lines):
        def piped():
            with bench.generator.piped(["gzip", "-1"]) as (consumer, end):
                return bench.generator.write("--lines", lines, consumer=consumer, end_of_input=end)

        def rotated():
            rotation = "{max_size_mb: 32, backup_count: 1000, compress: true}"
            with bench.generator.emptied():
                return bench.generator.write("--lines", lines, rotation=rotation)

        def alone():
            took, _ = timed.run(["gzip", "-1", "-c", file], stdout=subprocess.DEVNULL)
            return of_file(took, file, lines)

        yield [Case("to a pipe that gzip -1 reads", piped, "gzip -1 of the same bytes"),
               Case("to files of 32 MiB, rotated and compressed", rotated, "gzip -1 of the same bytes"),
               Case("gzip -1 of the same bytes", alone)]


@contextmanager
def sessions(bench):
    window = bench.lines(10 * MILLION, 2 * MILLION)
    powers = range(2, 7 if bench.quick else 8)
    names = {power: f"10^{power} live sessions" for power in powers}
    yield [live(bench, names[power], 10 ** power, window, names[2] if power > 2 else "")
           for power in powers]


def live(bench, name, sessions, window, beside):
    """The last lines of a run, once all sessions are live."""
    def measure():
        port = free_port()
        first = 2 * sessions + window // 2
        # Some lines more, because the last look may come before the last lines.
        lines = first + window + window // 10
        with bench.generator.discarded():
            took = bench.generator.write("--lines", lines, "--rate", sessions / THINK_TIME, port=port,
                                         look=look_at(port), steady=True)
        return part(took, first, first + window)
    return Case(name, measure, beside)


@contextmanager
def span(bench):
    lines = int(os.environ.get("SPAN") or bench.lines(100 * MILLION, 10 * MILLION))
    window = max(lines // 20, MILLION)
    seen = {}

    def first():
        port = free_port()
        with bench.generator.discarded():
            took = seen["took"] = bench.generator.write(
                "--lines", lines, "--rate", 10_000, port=port, look=look_at(port),
                steady=True)
        return part(took, window // 10, window // 10 + window)

    def last():
        return part(seen["took"], lines - window // 10 - window, lines - window // 10)

    names = [f"the {which} {window:,} of {lines:,} lines" for which in ("first", "last")]
    # In this order, because the second case is a part of the first one's run.
    yield [Case(names[0], first), Case(names[1], last, names[0])]


@contextmanager
def prewarm(bench):
    def measure():
        port = free_port()
        command = bench.generator.command(port=port, pre_warm="true")
        with bench.generator.emptied():
            began = time.perf_counter()
            process = subprocess.Popen(list(map(str, command)), env=ENVIRONMENT)
            try:
                while not is_ready(port):
                    if process.poll() is not None:
                        raise SystemExit(f"it has ended with status {process.returncode}")
                    time.sleep(0.001)
                seconds = time.perf_counter() - began
                lines = ask(port, "/health")["total_logs_generated"]
                peak = timed.memory_mib(process.pid, "VmHWM")
            finally:
                process.send_signal(signal.SIGTERM)
                process.wait()
        return Took(seconds, lines=lines, peak_mib=peak)

    yield [Case("24 h of pre-warm at rate 10, until /ready", measure)]


def is_ready(port):
    try:
        return ask(port, "/ready")["status"] == "ready"
    except OSError:
        return False


@contextmanager
def month(bench):
    # Keeping one rotated file makes it fit; every byte is still written.
    rotation = "{max_size_mb: 0, when: d, backup_count: 1, compress: false}"

    def measure():
        with bench.generator.emptied():
            return bench.generator.write("--duration", "1d" if bench.quick else "30d", "--rate", 100,
                                         rotation=rotation)

    yield [Case(f"{'1 day' if bench.quick else '30 days'} at rate 100, to files", measure)]


@contextmanager
def verify(bench):
    lines = bench.lines(10 * MILLION, MILLION)
    generator = bench.generator
    with generator.emptied():
        written = generator.write("--lines", lines)

        def measure():
            command = [generator.binary, "verify", "--run", generator.logs / "run.json",
                       generator.access_log]
            took, _ = timed.run(command, env=ENVIRONMENT)
            took.lines, took.size = written.lines, written.size
            return took

        yield [Case("verify of a complete file", measure)]


@contextmanager
def steps(bench):
    """The criterion benches. They take their own rounds; these cases only read the results."""
    quick = ["--", "--quick"] if bench.quick else []
    subprocess.run(["cargo", "bench", "--locked", "--bench", "stream", "--bench", "format", *quick],
                   check=True, stdout=subprocess.DEVNULL)
    found = Path(os.environ.get("CARGO_TARGET_DIR", "target")) / "criterion"

    def read(path, elements):
        estimates = json.loads((found / path / "new" / "estimates.json").read_text())
        return Took(estimates["median"]["point_estimate"] / 1e9, lines=elements)

    def case(name, path, elements, beside=""):
        return Case(name, lambda: read(path, elements), beside)

    names = [f"a step of the stream, 10^{power} live sessions" for power in range(2, 7)]
    yield ([case(name, f"stream_step/{10 ** power}", 1, names[0] if power > 2 else "")
            for name, power in zip(names, range(2, 7))]
           + [case(f"a formatted line, at rate {rate:,}", f"formatted_line/rate/{rate}", 2048)
              for rate in (10, 100_000)])


@contextmanager
def reference(bench, lines):
    """A file with the lines of the fixed stream, left by a run that has ended."""
    file = bench.place / "reference"
    with bench.generator.emptied():
        bench.generator.write("--lines", lines)
        shutil.move(bench.generator.access_log, file)
    try:
        yield file, lines
    finally:
        file.unlink()


def of_file(took, file, lines):
    took.lines, took.size = lines, file.stat().st_size
    return took


ROWS = {row.__name__: row for row in
        (null, workers, formats, pipe, stdout, tmpfs, gzip, sessions, span, prewarm, month, verify, steps)}
# One round: month is long, and so steady; steps has its own rounds.
ROUNDS = {"month": 1, "steps": 1}


def missing(row, binary):
    """Why a row cannot be measured, or None."""
    if row == "verify":
        usage = subprocess.run([binary, "--help"], capture_output=True, text=True, check=True)
        if "verify" not in usage.stdout.split():
            return "the binary has no such subcommand"
    return None
