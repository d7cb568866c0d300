"""The host's clock is set forward by hours and by years during a run, as NTP does on a board without a battery.
libfaketime sets it, only for this process."""

import glob
import json
import os
import re
import subprocess
import time
from datetime import datetime

from generator import Generator, free_port, workplace

LIBRARY = "/usr/lib/*/faketime/libfaketime.so.1"
# The generator passes over a span within a second; asking /health takes some time, too.
SILENT_SECONDS = 2.5
YEAR = 365 * 86_400
# Name, seconds, rate and epochs. The first span can be passed over, the others take too long.
JUMPS = (("20 s at 1,000 lines/s", 20, 1_000, 1), ("an hour at 100,000 lines/s", 3_600, 100_000, 2),
         ("a day at 20,000 lines/s", 86_400, 20_000, 2), ("ten years at 500 lines/s", 10 * YEAR, 500, 2))


def measure(binary, figures):
    for name, seconds, rate, epochs in JUMPS:
        with workplace(1 << 30) as place:
            jump(binary, place, figures, f"clock set forward by {name}", seconds, rate, epochs)


class Set(Generator):
    """A generator for which the host's clock can be set."""

    def __init__(self, binary, place, **settings):
        super().__init__(binary, place, **settings)
        self.clock = place / "clock"
        self.set(0)
        self.variables = {"LD_PRELOAD": library(), "FAKETIME_TIMESTAMP_FILE": str(self.clock), "FAKETIME_NO_CACHE": "1",
                          "DONT_FAKE_MONOTONIC": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}

    def set(self, seconds):
        new = self.clock.with_suffix(".new")
        new.write_text(f"+{seconds}s\n")
        new.rename(self.clock)

    def __enter__(self):
        kept = {name: os.environ.get(name) for name in self.variables}
        os.environ.update(self.variables)
        try:
            return super().__enter__()
        finally:
            for name, value in kept.items():
                os.environ.pop(name, None) if value is None else os.environ.update({name: value})


def library():
    [found] = glob.glob(LIBRARY)
    return found


def jump(binary, place, figures, name, seconds, rate, epochs):
    with Set(binary, place, rate=rate, port=free_port(), output="seed: 7\n") as generator:
        generator.wait_until_ready()
        time.sleep(1.0)
        generator.set(seconds)
        silent, unwell = watch(generator, seconds)
        time.sleep(1.0)
        health = generator.health()
        status, _ = generator.stop()
        said = generator.said()
    figures.at_most(f"{name}: longest time without a line", silent, SILENT_SECONDS, " s")
    figures.holds(f"{name}: /health is 200, or says that a span is passed over",
                  all("passed over" in reason for reasons in unwell for reason in reasons), f"{len(unwell)} times 503")
    figures.equal(f"{name}: gaps in /health", health["gaps"], 1)
    figures.equal(f"{name}: epochs in /health", health["epochs"], epochs)
    figures.holds(f"{name}: seconds left out", abs(health["gap_seconds"] - seconds) < 3, health["gap_seconds"])
    share = health["gap_lines"] / (health["gap_seconds"] * rate)
    figures.holds(f"{name}: lines left out, as a share of those of the span", 0.99 < share < 1.01, f"{share:.4f}")
    figures.equal(f"{name}: messages about a gap", len(re.findall(r" - WARNING - Gap: .* left out", said)), 1)
    figures.equal(f"{name}: status at the stop", status, 0)
    record = json.loads((generator.directory / "run.json").read_text())
    kept = [record, *record.get("earlier", [])]
    figures.equal(f"{name}: epochs in run.json", len(kept), epochs)
    logs = [str(path) for path in sorted(generator.directory.glob("access.log*"))]
    verified = subprocess.run([binary, "verify", "--run", generator.directory / "run.json", *logs],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    figures.holds(f"{name}: verify finds everything", verified.returncode == 0, verified.stdout.splitlines()[0])
    again = place / "again"
    subprocess.run([binary, "-q", "--repeat", generator.directory / "run.json", "--log-dir-override", again],
                   check=True)
    same = (generator.directory / "access.log").read_bytes() == (again / "access.log").read_bytes()
    figures.holds(f"{name}: --repeat writes the same bytes", same, same)


def watch(generator, seconds):
    """The longest time without a new line until the log has reached the new time, and the reasons of each 503."""
    target = time.time() + seconds - 2
    silent, unwell, lines, since = 0, [], None, time.monotonic()
    deadline = since + 60
    while time.monotonic() < deadline:
        code, health = generator.ask("/health")
        if code != 200:
            unwell.append(health["reasons"])
        if health["total_logs_generated"] != lines:
            silent = max(silent, time.monotonic() - since)
            lines, since = health["total_logs_generated"], time.monotonic()
        reached = health["simulated_time"]
        # fromisoformat does not take nanoseconds.
        reached = reached and datetime.fromisoformat(re.sub(r"(\.\d{1,6})\d*Z$|Z$", r"\1+00:00", reached)).timestamp()
        if reached and reached >= target:
            return silent, unwell
        time.sleep(0.01)
    return max(silent, time.monotonic() - since), unwell
