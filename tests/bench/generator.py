"""The generator as it is measured: with the guide's configuration (configs/guide.yaml), a fixed stream, and flat out."""

import json
import os
import re
import shutil
import subprocess
import time
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from socket import socket
from subprocess import DEVNULL

import timed

GUIDE = Path(__file__).parents[2] / "configs" / "guide.yaml"
STREAM = ("--seed", 7, "--from", "2026-03-01T00:00:00Z")
# Variables that would change the measurement.
OURS = ("RUST_LOG", "LOG_DIR_OVERRIDE", "RATE_OVERRIDE", "PORT_OVERRIDE", "DESTINATION_OVERRIDE",
        "LOG_GENERATOR_CONFIG_YAML_B64", "LOG_GENERATOR_CONFIG_YAML", "LOG_GENERATOR_CONFIG_PATH")
ENVIRONMENT = {name: value for name, value in os.environ.items() if name not in OURS}


class Generator:
    """A binary, and the directory that it writes to, one run after the other."""

    def __init__(self, binary, place):
        self.binary, self.place = binary, place
        self.logs = place / "logs"
        self.access_log = self.logs / "access.log"

    def command(self, *arguments, port=None, rotation="{enabled: false}", pre_warm="false",
                steady=False):
        """A command line with the guide's configuration, except for these settings. Without `port` the generator does not
        listen, without `rotation` it rotates nothing, and `steady` leaves out the traffic pattern."""
        text = GUIDE.read_text()
        health = f"{{address: 127.0.0.1, port: {port}}}" if port else "{enabled: false}"
        text = with_key(text, "health_check", health)
        text = with_key(text, "log_rotation", rotation)
        text = with_key(text, "pre_warm", pre_warm)
        if steady:
            text, _, _ = text.partition("traffic_patterns:")
        config = self.place / "config.yaml"
        config.write_text(text)
        return [self.binary, "-q", "--log-dir-override", self.logs, *arguments, config]

    def write(self, *arguments, look=None, consumer=None, end_of_input=None, **settings):
        """A run of the fixed stream that does not wait. Its summary says what it wrote."""
        command = self.command(*STREAM, "--no-wait", "--summary", "json", *arguments, **settings)
        took, printed = timed.run(command, look, consumer, end_of_input, env=ENVIRONMENT)
        summary = json.loads(printed)
        took.lines, took.size = summary["total_logs_generated"], summary["access_bytes"]
        if summary["compressed_files"] or summary["rotations"]:
            took.note = f"{summary['rotations']} files rotated, {summary['compressed_files']} compressed"
        return took

    @contextmanager
    def discarded(self):
        """Both logs are links to /dev/null."""
        with self.emptied():
            self.logs.mkdir()
            for name in ("access.log", "error.log"):
                (self.logs / name).symlink_to("/dev/null")
            yield

    @contextmanager
    def piped(self, consumer):
        """access.log is a pipe that a command reads; yields that process and a function that lets it end."""
        with self.emptied():
            self.logs.mkdir()
            with fifo(self.access_log, consumer) as (process, end_of_input):
                yield process, end_of_input

    @contextmanager
    def emptied(self):
        """The log directory is removed before and after."""
        shutil.rmtree(self.logs, ignore_errors=True)
        try:
            yield
        finally:
            shutil.rmtree(self.logs, ignore_errors=True)


@contextmanager
def fifo(path, consumer):
    os.mkfifo(path)
    # Held open, so that neither end waits for the other or finds it closed.
    held = os.open(path, os.O_RDWR)
    with open(path, "rb") as stdin:
        process = subprocess.Popen(consumer, stdin=stdin, stdout=DEVNULL)
    try:
        yield process, lambda: os.close(held)
    finally:
        process.kill()
        process.wait()
        path.unlink()


def with_key(text, key, value):
    """The text with this value for a key of `output`."""
    text, found = re.subn(rf"^  {key}:.*\n(    .*\n)*", f"  {key}: {value}\n", text, flags=re.M)
    if found != 1:
        raise SystemExit(f"{GUIDE} has changed: it has the key {key} {found} times")
    return text


def free_port():
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def ask(port, path):
    """The body of an answer; OSError if there is none, or if its status is not 200."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
        return json.load(answer)


@dataclass
class Look:
    """A run at one time: its lines so far, its memory and its processor time."""

    when: float
    lines: int
    memory_mib: float
    processor: float


def look_at(port):
    """Returns a function that looks at the run on this port."""
    def look(pid):
        lines = ask(port, "/health")["total_logs_generated"]
        return Look(time.perf_counter(), lines, timed.memory_mib(pid, "VmRSS"), processor_seconds(pid))
    return look


def processor_seconds(pid):
    """Processor time of all threads, by the scheduler's clock in nanoseconds."""
    threads = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(thread.read_text().split()[0]) for thread in threads) / 1e9


def part(took, first, last):
    """The part of a run from one line to another, with the memory at its end."""
    begin, end = look_of(took.looks, first), look_of(took.looks, last)
    return timed.Took(end.when - begin.when, lines=last - first, peak_mib=end.memory_mib,
                      processor=end.processor - begin.processor)


def look_of(looks, line):
    """The run at a line, interpolated between the last look before it and the first after it."""
    for before, after in zip(looks, looks[1:]):
        if before.lines <= line < after.lines:
            share = (line - before.lines) / (after.lines - before.lines)
            between = lambda one, other: one + share * (other - one)
            return Look(between(before.when, after.when), line, after.memory_mib,
                        between(before.processor, after.processor))
    raise SystemExit(f"the run was not seen at line {line:,}, in {len(looks)} looks up to "
                     f"{looks[-1].lines if looks else 0:,}")
