"""Measures a release binary, row by row, and prints the medians in one table.

bench.py BINARY [ROW...]
"""

import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from statistics import median

import machine
from generator import Generator
from rows import ROUNDS, ROWS, missing
from shards import shards

ROWS["shards"] = shards
COLUMNS = ("what", "s", "lines/s", "ns/line", "MB/s", "processor ns/line", "MiB", "beside")
# The room for the largest row: ten million lines, and a copy of them.
ROOM = 6 << 30


class Bench:
    """The settings and the generator that the rows use."""

    def __init__(self, binary, place):
        self.quick = bool(os.environ.get("QUICK"))
        self.rounds = int(os.environ.get("ROUNDS") or (1 if self.quick else 5))
        self.place = place
        self.generator = Generator(binary, place)

    def lines(self, usual, quick):
        return quick if self.quick else usual


def main(binary, *rows):
    unknown = [row for row in rows if row not in ROWS]
    if unknown:
        raise SystemExit(f"no row {', '.join(unknown)}; there are {', '.join(ROWS)}")
    failed = False
    # SIGTERM raises KeyboardInterrupt, so that the files in memory are removed.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    place = Path(tempfile.mkdtemp(prefix="bench-", dir=os.environ.get("PLACE") or memory()))
    try:
        bench = Bench(binary, place)
        described = machine.describe(binary, place)
        print("\n".join(described), flush=True)
        warm_up(place, ROOM // 10 if bench.quick else ROOM)
        table = [COLUMNS]
        for row in rows or ROWS:
            print(row, flush=True)
            try:
                why = missing(row, binary)
                table += [left_out(row, f"not run: {why}")] if why else measure(bench, row)
            except (Exception, SystemExit) as error:
                # The other rows are still useful.
                table.append(left_out(row, f"FAILED: {error}"))
                failed = True
    finally:
        shutil.rmtree(place, ignore_errors=True)
    print("\n" + "\n".join(described) + "\n")
    print(markdown(table))
    return 1 if failed else 0


def left_out(row, why):
    print(f"  {row}: {why}", flush=True)
    return (f"{row}: {why}",) + ("",) * (len(COLUMNS) - 1)


def memory():
    """A directory in memory, if there is one with enough room."""
    shared = Path("/dev/shm")
    return shared if shared.is_dir() and shutil.disk_usage(shared).free > ROOM else None


def warm_up(place, room):
    """Uses this much room once, because a virtual machine's memory is slow on first use."""
    if shutil.disk_usage(place).free < room:
        raise SystemExit(f"{place} lacks room: {room >> 30} GiB are needed; PLACE names another directory")
    block = bytes(1 << 20)
    with open(place / "room", "wb", buffering=0) as file:
        for _ in range(room >> 20):
            file.write(block)
    (place / "room").unlink()


def measure(bench, row):
    """The lines of the table for a row. Its cases take turns in every round."""
    with ROWS[row](bench) as cases:
        found = {case.name: [] for case in cases}
        for _ in range(min(bench.rounds, ROUNDS.get(row, bench.rounds))):
            for case in cases:
                took = case.measure()
                found[case.name].append(took)
                print(f"  {case.name}: {figure(took.seconds)} s", flush=True)
        return [line(case, found) for case in cases]


def line(case, found):
    """A line of the table: the medians of a case, and of its ratio to another case in the same round."""
    runs = found[case.name]
    middle = lambda value: median([value(run) for run in runs])
    by_lines = [run.seconds / run.lines for run in runs]
    beside = compared(runs, found[case.beside], case.beside) if case.beside else ""
    first = runs[0]
    return (
        case.name + (f" ({first.note})" if first.note else ""),
        figure(middle(lambda run: run.seconds)),
        figure(1 / median(by_lines)),
        figure(median(by_lines) * 1e9),
        figure(middle(lambda run: run.size / run.seconds / 1e6)) if first.size else "",
        figure(middle(lambda run: run.processor / run.lines * 1e9)) if first.processor else "",
        figure(middle(lambda run: run.peak_mib)) if first.peak_mib else "",
        beside,
    )


def compared(runs, others, name):
    """The cost of a line as a multiple of its cost in the other case of the same round: by wall time, with the least and the
    most, and by processor time, which other programs disturb less."""
    def ratios(cost):
        return [cost(one) / one.lines / (cost(other) / other.lines)
                for one, other in zip(runs, others)]

    by_clock = ratios(lambda run: run.seconds)
    text = f"{median(by_clock):.2f}"
    if len(runs) > 1:
        text += f" ({min(by_clock):.2f} to {max(by_clock):.2f})"
    if runs[0].processor and others[0].processor:
        text += f", processor {median(ratios(lambda run: run.processor)):.2f}"
    return f"{text}, of {name}"


def figure(value):
    """Three digits, or all before the decimal point; empty for a value that is shorter than any run."""
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if value >= 1e-3 else ""


def markdown(table):
    widths = [max(len(row[column]) for row in table) for column in range(len(COLUMNS))]
    def cells(row):
        aligned = [cell.ljust(width) if column in (0, 7) else cell.rjust(width)
                   for column, (cell, width) in enumerate(zip(row, widths))]
        return "| " + " | ".join(aligned) + " |"
    rule = ["-" * (width + 2) if column in (0, 7) else "-" * (width + 1) + ":"
            for column, width in enumerate(widths)]
    return "\n".join([cells(table[0]), "|" + "|".join(rule) + "|"] + [cells(row) for row in table[1:]])


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
