"""Compares the figures of the status page with /metrics and /status.json."""

import json
import re
import urllib.request

PREFIX = "access_log_generator_"
LOGS = ("access", "error", "system")
CLASSES = ("1xx", "2xx", "3xx", "4xx", "5xx")
# Fields of the page and their metrics. They only grow.
COUNTERS = {
    **{f"lines.{log}": f'lines_written_total{{log="{log}"}}' for log in LOGS},
    **{f"bytes.{log}": f'bytes_written_total{{log="{log}"}}' for log in LOGS},
    **{f"hits.{name}": f'hits_total{{status_class="{name}"}}' for name in CLASSES},
    "gaps": "gaps_total", "gap_lines": "gap_lines_total", "gap_seconds": "gap_seconds_total",
    "rotations": "rotations_total", "compressed_files": "compressed_files_total",
    "deleted_files": "deleted_files_total", "write_errors": "write_errors_total",
}
# Figures that go up and down, and how far they may differ: as a share, and absolutely.
OTHERS = {
    "rate": ("configured_lines_per_second", 0, 0),
    "target_rate": ("target_lines_per_second", 0, 1e-9),
    "achieved_rate": ("achieved_lines_per_second", 0.3, 0),
    "live_sessions": ("live_sessions", 0.2, 10),
    "lag_seconds": ("lag_seconds", 0, 1),
    "disk_free_bytes": ("disk_free_bytes", 0.1, 0),
    "queues.hits.capacity": ('queue_capacity_batches{queue="hits"}', 0, 0),
    "queues.lines.capacity": ('queue_capacity_batches{queue="lines"}', 0, 0),
    "shard.index": ("shard_index", 0, 0),
    "shard.count": ("shards", 0, 0),
}


def scrape(port):
    """The metrics by name and labels; adds up those of `write_errors_total`."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
        lines = answer.read().decode().splitlines()
    found = {}
    for line in lines:
        if match := re.fullmatch(rf"{PREFIX}(\S+?(?:{{.*}})?) (\S+)", line):
            name = "write_errors_total" if match[1].startswith("write_errors_total{") else match[1]
            found[name] = found.get(name, 0) + float(match[2])
    return found


def in_one_moment(browser, port):
    """The metrics before and after the page got its answer, and the page's figures."""
    before = scrape(port)
    shown = browser.fresh_figures()
    return (before, scrape(port)), shown


def judged(before, after, shown):
    """The counters, and the other figures, that are not between the two scrapes."""
    counters = [f"{field}: {shown.get(field)}, of {before.get(name)} to {after.get(name)}"
                for field, name in COUNTERS.items()
                if (field in shown or is_due(field, before.get(name)))
                and not between(before, after, name, shown.get(field), 0, 0)]
    others = [f"{field}: {shown.get(field)}, of {before.get(name)} to {after.get(name)}"
              for field, (name, share, away) in OTHERS.items()
              if not between(before, after, name, shown.get(field), share, away)]
    return counters, others


def is_due(field, count):
    """Whether the page must have the figure by now. The row for 1xx appears only once there are such hits."""
    return bool(count) if field == "hits.1xx" else count is not None


def between(before, after, name, value, share, away):
    # /metrics has no write errors until the first one.
    default = 0 if name == "write_errors_total" else None
    ends = before.get(name, default), after.get(name, default)
    if value is None or None in ends:
        return False
    slack = share * max(ends) + away
    return min(ends) - slack <= float(value) <= max(ends) + slack


def differences(browser, shown):
    """The figures of the page that differ from the answer of the same time."""
    answers = [json.loads(text) for text in browser.seen()["answers"]]
    answer = next((answer for answer in answers if answer["time"] == shown["time"]), None)
    if answer is None:
        return [f"there is no answer of {shown['time']}"]
    return [f"{field}: {value}, of {at(answer, field)}" for field, value in shown.items()
            if not same(value, at(answer, field))]


MISSING = object()


def at(answer, field):
    for key in field.split("."):
        if not isinstance(answer, dict):
            return MISSING
        answer = answer.get(key, MISSING)
    return answer


def same(shown, value):
    if shown is None or value is MISSING:
        return shown is None and value is MISSING
    return shown == value if isinstance(value, str) else json.loads(shown) == value
