"""The end of a run: a signal loses nothing, and after kill -9 the next start leaves no torn line."""

import http.client
import random
import re
import signal
import threading
import time

from access_log import broken_lines, count_lines, lines
from generator import Generator, complaints, free_port, workplace

RATE = 100_000
TIMES = 20
END_LIMIT_SECONDS = 1.0

# Random, but the same in every run, so that a miss can be reproduced.
MOMENTS = random.Random(20)

MESSAGE = re.compile(rb"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d - (DEBUG|INFO|WARNING|ERROR) - [^\x00-\x1f]+")


def measure(binary, figures):
    by_signal(binary, figures)
    other_signals(binary, figures)
    by_kill(binary, figures)
    torn_by_hand(binary, figures)


def by_signal(binary, figures):
    """SIGTERM at full speed, while the test asks /health without a pause."""
    statuses, took, differences, broken, untold = [], [], [], [], []
    for _ in range(TIMES):
        with workplace() as place, Generator(binary, place, rate=RATE, port=free_port()) as generator:
            generator.wait_until_ready()
            with LastHealth(generator) as health:
                time.sleep(MOMENTS.uniform(0, 1))
                status, seconds = generator.stop()
            statuses.append(status)
            took.append(seconds)
            written = count_lines(generator.access_log)
            differences.append(health.lines - written)
            broken += broken_lines(generator.access_log)
            broken += broken_messages(generator)
            last = generator.system_log.read_text().splitlines()[-1]
            if str(written) not in last.replace(",", ""):
                untold.append(last)
    name = f"SIGTERM, {TIMES} times"
    figures.equal(f"{name}: exit statuses other than 0", sum(map(bool, statuses)), 0)
    figures.at_most(f"{name}: longest time to end", max(took), END_LIMIT_SECONDS, " s")
    figures.none(f"{name}: last /health differs from the file", filter(None, differences))
    figures.none(f"{name}: lines that are not whole", broken)
    figures.none(f"{name}: last message without the number of lines", untold)


class LastHealth:
    """Asks /health without a pause, and keeps the last answer."""

    def __init__(self, generator):
        self.generator, self.lines, self.over = generator, None, False
        self.thread = threading.Thread(target=self.run)

    def run(self):
        while not self.over:
            try:
                self.lines = self.generator.health()["total_logs_generated"]
            except (OSError, ValueError, http.client.HTTPException):
                pass
            time.sleep(0.001)

    def __enter__(self):
        self.lines = self.generator.health()["total_logs_generated"]
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over = True
        self.thread.join()


def other_signals(binary, figures):
    for number in (signal.SIGINT, signal.SIGTERM):
        with workplace() as place, Generator(binary, place, rate=1, port=free_port()) as generator:
            generator.wait_until_ready()
            status, seconds = generator.stop(number)
        figures.equal(f"{number.name} in mid-sleep: exit status", status, 0)
        figures.at_most(f"{number.name} in mid-sleep: end", seconds, END_LIMIT_SECONDS, " s")


def by_kill(binary, figures):
    """kill -9 at full speed, again and again in one directory. The next start repairs the files."""
    unreported, torn = [], 0
    with workplace() as place:
        for _ in range(TIMES):
            with Generator(binary, place, rate=RATE, port=free_port()) as generator:
                generator.wait_until_ready()
                time.sleep(MOMENTS.uniform(0, 0.4))
                generator.stop(signal.SIGKILL)
            is_torn = not ends_whole(generator.access_log)
            torn += is_torn
            with Generator(binary, place, rate=RATE, port=free_port()) as generator:
                generator.wait_until_ready()
                generator.stop()
            said = generator.said()
            generator.stderr.unlink()
            if is_torn and not any("torn" in line for line in complaints(said)):
                unreported.append(said)
        broken = list(broken_lines(generator.access_log)) + broken_messages(generator)
        written = count_lines(generator.access_log)
    name = f"kill -9, {TIMES} times"
    print(f"        {name}: {written:,} lines, {torn} torn ones")
    figures.none(f"{name}: lines that are not whole after the restart", broken)
    figures.none(f"{name}: torn lines that were not reported", unreported)


def torn_by_hand(binary, figures):
    """A torn line in each file, written by the test."""
    with workplace() as place:
        (place / "logs").mkdir()
        for name in ("access.log", "error.log", "system.log"):
            (place / "logs" / name).write_text("a whole line\na torn li")
        with Generator(binary, place, rate=1000, port=free_port()) as generator:
            generator.wait_until_ready()
            time.sleep(0.2)
            generator.stop()
        logs = {name: (place / "logs" / name).read_text() for name in ("access.log", "error.log")}
        kept = all(text.startswith("a whole line\n") and "a torn li" not in text
                   for text in logs.values())
        warnings = [line for line in complaints(generator.system_log.read_text()) if "torn" in line]
    figures.holds("torn lines: cut off, and whole lines kept", kept, kept)
    figures.equal("torn lines: warnings in system.log", len(warnings), 3)


def broken_messages(generator):
    """The lines of error.log and system.log that are not whole messages."""
    return [line for log in ("error.log", "system.log") for line in lines(generator.directory / log)
            if not MESSAGE.fullmatch(line)]


def ends_whole(path):
    with open(path, "rb") as file:
        if not file.seek(0, 2):
            return True
        file.seek(-1, 2)
        return file.read() == b"\n"
