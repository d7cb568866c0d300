"""Lines on standard output: a reader that has had enough, one that is slow, and one that is fast."""

import json
import os
import signal
import subprocess
import threading
import time
from contextlib import contextmanager

from generator import OURS, free_port, memory_mib, workplace

HEAD_LIMIT_SECONDS = 2

SLOW_RATE = 50_000
SLOW_BYTES_PER_SECOND = 1_000_000
SLOW_SECONDS = 60
SETTLED_AFTER = 30
MEMORY_LIMIT_MIB = 80
GROWTH_LIMIT_MIB = 2
UNHURRIED_LINES = 10_000

FAST_LINES = 2_000_000
FAST_RUNS = 4
FAST_LIMIT = 80


def measure(binary, figures):
    with workplace() as place:
        head(binary, figures, place)
    with workplace() as place:
        slow_and_live(binary, figures, place)
    with workplace() as place:
        slow_and_patient(binary, figures, place)
    with workplace(3 << 30) as place:
        fast(binary, figures, place)


@contextmanager
def run(binary, place, *arguments, stdout=subprocess.PIPE):
    """The generator without a configuration, with its lines on standard output; it never outlives its test."""
    environment = {name: value for name, value in os.environ.items() if name not in OURS}
    with open(place / "stderr", "wb") as stderr:
        process = subprocess.Popen([binary, "--stdout", *map(str, arguments)], stdin=subprocess.DEVNULL,
                                   stdout=stdout, stderr=stderr, env=environment, cwd=place)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


def head(binary, figures, place):
    began = time.monotonic()
    with run(binary, place, "--no-wait", "--lines", 100_000_000) as process:
        reader = subprocess.run(["head", "-1"], stdin=process.stdout, capture_output=True, check=True)
        process.stdout.close()
        status = process.wait(60)
        took = time.monotonic() - began
    figures.equal("| head -1: lines", reader.stdout.count(b"\n"), 1)
    figures.equal("| head -1: exit status", status, 0)
    figures.at_most("| head -1: the run ends after", took, HEAD_LIMIT_SECONDS, " s")
    figures.none("| head -1: files written", [name for name in os.listdir(place) if name != "stderr"])


class SlowReader(threading.Thread):
    """Reads a pipe into a file, so many bytes a second until it is told to hurry."""

    def __init__(self, pipe, path):
        super().__init__()
        self.pipe, self.path, self.hurries = pipe, path, False

    def run(self):
        began, read = time.monotonic(), 0
        with open(self.path, "wb") as file:
            while piece := os.read(self.pipe.fileno(), 16_384):
                file.write(piece)
                read += len(piece)
                if not self.hurries:
                    time.sleep(max(0.0, began + read / SLOW_BYTES_PER_SECOND - time.monotonic()))


def slow_and_live(binary, figures, place):
    """A live run that its reader does not keep up with."""
    name = f"{SLOW_RATE:,} lines/s, a reader of {SLOW_BYTES_PER_SECOND // 1_000_000} MB/s"
    received, logs = place / "received", place / "logs"
    # With a profile, visitors who think for an hour gather for as long, which is no backlog.
    arguments = ["--profile", "none", "--rate", SLOW_RATE, "--port", free_port(), "--log-dir-override", logs]
    with run(binary, place, *arguments) as process:
        reader = SlowReader(process.stdout, received)
        reader.start()
        time.sleep(SETTLED_AFTER)
        settled = memory_mib(process.pid, "VmRSS")
        time.sleep(SLOW_SECONDS - SETTLED_AFTER)
        grown = memory_mib(process.pid, "VmRSS") - settled
        peak = memory_mib(process.pid)
        process.send_signal(signal.SIGTERM)
        reader.hurries = True
        status = process.wait(30)
        reader.join()
    record = json.loads((logs / "run.json").read_text())
    said = (place / "stderr").read_text()
    figures.equal(f"{name}: exit status", status, 0)
    figures.at_most(f"{name}: peak memory", peak, MEMORY_LIMIT_MIB, " MiB")
    figures.at_most(f"{name}: memory grows by, from {SETTLED_AFTER} s to {SLOW_SECONDS} s", grown, GROWTH_LIMIT_MIB,
                    " MiB")
    figures.holds(f"{name}: gaps in run.json, and a message of them", record["gaps"] and "Gap: " in said,
                  len(record["gaps"]))
    figures.equal(f"{name}: there is an access.log", (logs / "access.log").exists(), False)
    verdict = subprocess.run([binary, "verify", "--run", logs / "run.json", received], capture_output=True)
    figures.equal(f"{name}: verify of what was received", verdict.returncode, 0)


def slow_and_patient(binary, figures, place):
    """A run that does not wait for the clock waits for its reader, and leaves nothing out."""
    name = f"--no-wait, a reader of {SLOW_BYTES_PER_SECOND // 1_000_000} MB/s"
    with run(binary, place, "--no-wait", "--lines", UNHURRIED_LINES, "--port", "off") as process:
        reader = SlowReader(process.stdout, place / "received")
        reader.start()
        reader.join()
        status = process.wait(30)
    said = (place / "stderr").read_text()
    figures.equal(f"{name}: exit status", status, 0)
    figures.equal(f"{name}: lines", (place / "received").read_bytes().count(b"\n"), UNHURRIED_LINES)
    figures.holds(f"{name}: no gap", "gaps: 0, left out: 0 lines" in said and "Gap: " not in said, "none")


def fast(binary, figures, place):
    """A pipe to wc takes lines as fast as a file in memory does. Runs are taken in turn, and the best of each counts,
    because other work on the machine can only add to it. What cat reaches with the same bytes is printed: it has them
    ready, and makes none."""
    arguments = ["--no-wait", "--quiet", "--seed", 7, "--from", "2026-03-01", "--lines", FAST_LINES, "--port", "off"]
    copy = place / "lines"
    piped, filed, discarded, copied = [], [], [], []
    for _ in range(FAST_RUNS):
        with timed(piped), run(binary, place, *arguments) as process:
            counted = subprocess.run(["wc", "-l"], stdin=process.stdout, capture_output=True, check=True)
            process.stdout.close()
            process.wait(120)
        with timed(filed), open(copy, "wb") as file, run(binary, place, *arguments, stdout=file) as process:
            process.wait(120)
        with timed(discarded), run(binary, place, *arguments, stdout=subprocess.DEVNULL) as process:
            process.wait(120)
        with timed(copied):
            subprocess.run("cat lines | wc -l", shell=True, cwd=place, capture_output=True, check=True)
    size = copy.stat().st_size / 1e6
    name = "--no-wait | wc -l"
    figures.equal(f"{name}: lines", int(counted.stdout), FAST_LINES)
    share = 100 * min(filed) / min(piped)
    figures.holds(f"{name}: of the speed into a file in memory", share >= FAST_LIMIT,
                  f"{share:.0f} %, at least {FAST_LIMIT} %")
    print(f"        {name}: {size / min(piped):,.0f} MB/s; into a file {size / min(filed):,.0f}, to /dev/null "
          f"{size / min(discarded):,.0f}, cat of the same bytes {size / min(copied):,.0f}")


@contextmanager
def timed(seconds):
    began = time.monotonic()
    yield
    seconds.append(time.monotonic() - began)
