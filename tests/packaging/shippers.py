"""The shippers of packaging/sidecars, started with the example configurations. Only what `AS_PASTED` lists is replaced:
directories, the address, and the port."""

import json
import os
import socket
import threading
import time

from consumer import Consumer
from generator import free_port
from shipped import ROOT, run

SIDECARS = ROOT / "packaging" / "sidecars"
FLUENT_BIT = ROOT / "target" / "packaging" / "fluent-bit"

# For each configuration: a text and its replacement, with the log directory, the shipper's own directory and a free port.
AS_PASTED = {
    "rsyslog/rsyslog.conf": (("/var/log/app", "{logs}"), ("/var/lib/rsyslog", "{place}"),
                             ("logs.example.com", "127.0.0.1"), ('"5140"', '"{port}"')),
    "fluent-bit/fluent-bit.conf": (("/var/log/app", "{logs}"), ("/var/lib/fluent-bit", "{place}")),
}


def fluent_bit():
    """The program: the one in FLUENT_BIT, or one built from source."""
    if "FLUENT_BIT" in os.environ:
        return os.environ["FLUENT_BIT"]
    return run(ROOT / "tests" / "packaging" / "fluent-bit", FLUENT_BIT).stdout.strip().splitlines()[-1]


class Shipper(Consumer):
    """A shipper with the configuration in `packaging/sidecars`."""

    configuration = None

    def __init__(self, place, log):
        super().__init__(place, log)
        self.port = free_port()

    def pasted(self):
        """The configuration after the replacements."""
        text = (SIDECARS / self.configuration).read_text()
        values = {"logs": self.log.parent, "place": self.place, "port": self.port}
        for there, here in AS_PASTED[self.configuration]:
            if there not in text:
                raise SystemExit(f"{self.configuration}: there is no {there}")
            text = text.replace(there, here.format(**values))
        file = self.place / self.configuration.rpartition("/")[2]
        file.write_text(text)
        return file

    def restart(self):
        """Stops it as users would, and starts it again."""
        self.end()
        self.__enter__()
        self.wait_until_it_follows()


class Rsyslog(Shipper):
    """rsyslogd, which sends to a port. A thread writes what arrives there to a file."""

    name, configuration = "rsyslog", "rsyslog/rsyslog.conf"

    def __init__(self, place, log):
        super().__init__(place, log)
        self.stands_still = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self.receive, daemon=True).start()

    def receive(self):
        with open(self.output, "ab", buffering=0) as output:
            while True:
                try:
                    connection, _ = self.listener.accept()
                except OSError:
                    return
                with connection:
                    while block := connection.recv(1 << 16):
                        while self.stands_still.is_set():
                            time.sleep(0.1)
                        output.write(block)

    def command(self):
        return ["rsyslogd", "-n", "-f", self.pasted(), "-i", self.place / "pid"]

    def __exit__(self, *what):
        super().__exit__(*what)
        self.listener.close()


class FluentBit(Shipper):
    """Fluent Bit, which writes JSON to standard output."""

    name, configuration = "fluent-bit", "fluent-bit/fluent-bit.conf"

    def command(self):
        return ["sh", "-c", 'exec "$0" -c "$1" >> "$2"', fluent_bit(), self.pasted(), self.output]

    def has(self, stream):
        return self.output.exists() and self.output.read_bytes().count(b"\n") >= stream.count(b"\n")

    def received(self):
        """The lines, without the JSON and the time of arrival around them."""
        lines = self.output.read_text().splitlines()
        return "".join(f"{json.loads(line)['log']}\n" for line in lines).encode()
