"""The rate, what it costs, and how late lines are."""

import time

from access_log import count_and_check_order, moment, STAMP
from generator import Generator, free_port, workplace
from machine import slowness, waking

SECONDS = 30
BURST_SECONDS = 2
BYTES_PER_LINE = 320

# Lines a second, and their limits: share of a core in per cent, peak memory in MiB.
RATES = [
    (0.5, None, None),
    (10, None, None),
    (100, 0.5, 12),
    (1_000, 1.0, None),
    (100_000, 40.0, 80),
    (1_000_000, None, 512),
]

# The processor time is measured up to this many times, until it is low enough: other programs, and other guests of
# the host, can only add to it.
SHARE_RUNS = 3

# At a low rate three threads wake each other for each batch, and that is all there is to it. Waking costs what the machine
# makes it cost, so the limit is at least this many times what it costs processes that do nothing else.
BATCHES_A_SECOND = 25
WAKING_LIMIT = 3

LATENESS_RATES = [1_000, 100_000]
LATENESS_SECONDS = 12
LATENESS_LIMIT_MS = 50


def measure(binary, figures):
    for rate, share_limit, memory_limit in RATES:
        shares = []
        while not shares or (share_limit and min(shares) > share_limit and len(shares) < SHARE_RUNS):
            with workplace(rate * SECONDS * BYTES_PER_LINE) as place:
                shares.append(run(binary, figures, place, rate, memory_limit))
        name = f"{rate:,} lines/s: of one core"
        if share_limit:
            limit = max(share_limit * slowness(), WAKING_LIMIT * waking(BATCHES_A_SECOND))
            figures.at_most(name, min(shares), limit, " %")
        else:
            print(f"        {name}: {shares[0]:.2f} %")
    for rate in LATENESS_RATES:
        with workplace() as place:
            lateness(binary, figures, place, rate)


def run(binary, figures, place, rate, memory_limit):
    """A live run of 30 s of wall time; its lines are counted after it has ended. Returns its share of one core, in per
    cent."""
    name = f"{rate:,} lines/s"
    with Generator(binary, place, rate=rate, port=free_port()) as generator:
        end = generator.started + SECONDS
        # Ask shortly before the end, so that the end is on time.
        sleep_until(end - 0.2)
        health = generator.health()
        memory = generator.memory_mib()
        busy, measured_at = generator.processor_seconds(), time.monotonic()
        sleep_until(end)
        status, _ = generator.stop(patience=60)
    lines, backwards = count_and_check_order(generator.access_log)
    figures.equal(f"{name}: exit status", status, 0)
    figures.at_most(f"{name}: |lines - rate x {SECONDS}|", abs(lines - rate * SECONDS),
                    rate * BURST_SECONDS + 1)
    figures.equal(f"{name}: gaps", health["gaps"], 0)
    figures.none(f"{name}: stamps that go backwards", backwards)
    if memory_limit:
        figures.at_most(f"{name}: memory", memory, memory_limit, " MiB")
    else:
        print(f"        {name}: {memory:.1f} MiB")
    return 100 * busy / (measured_at - generator.started)


def sleep_until(deadline):
    time.sleep(max(0.0, deadline - time.monotonic()))


def lateness(binary, figures, place, rate):
    """The longest time from the beginning of a second until its first line could be read.

    Reads the file a thousand times a second, and keeps only the last stamp.
    """
    with Generator(binary, place, rate=rate, port=free_port()) as generator:
        generator.wait_until_ready()
        latest = []
        with open(generator.access_log, "rb") as log:
            last, end = None, time.monotonic() + LATENESS_SECONDS
            while time.monotonic() < end:
                chunk, now = log.read(), time.time()
                stamps = STAMP.findall(chunk[-4096:])
                if stamps and stamps[-1] != last:
                    # Before the first change, the beginning of the second is unknown.
                    if last:
                        latest.append(1000 * (now - moment(stamps[-1]).timestamp()))
                    last = stamps[-1]
                time.sleep(0.001)
        generator.stop()
    name = f"{rate:,} lines/s: a line is in the file after"
    figures.holds(f"{name}: seconds observed", len(latest) >= LATENESS_SECONDS - 3, len(latest))
    figures.at_most(name, max(latest, default=float("inf")), LATENESS_LIMIT_MS * slowness(), " ms")
