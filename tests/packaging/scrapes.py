"""Scrapes of /metrics: read, recorded as Prometheus records them, and replayed by promtool, its own tool."""

import json
import re
import threading
import time
import urllib.request

from shipped import run

JOB = "access-log-generator"
# Seconds from one scrape of a recording to the next. Prometheus asks more seldom, which can be replayed, too.
INTERVAL = 1
# What counters did in so many seconds at the end, they go on doing.
LATELY = 8
COUNTER = re.compile(r"^\w+_(total|bucket|sum|count)\b")


def scrape(port, timeout=2):
    """The text of one; OSError when there is none."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=timeout) as answer:
        return answer.read().decode()


def samples(text):
    """Each series, as it stands there, with its value; those that are there twice as well."""
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return [(line.rsplit(" ", 1)[0], float(line.rsplit(" ", 1)[1])) for line in lines]


def values(port):
    """The value of each series now, without the prefix of our own."""
    return {series.removeprefix("access_log_generator_"): value for series, value in samples(scrape(port))}


class Recording:
    """What a generator answers, second by second, while the context lasts; `None` where it did not."""

    def __init__(self, port):
        self.port, self.scrapes, self.over = port, [], threading.Event()
        self.thread = threading.Thread(target=self.record, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()

    def record(self):
        due = time.monotonic()
        while not self.over.wait(max(due - time.monotonic(), 0)):
            try:
                self.scrapes.append(dict(samples(scrape(self.port, INTERVAL * 0.9))))
            except OSError:
                self.scrapes.append(None)
            due += INTERVAL

    def input_series(self, until, moving=(), every=1):
        """For promtool: the recorded values and `up`, and then up to `until` (seconds) gauges as they stood and
        counters as they went, and as these do the gauges in `moving`. Of all that, `every` so many-th scrape."""
        more = max(until // INTERVAL - len(self.scrapes), every)
        names = sorted({series for seen in self.scrapes if seen for series in seen})
        ups = [float(seen is not None) for seen in self.scrapes]
        rows = [(f'up{{job="{JOB}",instance="{self.instance}"}}', notation(ups, more, 0, every))]
        for series in names:
            found = [seen.get(series) if seen else None for seen in self.scrapes]
            moves = COUNTER.match(series) or series in moving
            rows.append((self.labelled(series), notation(found, more, slope(found) if moves else 0, every)))
        return [{"series": series, "values": text} for series, text in rows]

    @property
    def instance(self):
        return f"127.0.0.1:{self.port}"

    def labelled(self, series):
        name, _, labels = series.rstrip("}").partition("{")
        return f'{name}{{{labels + "," if labels else ""}job="{JOB}",instance="{self.instance}"}}'


def slope(found):
    """By how much it rose per interval in the end."""
    last = [value for value in found[-LATELY - 1:] if value is not None]
    return (last[-1] - last[0]) / (len(last) - 1) if len(last) > 1 else 0


def notation(found, more, step, every):
    """Each so many-th of the values as promtool reads them, and of `more` of them. What was there and is not any
    more is stale."""
    words, before, last = [], None, found[-1]
    recorded = found[::every]
    for value in (*recorded, last):
        words.append(number(value) if value is not None else "_" if before is None else "stale")
        before = value
    # The last word stands for the first scrape after the recording: so far behind its last one.
    ahead = len(recorded) * every - len(found) + 1
    times = (more - ahead) // every
    if last is None:
        words.append(f"_x{times}")
    else:
        sign = "-" if step < 0 else "+"
        words[-1] = f"{number(last + step * ahead)}{sign}{number(abs(step * every))}x{times}"
    return " ".join(words)


def number(value):
    return f"{value:.9f}".rstrip("0").rstrip(".")


def promtool(place, rules, series, every=1, **checks):
    """Whether what `promtool test rules` checks holds, and what it says."""
    file = place / "test.json"
    test = {"interval": f"{every * INTERVAL}s", "input_series": series, **checks}
    # JSON is YAML as well.
    file.write_text(json.dumps({"rule_files": [str(rules)], "evaluation_interval": "15s", "tests": [test]}))
    done = run("promtool", "test", "rules", file, check=False)
    return done.returncode == 0, done.stdout
