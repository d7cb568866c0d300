"""A disk of 8 MB that another process fills up and frees again while the generator runs at full speed."""

import random
import re
import time
from contextlib import contextmanager

import disks
from generator import Generator, complaints, free_port, workplace
from watched import Followed, compare

LOGS = ("access.log", "error.log")
RATE = 20_000
TIMES = 10
# On a busy machine, the followers may fail to see each file.
TRIES = 5
# Small files, so that they rotate five times a second, and few, so that they leave room.
ROTATION = "log_rotation: {{max_size_mb: 1, backup_count: 3, compress: {compress}}}\n"
MONITOR = "disk_monitor: {min_free_gb: 0.002, check_interval: 0.5}\n"
# Longer than a fill: delayed lines come later, and none is left out.
PATIENT = "burst_seconds: 30\n"
IMPATIENT = "burst_seconds: 2\n"

FULL_SECONDS, FREE_SECONDS, LONG_FULL_SECONDS = (0.1, 0.5), 0.4, 3.5
# The writer tries again after at most 1 s, and the disk watch checks twice a second.
NOTICED_LIMIT_SECONDS, RECOVERED_LIMIT_SECONDS = 0.5, 2.0
# If nothing has reached the log for this long, the disk counts as full.
STILL_SECONDS = 0.15
ASKED_EVERY = 0.02
# Random, but the same in every run, so that the writer's tries fall on different moments of a fill.
MOMENTS = random.Random(10)

CAUSES = ("No space left on device", "writing is paused: ")
SKIPPED = re.compile(r"the ([\d,]+) lines from \S+ to \S+ are left out")


def measure(binary, figures):
    with workplace() as place:
        if refusal := disks.why_not_mounted(place):
            figures.not_run("full disk: all of it", f"a tmpfs cannot be mounted here: {refusal}")
            return
    packed, plain = ROTATION.format(compress="true"), ROTATION.format(compress="false")
    ten_times(binary, PATIENT + packed, figures, "full disk")
    ten_times(binary, PATIENT + plain + MONITOR, figures, "full disk, watched")
    with workplace() as place:
        for_long(Disk(binary, place, IMPATIENT + packed), figures)


class Disk:
    """A generator on its own disk, with a process that follows each log."""

    def __init__(self, binary, place, output):
        self.binary, self.place, self.output = binary, place, output
        self.generator = Generator(binary, place, rate=RATE, port=free_port(), output=output)
        self.logs = [Followed(self.generator.directory, log, place / f"copy-of-{log}")
                     for log in LOGS]

    @contextmanager
    def running(self):
        with disks.mounted(self.generator.directory), self.logs[0], self.logs[1], self.generator:
            self.generator.wait_until_ready()
            yield self
            self.health = self.generator.health()
            self.generator.stop()
            for log in self.logs:
                log.finish()
            self.messages = self.generator.said()

    def full(self):
        return disks.full(self.generator.directory / "somebody-elses")

    def answers(self):
        """The status and the reasons of /health, and the status of /ready."""
        code, health = self.generator.ask("/health")
        return code, health.get("reasons", []), self.generator.ask("/ready")[0]

    def wait_for(self, code, limit):
        """The seconds until both answer with this status."""
        began = time.monotonic()
        while True:
            health, _, ready = self.answers()
            if (health, ready) == (code, code) or time.monotonic() > began + limit:
                return time.monotonic() - began
            time.sleep(0.005)

    def size(self):
        return self.logs[0].size()

    def ask_while_still(self, seconds):
        """The answers at moments when nothing had reached the log for a while, nor while the answer was made."""
        answers, size, since = [], self.size(), time.monotonic()
        end = since + STILL_SECONDS + seconds
        while time.monotonic() < end:
            answer, now = self.answers(), time.monotonic()
            if (grown := self.size()) != size:
                size, since = grown, now
            elif now - since > STILL_SECONDS:
                answers.append(answer)
            time.sleep(ASKED_EVERY)
        return answers

    def ask_while_moving(self, seconds):
        """The answers while lines reach the log, and how many bytes reached it."""
        answers, size, end = [], self.size(), time.monotonic() + seconds
        while time.monotonic() < end:
            answers.append(self.answers())
            time.sleep(ASKED_EVERY)
        return answers, self.size() - size

    def expected(self, lines):
        """The stream of this run, from an undisturbed run with the same seed and start."""
        arguments = ("--seed", self.health["seed"], "--from", self.health["start"], "--lines", lines)
        output = "".join(line for line in self.output.splitlines(True) if "burst" in line)
        with workplace(1 << 30) as place:
            with Generator(self.binary, place, *arguments, rate=RATE, output=output) as generator:
                generator.finish()
            return [(place / "logs" / log).read_bytes() for log in LOGS]

    def written(self):
        return [log.copy.read_bytes() for log in self.logs]

    def unseen(self):
        """How many files came and went unseen, because the followers had no processor time. Lines of these files are not
        in the copies, but were not lost."""
        rotations = int(re.search(r" - INFO - Files rotated: ([\d,]+),", self.messages)[1].replace(",", ""))
        return rotations + len(LOGS) - sum(log.files for log in self.logs)

    def missed(self):
        return [missed for log in self.logs for missed in log.missed]

    def said(self, level, text):
        """How many messages begin with this text."""
        return sum(f" - {level} - {text}" in line for line in self.messages.splitlines())

    def lines(self):
        """How many lines the generator reports to have written."""
        return int(re.search(r" - INFO - Stopped: ([\d,]+) lines", self.messages)[1].replace(",", ""))

    def most_ahead(self, seconds):
        """The most lines, according to /health, that any span of the next seconds had above the rate."""
        least, most, began = 0, 0, time.monotonic()
        first = None
        while (now := time.monotonic()) < began + seconds:
            written = self.generator.health()["total_logs_generated"]
            first = written if first is None else first
            surplus = written - first - RATE * (now - began)
            least = min(least, surplus)
            most = max(most, surplus - least)
            time.sleep(ASKED_EVERY)
        return round(most)


def ten_times(binary, output, figures, name):
    for attempt in range(TRIES):
        with workplace() as place:
            disk = Disk(binary, place, output)
            seen = fill_ten_times(disk)
            missed = [f"{disk.unseen()} files not seen"] * bool(disk.unseen()) + disk.missed()
            if not missed or attempt + 1 == TRIES:
                return judge(disk, seen, figures, name)
        print(f"  again {name}: the followers could not keep up: {', '.join(missed)}")


def fill_ten_times(disk):
    """What was observed during ten fills."""
    noticed, recovered, full, free, arrived = [], [], [], [], []
    with disk.running():
        for _ in range(TIMES):
            answers, size = disk.ask_while_moving(FREE_SECONDS)
            free += answers
            arrived.append(size)
            with disk.full():
                noticed.append(disk.wait_for(503, NOTICED_LIMIT_SECONDS))
                full.append(disk.ask_while_still(MOMENTS.uniform(*FULL_SECONDS)))
            recovered.append(disk.wait_for(200, RECOVERED_LIMIT_SECONDS))
        free += disk.ask_while_moving(FREE_SECONDS)[0]
    return noticed, recovered, full, free, arrived


def judge(disk, seen, figures, name):
    noticed, recovered, full, free, arrived = seen
    figures.equal(f"{name}: fills in which nothing reached the log", sum(map(bool, full)), TIMES)
    name = f"{name}, {TIMES} times"
    figures.at_most(f"{name}: longest until /health and /ready said 503", max(noticed),
                    NOTICED_LIMIT_SECONDS, " s")
    asked = sum(full, [])
    figures.none(f"{name}: of {len(asked)} answers while full, not 503 with a reason", lies(asked))
    figures.at_most(f"{name}: longest until both said 200 again", max(recovered),
                    RECOVERED_LIMIT_SECONDS, " s")
    figures.none(f"{name}: of {len(free)} answers while free, not 200",
                 (answer for answer in free if answer != (200, [], 200)))
    figures.holds(f"{name}: lines arrive in between", min(arrived) > 0, f"{min(arrived):,} bytes")
    messages(figures, name, disk, watched="disk_monitor" in disk.output)
    figures.equal(f"{name}: gaps", disk.said("WARNING", "Gap: "), 0)
    for log, written, expected in zip(LOGS, disk.written(), disk.expected(disk.lines())):
        compare(figures, f"{name}: {log}", written, expected)
    figures.none(f"{name}: what the follower missed", disk.missed())
    figures.equal(f"{name}: files that the follower did not see", disk.unseen(), 0)


def lies(answers):
    """The answers that fail to say that lines do not reach the disk, and why."""
    return (answer for answer in answers if (answer[0], answer[2]) != (503, 503)
            or not any(cause in reason for cause in CAUSES for reason in answer[1]))


def messages(figures, name, disk, watched):
    """The messages of the generator: each failure has one at its beginning and one at its end."""
    if watched:
        begun = disk.said("WARNING", "writing is paused: ")
        ended = disk.said("INFO", "Writing goes on: ")
        figures.holds(f"{name}: pauses, each with a warning", begun >= TIMES, begun)
        figures.equal(f"{name}: messages that writing goes on", ended, begun)
    else:
        begun = sum("; trying again until it works" in line
                    for line in complaints(disk.messages) if " - ERROR - " in line)
        ended = disk.said("INFO", "Writing works again after ")
        figures.holds(f"{name}: failures, each with an error", begun >= TIMES, begun)
        figures.equal(f"{name}: messages that writing works again", ended, begun)


def for_long(disk, figures):
    """A fill that lasts longer than the bucket can make up for leaves one gap, which the generator reports."""
    name = f"full disk for {LONG_FULL_SECONDS} s"
    with disk.running():
        disk.ask_while_moving(FREE_SECONDS)
        with disk.full():
            time.sleep(LONG_FULL_SECONDS)
        ahead = disk.most_ahead(RECOVERED_LIMIT_SECONDS + 2)
        health = disk.generator.health()
    figures.equal(f"{name}: gaps in /health", health["gaps"], 1)
    left_out = [int(found[1].replace(",", "")) for found in SKIPPED.finditer(disk.messages)]
    figures.equal(f"{name}: messages about a gap", len(left_out), 1)
    length, longest = health["gap_seconds"], LONG_FULL_SECONDS + RECOVERED_LIMIT_SECONDS
    figures.add(f"{name}: length of the gap", f"{length:.2f} s", f"{LONG_FULL_SECONDS} to {longest} s",
                LONG_FULL_SECONDS <= length <= longest)
    figures.at_most(f"{name}: lines ahead of the rate after it", ahead, 2 * RATE)
    left_out = sum(left_out)
    # In error.log, only the length of the gap is known, so its place is taken from the files.
    logs = zip(LOGS, disk.written(), disk.expected(disk.lines() + left_out))
    for log, written, expected in logs:
        without, lines = leave_out(written, expected)
        compare(figures, f"{name}: {log} without the gap", written, without)
        if log == "access.log":
            figures.equal(f"{name}: {log}, lines left out", lines, left_out)
    figures.none(f"{name}: what the follower missed", disk.missed())


def leave_out(written, expected):
    """The expected lines without the gap: as many as are missing are cut out at the first difference. And their number."""
    written_lines, expected_lines = written.splitlines(True), expected.splitlines(True)
    count = max(len(expected_lines) - len(written_lines), 0)
    pairs = enumerate(zip(written_lines, expected_lines))
    at = next((number for number, (one, other) in pairs if one != other), len(written_lines))
    return b"".join(expected_lines[:at] + expected_lines[at + count:]), count
