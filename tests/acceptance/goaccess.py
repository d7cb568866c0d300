"""goaccess reads a log and reports how many requests were valid."""

import json
import subprocess
from dataclasses import dataclass


@dataclass
class Report:
    """What goaccess says of a log: requests in all, valid ones, failed ones, how often each status was there, and what it
    complains of."""

    total: int = 0
    valid: int = 0
    failed: int = 0
    statuses: tuple = ()
    complaint: str = ""


def read(log, log_format, date=None, time=None):
    """The report on a log, by the name of a format or by goaccess' own format string. The exit status does not show what
    failed, and where all of the first lines fail, goaccess writes no report."""
    report, invalid = log.with_suffix(".report.json"), log.with_suffix(".invalid.txt")
    command = ["goaccess", log, f"--log-format={log_format}", "--no-global-config", "--no-progress", "-o", report,
               f"--invalid-requests={invalid}"]
    command += [f"--date-format={date}", f"--time-format={time}"] if date else []
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if not report.exists():
        return Report(complaint=done.stderr[-400:])
    # It shows bytes that are no UTF-8 as they stand in the log.
    found = json.loads(report.read_text(errors="replace"))
    general = found["general"]
    statuses = sorted((status["data"][:3], status["hits"]["count"])
                      for group in found["status_codes"]["data"] for status in group["items"])
    return Report(general["total_requests"], general["valid_requests"], general["failed_requests"], tuple(statuses),
                  invalid.read_text(errors="replace")[:400])
