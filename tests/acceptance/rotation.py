"""Rotation: how long it holds up the writer, what it costs, and which files a month leaves when the clocks change."""

import statistics
import time
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from generator import Generator, free_port, workplace

START = "2026-01-01T00:00:00Z"
GIB = 1 << 30
# Each zone with the two months of 2025 in which its clocks change. Lord Howe changes them by half an hour.
ZONES = {
    "America/New_York": ("2025-03-01", "2025-11-01"),
    "Europe/London": ("2025-03-01", "2025-10-01"),
    "Australia/Lord_Howe": ("2025-04-01", "2025-10-01"),
}
MONTH = timedelta(days=31)

# How often each kind is run at the least, and at the most.
LEAST_TURNS, MOST_TURNS = 6, 24


def measure(binary, figures):
    pauses(binary, figures)
    throughput(binary, figures)
    for zone, months in ZONES.items():
        for month in months:
            names(binary, figures, zone, month)


def pauses(binary, figures):
    """The writer's own histogram, while the compressor works."""
    for size, rotations, limit in ((1024, 8, 5.0), (4, 1000, None)):
        rotation = f"log_rotation: {{max_size_mb: {size}, backup_count: 2, compress: true}}\n"
        with workplace(room=6 * GIB) as place:
            with Generator(binary, place, "--from", START, "--seed", 7, rate=100_000,
                           output=rotation, port=free_port()) as generator:
                deadline = time.monotonic() + 120
                health = {"rotations": 0}
                while health["rotations"] < rotations and time.monotonic() < deadline:
                    time.sleep(0.1)
                    try:
                        health = generator.health()
                    except OSError:
                        pass
                generator.stop()
        pause = {name: 1000 * value for name, value in health["rotation_pause_seconds"].items()}
        what = f"rotation: the writer's pause at {size} MiB with gzip, {health['rotations']} times"
        if limit:
            figures.at_most(f"{what}, longest", pause["max"], limit, " ms")
        figures.holds(f"{what}, p50, p99 and longest",
                      0 < pause["p50"] <= pause["p99"] <= pause["max"],
                      " ".join(f"{pause[name]:.2f} ms" for name in ("p50", "p99", "max")))


def throughput(binary, figures):
    """Flat out to a file in memory, with and without rotation in turn. The machine has fast and slow spells, and
    other guests of the host can only add to a run's time: the shortest run of each kind counts, and a ratio that is
    too low is measured on."""
    lines = 8_000_000
    kinds = {False: "",
             True: "log_rotation: {max_size_mb: 100, backup_count: 100, compress: false}\n"}
    seconds = {False: [], True: []}
    ratio = 0
    for turn in range(MOST_TURNS):
        if turn >= LEAST_TURNS and ratio >= 0.95:
            break
        for rotates in (False, True) if turn % 2 else (True, False):
            with workplace(room=3 * GIB) as place:
                with Generator(binary, place, "--from", START, "--seed", 7, "--lines", lines,
                               rate=100_000, output=kinds[rotates]) as generator:
                    generator.finish()
                    seconds[rotates].append(time.monotonic() - generator.started)
                files = len(list(generator.directory.glob("access.log*")))
                figures.holds("rotation: files of 100 MiB", (files > 15) == rotates, files)
        # What rotation truly costs shows in the best run and in the middle one; a spell shows in one of them.
        ratio = max(kind(seconds[False]) / kind(seconds[True]) for kind in (min, statistics.median))
    spread = " and ".join(f"{min(times):.2f} to {max(times):.2f} s" for times in seconds.values())
    figures.holds("rotation: throughput with a rotation every 100 MiB, as a share of that without, best or median",
                  ratio >= 0.95, f"{ratio:.3f} ({spread}), >= 0.95")


def names(binary, figures, zone, month):
    """The names and lines of every file of a month, compared with those made from a run without rotation and Python's own
    time zone data."""
    start = datetime.fromisoformat(month).replace(tzinfo=ZoneInfo(zone))
    whole = month_of(binary, zone, start, "")["access.log"]
    for when in ("h", "d", "w0"):
        rotation = f"log_rotation: {{when: {when}, backup_count: 1000, compress: false}}\n"
        found = month_of(binary, zone, start, rotation)
        expected = expected_files(whole, ZoneInfo(zone), when)
        differ = [name for name in found.keys() | expected.keys()
                  if found.get(name) != expected.get(name)]
        figures.none(f"rotation: {zone}, {month[:7]}, {when}: of {len(expected)} files, wrong ones",
                     sorted(differ))


def month_of(binary, zone, start, rotation):
    """The files of access.log and their lines."""
    output = f"timezone: {zone}\n{rotation}"
    with workplace() as place:
        with Generator(binary, place, "--from", start.isoformat(), "--seed", 7, "--duration",
                       f"{MONTH.days}d", rate=0.02, output=output) as generator:
            generator.finish()
        return {path.name: path.read_text().splitlines()
                for path in generator.directory.glob("access.log*")}


def expected_files(lines, zone, when):
    files, active, last_stamp, number = {}, [], "", 0
    end = None
    for line in [*lines, None]:
        time = line and time_of(line)
        if active and (line is None or time >= end):
            stamp = time_of(active[0]).astimezone(zone).strftime("%Y%m%dT%H%M%S")
            if line is None:
                files["access.log"] = active
                break
            # Names sort by age, even when the clocks go back.
            number = number + 1 if stamp <= last_stamp else 0
            last_stamp = max(stamp, last_stamp)
            files[f"access.log-{last_stamp}" + (f".{number:03}" if number else "")] = active
            active = []
        if not active:
            end = end_of_period(time, zone, when)
        active.append(line)
    return files


def time_of(line):
    stamp = line[line.index("[") + 1:line.index("]")]
    return datetime.strptime(stamp, "%d/%b/%Y:%H:%M:%S %z").astimezone(timezone.utc)


def end_of_period(time, zone, when):
    """The first half hour after `time` at which the zone's clocks begin another hour, day or week. All offsets of these
    zones are multiples of half an hour."""
    step = timedelta(minutes=30)
    instant = datetime.fromtimestamp(time.timestamp() // 1800 * 1800, timezone.utc)
    while True:
        instant += step
        now = instant.astimezone(zone)
        before = (instant - timedelta(seconds=1)).astimezone(zone)
        if when == "h" and (now.minute == 0 or now.hour != before.hour):
            return instant
        if now.date() != before.date() and (when == "d" or when == "w0" and now.weekday() == 0):
            return instant
