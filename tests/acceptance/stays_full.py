"""A disk that fills up and stays full. A run that has an end gives up, and counts the lines that it did not write."""

import json
import subprocess
import time

import disks
from generator import Generator, free_port, workplace

RATE = 20_000
SECONDS = 5
# The writer tries at least once a second, and for half a second more at the end.
LATE_SECONDS = 2.0
RETRY_SECONDS = 1.0


def measure(binary, figures):
    with workplace() as place:
        if refusal := disks.why_not_mounted(place):
            figures.not_run("disk that stays full: all of it", f"a tmpfs cannot be mounted here: {refusal}")
            return
    ends(binary, figures)
    flat_out(binary, figures)
    stopped(binary, figures)


def ends(binary, figures):
    """A live run of some seconds."""
    name = f"disk that stays full, --duration {SECONDS}s"
    with workplace() as place:
        generator = Generator(binary, place, "--duration", f"{SECONDS}s", rate=RATE, port=free_port())
        with disks.mounted(generator.directory), generator:
            generator.wait_until_ready()
            with disks.full(generator.directory / "somebody-elses"):
                status = generator.process.wait(60)
                took = time.monotonic() - generator.started
            judge(binary, generator, figures, name, status, RATE * SECONDS)
    figures.at_most(f"{name}: ended within", took, SECONDS + LATE_SECONDS, " s")


def flat_out(binary, figures):
    """A run that does not wait, on a disk that holds only a part of its lines."""
    lines = 100_000
    name = f"disk that stays full, --no-wait --lines {lines:,} --retry {RETRY_SECONDS:.0f}s"
    with workplace() as place:
        arguments = ("--no-wait", "--lines", lines, "--retry", f"{RETRY_SECONDS:.0f}s", "--from", "2026-03-01")
        generator = Generator(binary, place, *arguments, rate=RATE)
        with disks.mounted(generator.directory), generator:
            status = generator.process.wait(60)
            took = time.monotonic() - generator.started
            judge(binary, generator, figures, name, status, lines, exactly=True)
    figures.at_most(f"{name}: ended within", took, RETRY_SECONDS + LATE_SECONDS, " s")


def stopped(binary, figures):
    """A run without an end goes on until a signal stops it."""
    name = "disk that stays full, SIGTERM"
    with workplace() as place:
        generator = Generator(binary, place, rate=RATE, port=free_port(), output="burst_seconds: 30\n")
        with disks.mounted(generator.directory), generator:
            generator.wait_until_ready()
            with disks.full(generator.directory / "somebody-elses"):
                time.sleep(SECONDS)
                figures.holds(f"{name}: goes on until the signal", generator.process.poll() is None, "it runs")
                ran = time.monotonic() - generator.started
                status, took = generator.stop()
            judge(binary, generator, figures, name, status, RATE * ran)
    figures.at_most(f"{name}: ended within", took, LATE_SECONDS, " s")


def judge(binary, generator, figures, name, status, due, exactly=False):
    figures.equal(f"{name}: exit status", status, 1)
    record = json.loads((generator.directory / "run.json").read_text())
    written = generator.access_log.read_bytes().count(b"\n")
    left_out = sum(gap["lines"] for gap in record["gaps"])
    figures.equal(f"{name}: lines in run.json and in the file", record["lines"], written)
    figures.holds(f"{name}: run.json says that it ended, and why", record["ended"] and "failure" in record,
                  record.get("failure", "-")[-40:])
    # The measured end of a live run may be some hundredths of a second off.
    share = (written + left_out) / due
    figures.holds(f"{name}: {written:,} written and {left_out:,} left out, as a share of those due",
                  written + left_out == due if exactly else 0.95 < share < 1.05, f"{share:.4f}")
    left = sorted(path.name for path in generator.directory.glob(".run.json*"))
    figures.equal(f"{name}: temporary files of run.json that are left", left, [])
    told = [line for line in generator.said().splitlines() if "that were due" in line]
    figures.equal(f"{name}: messages about lines left out", len(told), 1)
    verified = subprocess.run([binary, "verify", "--run", generator.directory / "run.json", generator.access_log],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    figures.holds(f"{name}: verify finds everything that was written", verified.returncode == 0,
                  verified.stdout.splitlines()[0])
