"""What can happen to a generator, and the alerts that have to fire then."""

import os
import signal
import threading
import time
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Callable

import disks
import scrapes
from generator import Generator, free_port, workplace

FREE = "access_log_generator_disk_free_bytes"
LONG_AGO = ("--from", "2016-03-01")


def after(seconds, act=lambda generator: None, then=0.0):
    """Does something to the generator after some seconds, and records for some more seconds."""
    def happens(generator):
        time.sleep(seconds)
        act(generator)
        time.sleep(then)
    return happens


def stop(generator):
    generator.process.send_signal(signal.SIGSTOP)


def hold_up(generator):
    """Stops the process for longer than the bucket can make up for."""
    stop(generator)
    time.sleep(4)
    generator.process.send_signal(signal.SIGCONT)


def kill(generator):
    generator.process.kill()


def restart(generator):
    """Four restarts, each as after a crash."""
    for _ in range(4):
        kill(generator)
        generator.process.wait()
        time.sleep(1)
        generator.__enter__()
        time.sleep(2)


def fill_up(generator):
    """Another program takes all the room on the disk."""
    with disks.full(generator.directory / "somebody-elses"):
        time.sleep(12)


def disk(megabytes):
    """The logs have their own disk."""
    return lambda logs: disks.mounted(logs, megabytes)


@contextmanager
def to_nowhere(logs):
    """The logs are links to /dev/null."""
    logs.mkdir()
    for log in ("access.log", "error.log"):
        (logs / log).symlink_to("/dev/null")
    yield


def pipe(bytes_per_second):
    """access.log is a pipe with a reader of this speed; error.log is a link to /dev/null."""
    @contextmanager
    def around(logs):
        logs.mkdir()
        os.mkfifo(logs / "access.log")
        (logs / "error.log").symlink_to("/dev/null")
        # Opening a pipe for reading and writing does not wait.
        end, over = os.open(logs / "access.log", os.O_RDWR), threading.Event()
        reader = threading.Thread(target=sip, args=(end, bytes_per_second, over), daemon=True)
        reader.start()
        try:
            yield
        finally:
            over.set()
            reader.join()
            os.close(end)
    return around


def sip(end, bytes_per_second, over):
    os.set_blocking(end, False)
    while not over.wait(0.1):
        try:
            os.read(end, bytes_per_second // 10)
        except BlockingIOError:
            pass


@dataclass
class Scenario:
    """A run, what happens to it, and the alerts that have to fire, without the prefix of their names."""

    name: str
    alerts: set
    happens: Callable
    rate: float = 10
    output: str = ""
    arguments: tuple = ()
    # A context for the log directory, around the run.
    around: Callable = lambda logs: nullcontext()
    # Gauges that keep their slope when the recording is continued.
    moving: tuple = ()
    # When the texts of the alerts are read, in minutes; all of them fire then.
    minute: int = 40

    def record(self, binary):
        with workplace() as place:
            generator = Generator(binary, place, *self.arguments, rate=self.rate, port=free_port(),
                                  output=self.output)
            with self.around(generator.directory), generator:
                generator.wait_until_ready(path="/health")
                with scrapes.Recording(generator.port) as recording:
                    self.happens(generator)
                # The disk can only be unmounted once the process is gone.
                generator.process.kill()
                generator.process.wait()
            return recording


SCENARIOS = (
    Scenario("healthy, 10 lines/s", set(), after(20)),
    Scenario("healthy, 0.1 lines/s", set(), after(45), rate=0.1),
    # No line comes for as long as any rule waits.
    Scenario("healthy, a line in three hours", set(), after(10), rate=0.0001),
    Scenario("healthy, 20,000 lines/s, rotated", set(), after(15), rate=20_000,
             output="log_rotation: {max_size_mb: 1, backup_count: 3, compress: true}"),
    Scenario("history, --no-wait", set(), after(12), 1000, arguments=(*LONG_AGO, "--no-wait"),
             around=to_nowhere),
    Scenario("history, before a live run", set(), after(12), 1000, arguments=LONG_AGO, around=to_nowhere),
    Scenario("a full disk", {"Unhealthy", "WriteErrors", "DiskFull"}, after(5, fill_up), 1000, around=disk(8)),
    Scenario("a disk that fills up", {"DiskFilling"}, after(20), 2000, around=disk(4096), moving=(FREE,)),
    Scenario("a reader that stands still", {"Stalled", "Unhealthy"}, after(20), 1000, around=pipe(0)),
    Scenario("a reader that stands still, in history", {"Stalled", "Unhealthy"}, after(20), 1000, arguments=LONG_AGO,
             around=pipe(0)),
    Scenario("a reader that is too slow", {"FallingBehind"}, after(25), 4000, output="burst_seconds: 3600",
             around=pipe(400_000)),
    Scenario("a gap: SIGSTOP, SIGCONT after 4 s", {"Gap"}, after(5, hold_up, 12), minute=5),
    Scenario("a dead writer: SIGSTOP", {"Down"}, after(5, stop, 5)),
    Scenario("killed and restarted, four times", {"Restarting"}, after(3, restart), minute=5),
    Scenario("a dead writer: kill -9", {"Down"}, after(5, kill, 5)),
)
