"""The generator under test: a process, its log directory, and what can be seen of it from outside."""

import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

# Variables that would change the measurement.
OURS = ("RUST_LOG", "LOG_DIR_OVERRIDE", "RATE_OVERRIDE", "PORT_OVERRIDE", "DESTINATION_OVERRIDE",
        "LOG_GENERATOR_CONFIG_YAML_B64", "LOG_GENERATOR_CONFIG_YAML", "LOG_GENERATOR_CONFIG_PATH")


@contextmanager
def workplace(room=0, on_disk=False):
    """An empty directory, in memory if there are `room` bytes; removed at the end.

    Unlike memory, a disk's file system gives the inode number of a removed file to a new one, and some programs
    identify files by that number.
    """
    memory = Path("/dev/shm")
    in_memory = (not on_disk and memory.is_dir()
                 and shutil.disk_usage(memory).free > max(room, 1 << 30))
    path = Path(tempfile.mkdtemp(prefix="acceptance-", dir=memory if in_memory else None))
    try:
        if shutil.disk_usage(path).free < room:
            raise SystemExit(f"{path} lacks room: {room >> 30} GiB are needed")
        if in_memory and room > 1 << 30:
            touch(path / "room", room)
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def touch(path, room):
    """Writes a file of this size and removes it, because a virtual machine's memory may be slow on first use, which would
    spoil the measurement."""
    block = bytes(1 << 20)
    with open(path, "wb", buffering=0) as file:
        for _ in range(room >> 20):
            file.write(block)
    path.unlink()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Generator:
    """A generator with its own configuration; a context, so that it never outlives its test.

    `output` has more lines for the section `output`, and `sections` is YAML to follow that section.
    """

    def __init__(self, binary, place, *arguments, rate=10, port=None, output="", sections="",
                 config=None):
        self.binary, self.arguments = binary, [str(argument) for argument in arguments]
        self.directory = place / "logs"
        self.port = port
        health = f"{{enabled: true, address: 127.0.0.1, port: {port}}}" if port else "{enabled: false}"
        self.config = place / "config.yaml"
        self.config.write_text(config or (
            f"output:\n  directory: {self.directory}\n  rate: {rate}\n  health_check: {health}\n"
            + "".join(f"  {line}\n" for line in output.splitlines()) + sections))
        self.stderr = place / "stderr"
        self.process = None

    def __enter__(self):
        environment = {name: value for name, value in os.environ.items() if name not in OURS}
        with open(self.stderr, "ab") as stderr:
            self.started = time.monotonic()
            self.process = subprocess.Popen(
                [self.binary, *self.arguments, self.config], stdin=subprocess.DEVNULL,
                stdout=stderr, stderr=stderr, env=environment, cwd=self.config.parent)
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    @property
    def access_log(self):
        return self.directory / "access.log"

    @property
    def system_log(self):
        return self.directory / "system.log"

    def ask(self, path, timeout=2):
        """The status and the body of an answer; OSError when there is none."""
        url = f"http://127.0.0.1:{self.port}{path}"
        try:
            with urllib.request.urlopen(url, timeout=timeout) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as answer:
            return answer.code, json.load(answer)

    def health(self):
        return self.ask("/health")[1]

    def wait_until_ready(self, patience=10, path="/ready"):
        """Waits until a path answers 200. A run that does not wait for the clock is never /ready."""
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise SystemExit(f"the generator ended by itself:\n{self.said()}")
            try:
                if self.ask(path)[0] == 200:
                    return
            except OSError:
                pass
            time.sleep(0.002)
        raise SystemExit(f"the generator was not ready after {patience} s:\n{self.said()}")

    def said(self):
        """Everything on standard output and standard error."""
        return self.stderr.read_text(errors="replace")

    def stop(self, number=signal.SIGTERM, patience=10):
        """Sends a signal; returns the exit status and how many seconds the end took."""
        sent = time.monotonic()
        self.process.send_signal(number)
        status = self.process.wait(patience)
        return status, time.monotonic() - sent

    def finish(self, patience=300):
        """Waits for a run that ends by itself; its exit status must be 0."""
        if status := self.process.wait(patience):
            raise SystemExit(f"the generator ended with status {status}:\n{self.said()}")

    def processor_seconds(self):
        """Processor time of all threads, by the scheduler's clock in nanoseconds. The ticks of /proc/PID/stat are only
        samples, and fifteen of them in half a minute are too few."""
        threads = Path(f"/proc/{self.process.pid}/task").glob("*/schedstat")
        return sum(int(thread.read_text().split()[0]) for thread in threads) / 1e9

    def memory_mib(self, field="VmHWM"):
        return memory_mib(self.process.pid, field)

    def threads(self):
        return len(os.listdir(f"/proc/{self.process.pid}/task"))


def memory_mib(pid, field="VmHWM"):
    """`VmHWM`, the peak resident size, or `VmRSS`, the current one; 0 for a process that has ended."""
    status = Path(f"/proc/{pid}/status").read_text()
    kib = [line.split()[1] for line in status.splitlines() if line.startswith(field + ":")]
    return int(kib[0]) / 1024 if kib else 0


def complaints(text):
    """The lines of a system log or of standard error with the level WARNING or above."""
    return [line for line in text.splitlines()
            if any(f" - {level} - " in line for level in ("WARNING", "ERROR", "CRITICAL"))]
