"""A process from its start to its end: how long it took, what it used, and what was seen of it."""

import os
import subprocess
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

# Memory is looked at this often. What it was at its highest, the system itself remembers; the last
# look is this old at the end.
INTERVAL = 0.01


@dataclass
class Took:
    """What a process took, or a part of it."""

    seconds: float
    lines: int = 0
    size: int = 0
    processor: float = None
    peak_mib: float = None
    note: str = ""
    looks: list = field(default_factory=list, repr=False)


def run(command, look=None, consumer=None, end_of_input=None, **options):
    """Runs a command to its end, which must be a good one; says what it took and printed.

    `look` is called with the process's id every now and then, and what it returns is kept. With a `consumer`, a process that reads what the command writes, the clock stops when that
    has ended, too; `end_of_input` lets go of whatever keeps it waiting.
    """
    began = time.perf_counter()
    process = subprocess.Popen(list(map(str, command)), stdin=subprocess.DEVNULL,
                               **{"stdout": subprocess.PIPE, **options})
    watch = Watch(process.pid, look)
    watch.start()
    printed = process.stdout.read() if process.stdout else b""
    _, status, usage = os.wait4(process.pid, 0)
    if consumer:
        end_of_input()
        status = status or consumer.wait()
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    watch.end()
    if process.returncode:
        raise SystemExit(f"{' '.join(map(str, command))}: status {process.returncode}")
    took = Took(seconds, processor=usage.ru_utime + usage.ru_stime, peak_mib=watch.peak_mib,
                looks=watch.looks)
    return took, printed.decode()


class Watch(threading.Thread):
    """Looks at a process until it is told that it has ended."""

    def __init__(self, pid, look):
        super().__init__(daemon=True)
        self.pid, self.look = pid, look
        self.peak_mib, self.looks = 0, []
        self.ended = threading.Event()

    def run(self):
        while not self.ended.wait(INTERVAL):
            # A process that has ended has none.
            if seen := memory_mib(self.pid, "VmHWM"):
                self.peak_mib = seen
            if self.look:
                try:
                    self.looks.append(self.look(self.pid))
                except OSError:
                    continue

    def end(self):
        self.ended.set()
        self.join()


def memory_mib(pid, name):
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return None
    found = [line.split()[1] for line in status.splitlines() if line.startswith(name + ":")]
    return int(found[0]) / 1024 if found else None
