"""Programs by other people that follow log files. Each follows the log, and the test reads what it received."""

import json
import signal
import subprocess
import time
import urllib.request
from pathlib import Path

from generator import free_port

HERE = Path(__file__).parent

# How long a consumer may take to open the log, and to end.
PATIENCE = 20


class Consumer:
    """A process that follows the log and writes what it receives to its own file; a context."""

    name = None

    def __init__(self, place, log):
        self.log = log
        self.place = place / self.name
        self.place.mkdir()
        self.output = self.place / "received"
        self.messages = self.place / "messages"
        self.process = None

    def command(self):
        raise NotImplementedError

    def __enter__(self):
        with open(self.messages, "ab") as messages:
            self.process = subprocess.Popen(self.command(), stdin=subprocess.DEVNULL,
                                            stdout=messages, stderr=messages, cwd=self.place)
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    def wait_until_it_follows(self):
        deadline = time.monotonic() + PATIENCE
        while not self.has_opened_the_log():
            self.must_run()
            if time.monotonic() > deadline:
                raise SystemExit(f"{self.name} does not open the log:\n{self.said()}")
            time.sleep(0.01)

    def has_opened_the_log(self):
        for descriptor in Path(f"/proc/{self.process.pid}/fd").glob("*"):
            try:
                if descriptor.samefile(self.log):
                    return True
            except OSError:
                pass
        return False

    def must_run(self):
        if self.process.poll() is not None:
            raise SystemExit(f"{self.name} ended by itself:\n{self.said()}")

    def said(self):
        return self.messages.read_text(errors="replace")

    def progress(self):
        """Bytes received so far."""
        try:
            return self.output.stat().st_size
        except FileNotFoundError:
            return 0

    def has(self, stream):
        """Whether it has received as much as is in `stream`."""
        return self.progress() >= len(stream)

    def end(self):
        """Stops it as users would."""
        self.must_run()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(PATIENCE)

    def received(self):
        """Everything that it received, once it has ended."""
        return self.output.read_bytes()


class Rsyslogd(Consumer):
    """rsyslogd with imfile, with its own configuration, state and pid file, and without the system log."""

    name = "rsyslogd"

    def command(self):
        configuration = self.place / "rsyslog.conf"
        configuration.write_text(
            f'global(workDirectory="{self.place}" maxMessageSize="64k")\n'
            # With a second worker, lines could overtake older ones.
            'main_queue(queue.workerThreads="1")\n'
            'module(load="imfile" mode="inotify")\n'
            'template(name="line" type="string" string="%msg%\\n")\n'
            f'ruleset(name="received") {{ action(type="omfile" template="line" file="{self.output}") }}\n'
            f'input(type="imfile" file="{self.log}" tag="access" ruleset="received")\n'
            # The messages of rsyslogd itself.
            f'action(type="omfile" file="{self.messages}")\n')
        return ["rsyslogd", "-n", "-f", configuration, "-i", self.place / "pid"]


class Tail(Consumer):
    """tail of the GNU core utilities."""

    name = "tail"

    def command(self):
        return ["sh", "-c", 'exec tail -n +1 -F "$0" > "$1"', self.log, self.output]


class TailFile(Consumer):
    """@logdna/tail-file in a program that writes what it receives to a file."""

    name = "tail-file"

    def command(self):
        return ["node", HERE / "tail_file.js", self.log, self.output]


class Mtail(Consumer):
    """mtail, with a counter for each line that it reads, in the order in which the lines came.

    It has a bug that this test cannot work around: if it looks for the log in the microseconds between the rename and the
    new file, it skips what the new file holds when it looks again. This happens in about one of ten thousand rotations.
    mtail then logs that its source no longer exists.
    """

    name = "mtail"

    def command(self):
        programs = self.place / "programs"
        programs.mkdir()
        (programs / "received.mtail").write_text(
            "counter received by line\n/^(?P<line>.*)$/ {\n  received[$line]++\n}\n")
        self.port, self.lines = free_port(), []
        return ["mtail", "-progs", programs, "-logs", self.log,
                "-logtostderr", "-vmodule", "filestream=2",
                "-address", "127.0.0.1", "-port", str(self.port)]

    def said(self):
        """Its messages, without one for each read."""
        return "".join(message for message in super().said().splitlines(keepends=True)
                       if "filestream.go" not in message or "no longer exists" in message)

    def ask(self, path):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=60) as answer:
            return json.load(answer)

    def progress(self):
        """Lines received so far."""
        return int(self.ask("/debug/vars")["lines_total"])

    def has(self, stream):
        return self.progress() >= stream.count(b"\n")

    def end(self):
        [received] = [metric for metric in self.ask("/json") if metric["Name"] == "received"]
        for line in received["LabelValues"]:
            # A line that came twice follows its first copy, so it counts as doubled.
            self.lines += [line["Labels"][0]] * line["Value"]["Value"]
        super().end()

    def received(self):
        return "".join(f"{line}\n" for line in self.lines).encode()
