"""Proof of delivery: `verify` finds each fault of a received log and nothing else, and reports which lines a kill -9
has cost."""

import json
import random
import signal
import subprocess
import time
from collections import Counter

from access_log import STAMP, count_lines, lines, moment
from generator import Generator, memory_mib, workplace

LINES = 2_000_000
FAULTS = 1_000
FILES = 7
START = "2026-03-01T00:00:00Z"
MEMORY_MIB = 256
MEMORY_LINES = 10_000_000
KILL_RATE = 20_000
KILLS = 5

# Random, but the same in every run, so that a miss can be reproduced.
RANDOM = random.Random(11)


def measure(binary, figures):
    memory(binary, figures)
    faults(binary, figures)
    kills(binary, figures)
    lost_end(binary, figures)


def verify(binary, run, received, *options):
    """The exit status, the report and the peak memory in MiB."""
    command = [binary, "verify", "--run", run, "--format", "json", *map(str, options), *received]
    # Not with wait4(2): its peak includes the memory of the process that forked this one.
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        peak, out = 0, None
        while out is None:
            # A process that has ended has no memory.
            peak = max(peak, memory_mib(process.pid))
            try:
                out, err = process.communicate(timeout=0.01)
            except subprocess.TimeoutExpired:
                pass
    if process.returncode not in (0, 1) or not out:
        raise SystemExit(f"verify ended with status {process.returncode}:\n{err.decode()}")
    return process.returncode, json.loads(out), peak


def all_there(binary, figures, name, run, received, expected, *options):
    """Verifies a log of one run, in which nothing should be wrong."""
    status, report, _ = verify(binary, run, received, *options)
    [found] = [run["found"] for run in report["runs"] if run["found"]]
    figures.equal(f"{name}: verify finds everything", status, 0)
    figures.equal(f"{name}: lines that verify expected", found["expected"], expected)
    figures.equal(f"{name}: lines that verify found", found["received"], expected)


def written(binary, place, number, *arguments, **settings):
    """The log directory of a run that does not wait."""
    arguments = ("--from", START, "--lines", number, "--seed", 3, "--no-wait", *arguments)
    with Generator(binary, place, *arguments, rate=50_000, **settings) as generator:
        generator.finish()
    return generator.directory


def faults(binary, figures):
    """A log with a thousand faults of all kinds, cut into files that are passed in random order."""
    name = f"verify, {FAULTS:,} faults in {LINES:,} lines"
    with workplace(room=3 << 30) as place:
        directory = written(binary, place, LINES)
        log = list(lines(directory / "access.log"))
        received, expected = damaged(log)
        files = []
        for number in range(FILES):
            part = received[number * len(received) // FILES:(number + 1) * len(received) // FILES]
            files.append(place / f"received-{number}")
            files[-1].write_bytes(b"".join(line + b"\n" for line in part))
        RANDOM.shuffle(files)
        status, report, _ = verify(binary, directory / "run.json", files, "--show", 2 * FAULTS)
    [found] = [run["found"] for run in report["runs"]]
    figures.equal(f"{name}: exit status", status, 1)
    figures.equal(f"{name}: expected lines", found["expected"], LINES)
    for kind in ("missing", "doubled", "out_of_order", "altered"):
        named = Counter(number for shown in found[kind]["first"]
                        for number in range(shown["number"], shown["number"] + shown["lines"]))
        wrong = (named - expected[kind]) + (expected[kind] - named)
        figures.equal(f"{name}: {kind}", found[kind]["lines"], expected[kind].total())
        figures.none(f"{name}: {kind}, wrong numbers", wrong.elements())
    texts = Counter(shown["received"].encode() for shown in report["foreign"]["first"])
    figures.equal(f"{name}: foreign", report["foreign"]["lines"], expected["foreign"].total())
    figures.none(f"{name}: foreign, wrong texts", (texts - expected["foreign"]).elements())


def damaged(log):
    """The lines with faults at random places, and what verify has to report."""
    expected = {kind: Counter()
                for kind in ("missing", "doubled", "out_of_order", "altered", "foreign")}
    received, before = [], {}
    # Some lines apart, so that two faults cannot look like a third.
    places = sorted(place * 4 + 1 for place in RANDOM.sample(range(len(log) // 4 - 1), FAULTS))
    for place in places:
        before[place] = RANDOM.choice(("dropped", "doubled", "swapped", "altered", "foreign"))
    skipped = -1
    for index, line in enumerate(log):
        fault = before.get(index)
        if fault == "dropped":
            expected["missing"][index + 1] += 1
        elif fault == "doubled":
            expected["doubled"][index + 1] += 1
            received += [line, line]
        elif fault == "swapped":
            received += [log[index + 1], line]
            expected["out_of_order"][index + 1] += 1
            skipped = index + 1
        elif fault == "altered":
            at = RANDOM.randrange(len(line))
            received.append(line[:at] + bytes([line[at] ^ 1]) + line[at + 1:])
            expected["altered"][index + 1] += 1
        elif fault == "foreign":
            foreign = b"nobody wrote %d" % index
            received += [foreign, line]
            expected["foreign"][foreign] += 1
        elif index != skipped:
            received.append(line)
    return received, expected


def memory(binary, figures):
    with workplace(room=6 << 30) as place:
        directory = written(binary, place, MEMORY_LINES)
        began = time.monotonic()
        status, _, peak = verify(binary, directory / "run.json", [directory / "access.log"])
        took = time.monotonic() - began
    print(f"        verify: {MEMORY_LINES / took / 1e6:.1f} million lines/s")
    figures.equal(f"verify, {MEMORY_LINES:,} lines: exit status", status, 0)
    figures.at_most(f"verify, {MEMORY_LINES:,} lines: memory", peak, MEMORY_MIB, " MiB")


def kills(binary, figures):
    """Runs in one directory, all but the last killed. verify tells them apart and counts exactly the lines that each
    wrote."""
    name = f"kill -9 and restart, {KILLS} times"
    with workplace(room=1 << 30) as place:
        log, ends = None, [0]
        for number in range(KILLS):
            with Generator(binary, place, rate=KILL_RATE) as victim:
                log = victim.access_log
                wait_for_lines(log, ends[-1], RANDOM.randrange(1, 3 * KILL_RATE // 2))
                victim.stop(signal.SIGKILL)
            ends.append(count_lines(log))
        with Generator(binary, place, "--lines", KILL_RATE, rate=KILL_RATE) as last:
            last.finish()
        ends.append(count_lines(log))
        status, report, _ = verify(binary, last.directory / "run.json", [log])
        wrong = []
        runs = report["runs"]
        for run, later, begin, end in zip(runs, [*runs[1:], None], ends, ends[1:]):
            found = run["found"]
            if (found["expected"], found["received"]) != (end - begin, end - begin):
                wrong.append(f"{end - begin} lines are there: {found}")
            if later and found["unwritten"] != cost(binary, place, run, later, end - begin):
                wrong.append(f"the cost is {cost(binary, place, run, later, end - begin)}: {found}")
    figures.equal(f"{name}: exit status of verify", status, 0)
    figures.equal(f"{name}: runs that it tells apart", len(runs), KILLS + 1)
    figures.none(f"{name}: runs with a wrong report", wrong)


def wait_for_lines(log, before, number):
    while not log.exists() or count_lines(log) < before + number:
        time.sleep(0.001)


def cost(binary, place, run, later, number):
    """What a kill has cost: the lines of the stream after the last written one, up to the start of the next run."""
    place = place / f"cost-{run['seed']}"
    place.mkdir(exist_ok=True)
    arguments = ("--seed", run["seed"], "--from", run["start"], "--until", later["start"])
    with Generator(binary, place, *arguments, "--no-wait", rate=KILL_RATE) as generator:
        generator.finish()
    stream = list(lines(generator.access_log))
    generator.access_log.unlink()
    if len(stream) <= number:
        return None
    return {"number": number + 1, "lines": len(stream) - number, "at_least": False,
            "from": second(stream[number]), "until": run_start(later), "file": None, "line": None}


def second(line):
    return moment(STAMP.search(line)[1]).strftime("%Y-%m-%dT%H:%M:%SZ")


def run_start(run):
    return run["start"][:19] + "Z"


def lost_end(binary, figures):
    """After a power failure, lines that run.json counts may be lost: they are missing."""
    name = "lines lost in a power failure"
    with workplace() as place:
        with Generator(binary, place, rate=KILL_RATE) as victim:
            wait_for_lines(victim.access_log, 0, KILL_RATE * 3 // 2)
            victim.stop(signal.SIGKILL)
        kept = list(lines(victim.access_log))[:KILL_RATE // 4]
        victim.access_log.write_bytes(b"".join(line + b"\n" for line in kept))
        recorded = json.loads((victim.directory / "run.json").read_text())["lines"]
        with Generator(binary, place, "--lines", 1000, rate=KILL_RATE) as last:
            last.finish()
        status, report, _ = verify(binary, last.directory / "run.json", [last.access_log])
    found = report["runs"][0]["found"]
    figures.equal(f"{name}: exit status of verify", status, 1)
    figures.equal(f"{name}: missing", found["missing"]["lines"], recorded - len(kept))
    figures.equal(f"{name}: the first of them", found["missing"]["first"][0]["number"], len(kept) + 1)
    figures.equal(f"{name}: the last run's missing", report["runs"][1]["found"]["missing"]["lines"], 0)
