"""Runs a process from start to end, and measures its time, its resources and what is seen of it meanwhile."""

import os
import subprocess
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

# How often the memory is read. The system itself keeps the peak; the last reading is at most this old at the end.
INTERVAL = 0.01


@dataclass
class Took:
    """The cost of a process, or of a part of it."""

    seconds: float
    lines: int = 0
    size: int = 0
    processor: float = None
    peak_mib: float = None
    note: str = ""
    looks: list = field(default_factory=list, repr=False)


def run(command, look=None, consumer=None, end_of_input=None, **options):
    """Runs a command to its end; its status must be 0. Returns its cost and what it printed.

    Calls `look` with the process id at intervals, and keeps what it returns. If there is a `consumer`, a process that
    reads what the command writes, the time ends when the consumer has ended, too; `end_of_input` lets it end.
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
    """Looks at a process until `end` is called."""

    def __init__(self, pid, look):
        super().__init__(daemon=True)
        self.pid, self.look = pid, look
        self.peak_mib, self.looks = 0, []
        self.ended = threading.Event()

    def run(self):
        while not self.ended.wait(INTERVAL):
            # A process that has ended has no memory.
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
