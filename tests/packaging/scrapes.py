"""Reads /metrics, records it as Prometheus does, and replays it with promtool, Prometheus' own tool."""

import json
import re
import threading
import time
import urllib.request

from shipped import run

JOB = "access-log-generator"
# Seconds between two scrapes of a recording. Prometheus scrapes less often, which can be replayed, too.
INTERVAL = 1
# Counters go on with their slope of this many last seconds.
LATELY = 8
COUNTER = re.compile(r"^\w+_(total|bucket|sum|count)\b")


def scrape(port, timeout=2):
    """The text of an answer; OSError if there is none."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=timeout) as answer:
        return answer.read().decode()


def samples(text):
    """Each series with its value, including series that occur twice."""
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return [(line.rsplit(" ", 1)[0], float(line.rsplit(" ", 1)[1])) for line in lines]


def values(port):
    """The current value of each series, without our prefix."""
    return {series.removeprefix("access_log_generator_"): value for series, value in samples(scrape(port))}


class Recording:
    """The answers of a generator, second by second, during the context; `None` if it did not answer."""

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
        """For promtool: the recorded values and `up`, continued until the second `until`. Gauges stay, counters and the
        gauges in `moving` keep their slope. Has only each `every`-th scrape."""
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
    """How much it rose per interval at the end."""
    last = [value for value in found[-LATELY - 1:] if value is not None]
    return (last[-1] - last[0]) / (len(last) - 1) if len(last) > 1 else 0


def notation(found, more, step, every):
    """Each `every`-th of the values in promtool's notation, continued for `more` values. A value that is gone is stale."""
    words, before, last = [], None, found[-1]
    recorded = found[::every]
    for value in (*recorded, last):
        words.append(number(value) if value is not None else "_" if before is None else "stale")
        before = value
    # The last word is the first scrape after the recording; `ahead` is its distance from the last recorded value.
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
    """Whether `promtool test rules` passes these checks, and what it prints."""
    file = place / "test.json"
    test = {"interval": f"{every * INTERVAL}s", "input_series": series, **checks}
    # JSON is also YAML.
    file.write_text(json.dumps({"rule_files": [str(rules)], "evaluation_interval": "15s", "tests": [test]}))
    done = run("promtool", "test", "rules", file, check=False)
    return done.returncode == 0, done.stdout
