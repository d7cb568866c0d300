"""History: how soon it is written, and that it goes over into the live run without a step or a differing byte."""

import filecmp
import random
import re
import statistics
import subprocess
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from access_log import STAMP, blocks, count_and_check_order, moment
from generator import Generator, complaints, free_port, workplace

GUIDE = Path(__file__).parents[2] / "configs" / "guide.yaml"
PRE_WARMS = 5
READY_SECONDS = 0.5
MONTH_DAYS = 30
MONTH_COPIES = 5.0
SEAMS = 20
BURST_SECONDS = 2
LIVE_SECONDS = 2.5
START = re.compile(r"The stream has the seed (\d+) and starts at (\S+?)[.,] ")

# Random, but the same in every run, so that a miss can be reproduced.
RANDOM = random.Random(4)


def measure(binary, figures):
    pre_warm(binary, figures)
    not_ready(binary, figures)
    month(binary, figures)
    seams(binary, figures)


def guide(port, **changes):
    """The guide's configuration, unchanged except for its port and `changes`."""
    text = GUIDE.read_text().replace("port: 8080", f"port: {port}")
    for key, value in changes.items():
        text, found = re.subn(rf"^(  {key}:).*$", rf"\1 {value}", text, flags=re.M)
        assert found == 1, key
    return text


def pre_warm(binary, figures):
    """The guide's 24 hours at rate 10, from before the process is made until /ready says 200."""
    took = []
    for _ in range(PRE_WARMS):
        port = free_port()
        with workplace() as place:
            logs = ("--log-dir-override", place / "logs")
            with Generator(binary, place, *logs, port=port,
                           config=guide(port, pre_warm="true")) as generator:
                generator.wait_until_ready()
                took.append(time.monotonic() - generator.started)
                lines = generator.health()["total_logs_generated"]
                generator.stop()
    figures.holds("24 h of pre-warm at rate 10: lines", 380_000 < lines < 430_000, f"{lines:,}")
    figures.at_most(f"24 h of pre-warm at rate 10: ready, median of {PRE_WARMS}",
                    statistics.median(took), READY_SECONDS, " s")


def not_ready(binary, figures):
    """What /ready answers while an hour of 5,000 lines a second is written, and how much is written once it is 200."""
    history = 3600 * 5000
    with workplace(room=6 << 30) as place:
        with Generator(binary, place, rate=5000, port=free_port(), output="pre_warm: 1h") as generator:
            early = None
            while (answer := answered(generator)) is None or answer[0] != 200:
                early = answer or early
            written = generator.health()["total_logs_generated"]
            generator.stop()
        said = early and f"{early[0]}: {early[1].get('reason', '')[:60]}"
        figures.holds("ready: 503 while the history is written", early and early[0] == 503, said)
        figures.at_most("ready: lines of the history that are not written by then",
                        history - written, 5000 * BURST_SECONDS + 1)


def answered(generator):
    try:
        return generator.ask("/ready")
    except OSError:
        return None


def month(binary, figures):
    """The guide's traffic pattern at rate 100. Daily rotation with one rotated file kept makes it fit; every byte is still
    written. The limit is the time that `cp` needs for a day's file as often, since a machine's seconds say little of the
    program's."""
    with workplace(room=6 << 30) as place:
        output = 'log_rotation: {max_size_mb: 0, when: d, backup_count: 1, compress: false}'
        pattern = GUIDE.read_text().partition("traffic_patterns:")[2]
        arguments = ("--from", "2026-06-01T00:00:00Z", "--duration", f"{MONTH_DAYS}d", "--seed", 7)
        with Generator(binary, place, *arguments, rate=100, output=output,
                       sections=f"traffic_patterns:{pattern}") as generator:
            generator.finish()
            took = time.monotonic() - generator.started
        stopped = re.findall(r"Stopped: ([\d,]+) lines", generator.said())
        lines = int(stopped[-1].replace(",", "")) if stopped else 0
        copied = copying(next(generator.directory.glob("access.log-*")), MONTH_DAYS)
    figures.holds("30 days at rate 100: lines", 115_000_000 < lines < 130_000_000, f"{lines:,}")
    figures.at_most(f"30 days at rate 100: {took:.1f} s, as a multiple of copying as many bytes", took / copied, MONTH_COPIES)


def copying(file, times):
    """How many seconds it takes to copy a file so many times, each copy replacing the one before the last, as rotation does."""
    copies = [file.with_name("copy"), file.with_name("copy.1")]
    began = time.monotonic()
    for _ in range(times):
        copies[1].unlink(missing_ok=True)
        if copies[0].exists():
            copies[0].rename(copies[1])
        subprocess.run(["cp", "--reflink=never", file, copies[0]], check=True)
    return time.monotonic() - began


def seams(binary, figures):
    """Runs that write some history and then go live, compared with the same runs written flat out."""
    name = f"the seam, {SEAMS} times"
    backwards, future, apart, different, told, statuses = [], [], [], [], [], []
    history = 0
    for _ in range(SEAMS):
        rate, minutes = RANDOM.randint(100, 5000), RANDOM.randint(1, 20)
        with workplace() as place:
            with Generator(binary, place, rate=rate, port=free_port(),
                           output=f"pre_warm: {minutes}m") as generator:
                generator.wait_until_ready()
                history += generator.health()["total_logs_generated"]
                future += stamps_ahead(generator.access_log)
                statuses.append(generator.stop()[0])
            said = generator.said()
            told += complaints(said)
            seed, start = START.search(said).groups()
            lines, wrong = count_and_check_order(generator.access_log)
            backwards += wrong
            apart += off_the_rate(generator.access_log, start, rate)
            place = place / "again"
            place.mkdir()
            again = ("--seed", seed, "--from", start, "--lines", lines, "--no-wait")
            with Generator(binary, place, *again, rate=rate) as uninterrupted:
                uninterrupted.finish()
            if not filecmp.cmp(generator.access_log, uninterrupted.access_log, shallow=False):
                different.append(f"seed {seed}, start {start}, {lines} lines")
    print(f"        {name}: {history:,} lines of history")
    figures.none(f"{name}: stamps that go backwards", backwards)
    figures.none(f"{name}: stamps in the future", future)
    figures.none(f"{name}: seconds at which lines and rate x time differ by more than the bucket", apart)
    figures.none(f"{name}: runs that differ from the same run without waiting", different)
    figures.none(f"{name}: exit statuses other than 0", filter(None, statuses))
    figures.none(f"{name}: complaints", told)


def stamps_ahead(log):
    """Stamps that could be read before their second had begun, while the run was live."""
    ahead, end = [], time.monotonic() + LIVE_SECONDS
    with open(log, "rb") as file:
        file.seek(0, 2)
        while time.monotonic() < end:
            found = STAMP.findall(file.read())
            now = datetime.now(UTC)
            ahead += [f"{stamp.decode()} at {now}" for stamp in found[-1:] if moment(stamp) > now]
            time.sleep(0.002)
    return ahead


def off_the_rate(log, start, rate):
    """The seconds at whose end there are more or fewer lines than the bucket allows. Leaves out the last second, which is
    not over."""
    counts = Counter()
    for block in blocks(log):
        counts.update(STAMP.findall(block))
    written, wrong = 0, []
    start = datetime.fromisoformat(start)
    last = max(map(moment, counts))
    for stamp, count in sorted(counts.items(), key=lambda item: moment(item[0])):
        written += count
        over = moment(stamp) + timedelta(seconds=1)
        expected = rate * (over - start).total_seconds()
        if moment(stamp) < last and abs(written - expected) > rate * BURST_SECONDS + 1:
            wrong.append(f"{written} lines by {over}, expected {expected:.0f} at rate {rate}")
    return wrong
