"""A log that other programs follow while it is written, and the stream that they should receive."""

import subprocess
import time
from contextlib import ExitStack
from datetime import UTC, datetime

from generator import Generator
from series import faults

RATE = 10_000
SEED = 11
# The wait ends once no line has come for this long.
PATIENCE = 5.0
# How long each is watched after it has everything, in case it receives a line twice.
AFTERWARDS = 1.0


class Followed:
    """The log of a live run, which consumers follow from its first line on; a context."""

    def __init__(self, binary, place, *kinds, output=""):
        self.binary, self.place, self.output = binary, place, output
        self.log = place / "logs" / "access.log"
        self.log.parent.mkdir()
        # mtail starts at the end of a file that did not exist when mtail was started.
        self.log.touch()
        self.consumers = [kind(place, self.log) for kind in kinds]

    def __enter__(self):
        with ExitStack() as contexts:
            for consumer in self.consumers:
                contexts.enter_context(consumer)
            for consumer in self.consumers:
                consumer.wait_until_it_follows()
            self.contexts = contexts.pop_all()
        return self

    def __exit__(self, *what):
        self.contexts.close()

    def generator(self, lines):
        """A run of this many lines, live from its first line on."""
        start = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        self.arguments = ("--seed", SEED, "--from", start, "--lines", lines)
        return Generator(self.binary, self.place, *self.arguments, rate=RATE, output=self.output)

    def sent(self):
        """The same stream, written without waiting, in a file that is not rotated."""
        place = self.place / "unrotated"
        place.mkdir()
        with Generator(self.binary, place, *self.arguments, rate=RATE) as generator:
            generator.finish()
        return generator.access_log.read_bytes()

    def wait_for(self, sent):
        """Waits until each has as much as was sent, or until nothing more comes; then waits a little for extra lines."""
        progress, since = None, time.monotonic()
        while not all(one.has(sent) for one in self.consumers):
            for consumer in self.consumers:
                consumer.must_run()
            before, progress = progress, [one.progress() for one in self.consumers]
            if progress != before:
                since = time.monotonic()
            elif time.monotonic() > since + PATIENCE:
                break
            time.sleep(0.1)
        time.sleep(AFTERWARDS)
        for consumer in self.consumers:
            consumer.end()

    def judge(self, figures, topic, sent, on_disk):
        """Every line must be there exactly once, whole and in order: on the disk, and in each consumer."""
        judge(figures, f"{topic}: the disk", sent, on_disk)
        for consumer in self.consumers:
            if not judge(figures, f"{topic}: {consumer.name}", sent, consumer.received()):
                print(f"        {consumer.name} says:\n{consumer.said()[-2000:]}")
            figures.equal(f"{topic}: {consumer.name}: exit status of verify",
                          self.verify(consumer.received()), 0)

    def verify(self, received):
        """The exit status of `verify` for what was received; prints its report if it fails."""
        command = [self.binary, "verify", "--run", self.log.with_name("run.json"), "-"]
        done = subprocess.run(command, input=received, capture_output=True)
        if done.returncode:
            print(done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace"))
        return done.returncode


def judge(figures, name, sent, received):
    wrong = faults(sent, received)
    figures.equal(f"{name}: lines", received.count(b"\n"), sent.count(b"\n"))
    figures.none(f"{name}: lost, doubled, torn or out of order", wrong)
    return not wrong
