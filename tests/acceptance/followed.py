"""A log that others follow while it is written, and the stream that they should have received."""

import subprocess
import time
from contextlib import ExitStack
from datetime import UTC, datetime

from generator import Generator
from series import faults

RATE = 10_000
SEED = 11
# How long nothing must have come before no more is waited for.
PATIENCE = 5.0
# How long each is still watched once it has everything: it may yet get something twice.
AFTERWARDS = 1.0


class Followed:
    """The log of a live run, which consumers follow from before its first line; a context."""

    def __init__(self, binary, place, *kinds, output=""):
        self.binary, self.place, self.output = binary, place, output
        self.log = place / "logs" / "access.log"
        self.log.parent.mkdir()
        # mtail begins at the end of a file that was not there when it was started.
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
        """A run of that many lines, which is live from its first."""
        start = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        self.arguments = ("--seed", SEED, "--from", start, "--lines", lines)
        return Generator(self.binary, self.place, *self.arguments, rate=RATE, output=self.output)

    def sent(self):
        """The same stream, now history and not waited for, in a file that nobody rotates."""
        place = self.place / "unrotated"
        place.mkdir()
        with Generator(self.binary, place, *self.arguments, rate=RATE) as generator:
            generator.finish()
        return generator.access_log.read_bytes()

    def wait_for(self, sent):
        """Until each has as much as was sent, or nothing comes any more; and then whether more does."""
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
        """Every line exactly once, whole and in order: on the disk, and with each that followed."""
        judge(figures, f"{topic}: the disk", sent, on_disk)
        for consumer in self.consumers:
            if not judge(figures, f"{topic}: {consumer.name}", sent, consumer.received()):
                print(f"        {consumer.name} says:\n{consumer.said()[-2000:]}")
            figures.equal(f"{topic}: {consumer.name}: exit status of verify",
                          self.verify(consumer.received()), 0)

    def verify(self, received):
        """What the generator itself says of what was received; the reasons are printed."""
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
