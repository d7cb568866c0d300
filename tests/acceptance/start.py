"""The start: how soon the first line is written, and that a refused start touches nothing."""

import os
import signal
import socket
import statistics
import subprocess
import time

from generator import Generator, free_port, workplace
from machine import slowness

STARTS = 15
FIRST_LINE_MS = 50


def measure(binary, figures):
    times = [first_line_ms(binary) for _ in range(STARTS)]
    print(f"        first line: {min(times):.1f} to {max(times):.1f} ms in {STARTS} starts")
    figures.at_most("start to first line, median", statistics.median(times), FIRST_LINE_MS * slowness(), " ms")
    taken_port(binary, figures)
    second_instance(binary, figures)
    second_signal(binary, figures)


def first_line_ms(binary):
    """From before the process is made until access.log is no longer empty."""
    with workplace() as place, Generator(binary, place, rate=1000, port=free_port()) as generator:
        while True:
            try:
                if os.stat(generator.access_log).st_size > 0:
                    return 1000 * (time.monotonic() - generator.started)
            except FileNotFoundError:
                pass
            if generator.process.poll() is not None or time.monotonic() > generator.started + 10:
                raise SystemExit(f"no line within 10 s:\n{generator.said()}")
            time.sleep(0.0002)


def taken_port(binary, figures):
    with workplace() as place, socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with Generator(binary, place, port=port) as generator:
            status = wait(generator)
        figures.equal("port taken: exit status", status, 1)
        figures.equal("port taken: files touched", len(list(place.glob("logs*"))), 0)
        names(figures, "port taken: the message names it", generator, str(port))


def second_instance(binary, figures):
    with workplace() as place, Generator(binary, place, port=free_port()) as first:
        first.wait_until_ready()
        files = {path: path.stat().st_mtime_ns for path in first.directory.glob(".*")}
        other = place / "other"
        other.mkdir()
        arguments = ("--log-dir-override", first.directory)
        with Generator(binary, other, *arguments, port=free_port()) as second:
            status = wait(second)
        figures.equal("second instance: exit status", status, 1)
        names(figures, "second instance: the message names the first", second,
              f"(pid {first.process.pid})")
        after = {path: path.stat().st_mtime_ns for path in first.directory.glob(".*")}
        figures.holds("second instance: the lock is untouched", files == after and files,
                      f"{len(files)} file")
        figures.equal("second instance: exit status of the first", first.stop()[0], 0)


def second_signal(binary, figures):
    """A pipe whose reader has stopped reading, so that the first signal cannot end the run."""
    with workplace() as place:
        (place / "logs").mkdir()
        fifo = place / "logs" / "access.log"
        os.mkfifo(fifo)
        reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
        with Generator(binary, place, rate=100_000, port=free_port()) as generator:
            time.sleep(1)
            generator.process.send_signal(signal.SIGTERM)
            time.sleep(0.5)
            held = generator.process.poll() is None
            figures.holds("second signal: the first is held up by a pipe", held, held)
            status, took = generator.stop(signal.SIGINT)
        os.close(reader)
        figures.equal("second signal: exit status", status, 130)
        figures.at_most("second signal: end after", took, 1.0, " s")


def wait(generator):
    try:
        return generator.process.wait(10)
    except subprocess.TimeoutExpired:
        return "still running after 10 s"


def names(figures, what, generator, name):
    """Whether the last message contains this name."""
    said = (generator.said().strip().splitlines() or ["nothing was said"])[-1]
    print(f"        {said}")
    figures.holds(what, name in said, name if name in said else said)
