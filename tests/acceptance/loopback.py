"""What the real servers have in common: one process that listens on loopback and logs to a file."""

import subprocess
from pathlib import Path

from generator import free_port
from raw_http import exchange, logged, wait_for_port


class LoopbackServer:
    """A running server; a context, so that it never outlives its test. `place` is an empty directory."""

    def __init__(self, place):
        self.place, self.port, self.sent = Path(place), free_port(), 0
        self.log = self.place / "access.log"
        self.place.chmod(0o711)  # The server may read files as a user without rights.
        self.process = None

    def command(self):
        """The command line that starts the server in the foreground."""
        raise NotImplementedError

    def __enter__(self):
        self.process = subprocess.Popen(self.command(), stdin=subprocess.DEVNULL)
        wait_for_port(self.port, self.process)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def send(self, raw):
        """Sends the bytes of one request, and returns the answer."""
        self.sent += 1
        return exchange(self.port, raw)

    def lines(self):
        """What the server logged, a line for each request."""
        return logged(self.log, self.sent)
