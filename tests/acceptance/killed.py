"""kill -9 at random moments while files are rotated and compressed, again and again in one directory. All files together
must be what the runs have written, one run after the other."""

import http.client
import os
import random
import re
import signal
import subprocess
import time
from dataclasses import dataclass, field

import watched
from generator import Generator, complaints, free_port, workplace
from stopping import ends_whole

TIMES = 50
RATE = 100_000
LOGS = ("access.log", "error.log")
ROTATION = "log_rotation: {max_size_mb: 0.5, backup_count: 100000, compress: true}\n"
# Half of the runs are live, and the compressor keeps up. The others write the past as fast as they can, so that the
# compressor falls behind; and their lines are older than the lines in the directory.
PAST = ("--from", "2024-03-01T08:59:00Z")
LONGEST_SECONDS = {(): 0.4, PAST: 0.1}
SETTLED_LIMIT_SECONDS = 60
# The last run has a low rate, so that the compressor has the machine to itself.
LAST_RATE = 1000
# The files have more lines than the last answer of /health counted. The test first assumes this many seconds of lines
# more; if there are still more, it makes a longer stream.
UNCOUNTED_SECONDS = 0.2
ROOM = 2 << 30
BLOCK = 1 << 16

# Random, but the same in every run, so that a miss can be reproduced.
MOMENTS = random.Random(50)
START = re.compile(r"The stream has the seed \d+ and starts at (\S+?)[.,] ")


@dataclass
class Run:
    """One run, after its end."""

    seed: int
    rate: int
    said: str
    # Lines of access.log in the last answer of /health; 0 if it did not answer yet.
    counted: int
    # Whole lines of each log that are in the files.
    found: dict = field(default_factory=dict)

    @property
    def start(self):
        """None if the run was killed before its stream started, when it had not touched a file."""
        start = START.search(self.said)
        return start and start[1]


def measure(binary, figures):
    runs, broken, untold, torn, unfinished = [], [], [], 0, 0
    name = f"kill -9 while rotating, {TIMES} times"
    with workplace(ROOM) as place:
        directory, archives = place / "logs", Archives(place / "logs")
        for number in range(TIMES):
            were_torn = torn_logs(directory)
            runs.append(run_and_kill(binary, place, number))
            if runs[-1].start:
                warned = " ".join(complaints(runs[-1].said))
                untold += [log for log in were_torn if "torn last line" not in warned
                           or f"/{log}" not in warned]
            torn += len(torn_logs(directory))
            unfinished += sum(name.endswith(".unfinished") for name in os.listdir(directory))
            broken += archives.broken_new_ones()
        rotated = sum(len(watched.rotated(directory, log)) for log in LOGS)
        runs.append(settle(binary, place, figures, name))
        leftovers = [name for name in os.listdir(directory)
                     if ".log-" in name and not name.endswith(".gz") or ".unfinished" in name]
        broken += Archives(directory).broken_new_ones()
        written = {log: watched.whole(directory, log) for log in LOGS}
    print(f"        {name}: {rotated} rotated files, {unfinished} unfinished archives, {torn} torn lines")
    figures.holds(f"{name}: kills during a compression", unfinished > 0, unfinished)
    figures.none(f"{name}: archives that fail gzip -t", broken)
    figures.none(f"{name}: files left plain or unfinished at the end", leftovers)
    figures.none(f"{name}: torn lines that were not reported", untold)
    account(binary, figures, name, runs, written)


def run_and_kill(binary, place, number):
    past = PAST if number % 2 else ()
    with generator(binary, place, number, *past) as victim:
        time.sleep(MOMENTS.uniform(0, LONGEST_SECONDS[past]))
        counted = lines_by_health(victim)
        victim.stop(signal.SIGKILL)
    return ended(victim, number, RATE, counted)


def settle(binary, place, figures, name):
    """The last run repairs and compresses everything, and is then stopped."""
    with generator(binary, place, TIMES, rate=LAST_RATE) as last:
        last.wait_until_ready()
        began = time.monotonic()
        while plain_files(last.directory) and time.monotonic() < began + SETTLED_LIMIT_SECONDS:
            time.sleep(0.1)
        took = time.monotonic() - began
        counted = lines_by_health(last)
        status, _ = last.stop()
    figures.at_most(f"{name}: until everything is compressed", took, SETTLED_LIMIT_SECONDS, " s")
    figures.equal(f"{name}: exit status of the last run", status, 0)
    return ended(last, TIMES, LAST_RATE, counted)


def plain_files(directory):
    return [name for log in LOGS for _, name in watched.rotated(directory, log)
            if not name.endswith(".gz")]


def generator(binary, place, seed, *arguments, rate=RATE):
    return Generator(binary, place, "--seed", seed, *arguments, rate=rate, port=free_port(),
                     output=ROTATION)


def ended(victim, seed, rate, counted):
    said = victim.said()
    victim.stderr.unlink()
    return Run(seed, rate, said, counted)


def lines_by_health(victim):
    try:
        return victim.health()["total_logs_generated"]
    except (OSError, ValueError, http.client.HTTPException):
        return 0


def torn_logs(directory):
    return [log for log in LOGS
            if (directory / log).exists() and not ends_whole(directory / log)]


class Archives:
    """The archives of a directory; each is tested once."""

    def __init__(self, directory):
        self.directory, self.tested = directory, set()

    def broken_new_ones(self):
        names = {name for name in os.listdir(self.directory) if name.endswith(".gz")} - self.tested
        self.tested |= names
        if not names:
            return []
        done = subprocess.run(["gzip", "-t", *sorted(names)], cwd=self.directory,
                              capture_output=True, text=True)
        return done.stderr.splitlines() or ["gzip -t failed"] * bool(done.returncode)


def account(binary, figures, name, runs, written):
    """Finds what each run has written: the beginning of its stream, right after that of the run before. If a line is torn,
    lost or doubled, some bytes belong to no run."""
    position = dict.fromkeys(LOGS, 0)
    for run in runs:
        if run.start:
            beginnings = beginnings_of(binary, run, written, position)
            for log, length in beginnings.items():
                run.found[log] = written[log].count(b"\n", position[log], position[log] + length)
                position[log] += length
    for log in LOGS:
        rest = written[log][position[log]:]
        if rest:
            print(f"        {log}: at byte {position[log]} no run goes on with {rest[:300]!r}")
        lines = written[log].count(b"\n")
        figures.equal(f"{name}: {log}, bytes after gapless beginnings of each run's stream, of "
                      f"{lines:,} lines", len(rest), 0)
    written_runs = [run for run in runs if run.found.get("access.log")]
    figures.holds(f"{name}: runs with lines", len(written_runs) > TIMES / 2, len(written_runs))
    missing = [f"seed {run.seed}: {run.counted} counted, {run.found.get('access.log', 0)} found"
               for run in runs if run.counted > run.found.get("access.log", 0)]
    figures.none(f"{name}: runs with fewer lines than /health had counted", missing)


def beginnings_of(binary, run, written, position):
    """How many bytes of each log, from `position` on, are whole lines of the run's stream."""
    lines = run.counted + round(run.rate * UNCOUNTED_SECONDS)
    while True:
        stream = stream_of(binary, run, lines)
        beginnings = {log: beginning(written[log], position[log], stream[log]) for log in LOGS}
        if any(stream[log] and beginnings[log] == len(stream[log]) for log in LOGS):
            lines *= 4
        else:
            return beginnings


def stream_of(binary, run, lines):
    """The stream of a run, from an undisturbed run."""
    arguments = ("--seed", run.seed, "--from", run.start, "--lines", lines)
    with workplace() as place:
        with Generator(binary, place, *arguments, rate=run.rate) as undisturbed:
            undisturbed.finish()
        return {log: (undisturbed.directory / log).read_bytes() for log in LOGS}


def beginning(written, position, stream):
    """The length of their common beginning, cut to whole lines."""
    same = 0
    while same < len(stream):
        one, other = (text[at + same:at + same + BLOCK]
                      for text, at in ((written, position), (stream, 0)))
        if one != other:
            same += len(os.path.commonprefix([one, other]))
            break
        same += len(one)
    return stream.rfind(b"\n", 0, same) + 1
