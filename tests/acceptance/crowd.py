"""Many clients on the HTTP port. They must not delay others, use up memory or slow down the log."""

import socket
import threading
import time

from access_log import count_lines
from generator import Generator, free_port, workplace

RATE = 10_000
BURST_SECONDS = 2
IDLE, SLOW = 500, 50
SECONDS = 20
ANSWER_LIMIT_MS = 100
MEMORY_LIMIT_MIB = 32


def measure(binary, figures):
    with workplace() as place, Generator(binary, place, rate=RATE, port=free_port()) as generator:
        generator.wait_until_ready()
        time.sleep(3)
        memory, threads = generator.memory_mib(), generator.threads()
        with Crowd(generator.port) as crowd:
            answers = [answer_ms(generator) for _ in range(SECONDS * 5)]
            most_threads = generator.threads()
            gaps = generator.health()["gaps"]
        grown = generator.memory_mib() - memory
        status, _ = generator.stop()
        elapsed = time.monotonic() - generator.started
        lines = count_lines(generator.access_log)
    print(f"        {crowd.opened} connections in all; {threads} threads before, {most_threads} during "
          "them")
    name = f"{IDLE} idle and {SLOW} slow connections"
    # The server may close connections; the clients then come back.
    figures.equal(f"{name}: at all times", crowd.fewest, IDLE + SLOW)
    figures.at_most(f"{name}: slowest /health", max(answers), ANSWER_LIMIT_MS, " ms")
    figures.at_most(f"{name}: memory grows by", grown, MEMORY_LIMIT_MIB, " MiB")
    figures.at_most(f"{name}: |lines - rate x time|", round(abs(lines - RATE * elapsed)),
                    RATE * BURST_SECONDS + 1)
    figures.equal(f"{name}: gaps", gaps, 0)
    figures.equal(f"{name}: exit status", status, 0)


def answer_ms(generator):
    """How long an answer to /health takes. Asks at most every fifth of a second."""
    began = time.monotonic()
    try:
        status, _ = generator.ask("/health", timeout=5)
    except OSError:
        status = None
    took = 1000 * (time.monotonic() - began) if status == 200 else float("inf")
    time.sleep(max(0.0, began + 0.2 - time.monotonic()))
    return took


class Crowd:
    """Clients that only connect, and clients that send one byte of a request each second. A client that is
    disconnected comes back within a second."""

    def __init__(self, port):
        self.port, self.opened, self.fewest, self.over = port, 0, IDLE + SLOW, False
        self.idle, self.slow = [], []
        self.thread = threading.Thread(target=self.run)

    def __enter__(self):
        self.fill_up()
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over = True
        self.thread.join()
        for client in self.idle + self.slow:
            client.close()

    def run(self):
        while not self.over:
            self.idle = [client for client in self.idle if is_open(client)]
            self.slow = [client for client in self.slow if is_open(client) and sends_a_byte(client)]
            self.fill_up()
            if not self.over:
                self.fewest = min(self.fewest, len(self.idle) + len(self.slow))
            time.sleep(1)

    def fill_up(self):
        for clients, number in ((self.idle, IDLE), (self.slow, SLOW)):
            while len(clients) < number and not self.over:
                try:
                    clients.append(socket.create_connection(("127.0.0.1", self.port), timeout=2))
                    self.opened += 1
                except OSError:
                    # Refused or not accepted: it tries again a second later.
                    break


def is_open(client):
    """Whether the server has not closed the connection."""
    try:
        open_ = client.recv(1024, socket.MSG_DONTWAIT) != b""
    except BlockingIOError:
        open_ = True
    except OSError:
        open_ = False
    if not open_:
        client.close()
    return open_


def sends_a_byte(client):
    """One more byte of a request that never ends."""
    try:
        client.send(b"G")
        return True
    except OSError:
        client.close()
        return False
