"""Further logs of one run, each in its own format and with its own hits, are read by programs of other people."""

import json
import subprocess
from collections import Counter

import goaccess
from access_log import LINE, lines
from generator import Generator, workplace
from judges import SECTIONS

LINES = 100_000
SEED, RATE, START = 3, 2000, "2024-03-01T00:00:00Z"

OUTPUT = """logs:
  - {file: errors-json.log, format: json, status: errors}
  - {file: products.log, format: vhost_combined, path_prefix: /products}"""


def measure(binary, figures):
    with workplace(1 << 30) as place:
        arguments = ("--no-wait", "--lines", LINES, "--seed", SEED, "--from", START)
        with Generator(binary, place, *arguments, rate=RATE, output=OUTPUT, sections=SECTIONS) as run:
            run.finish()
        hits = [LINE.fullmatch(line) for line in lines(run.access_log)]
        errors = Counter(hit["status"].decode() for hit in hits if hit["status"] >= b"400")
        rows = [json.loads(line) for line in lines(run.directory / "errors-json.log")]
        read = Counter(str(row["status"]) for row in rows)
        figures.equal("lines of errors-json.log that Python's json reads", len(rows), errors.total())
        figures.none("statuses that are not as often in errors-json.log as errors in access.log", read - errors or errors - read)

        products = Counter(hit["status"].decode() for hit in hits if hit["request"].split(b" ")[1].startswith(b"/products"))
        report = goaccess.read(run.directory / "products.log", "VCOMBINED")
        figures.equal("lines of products.log that goaccess reads", report.valid, products.total())
        figures.equal("lines of products.log that goaccess rejects", report.failed, 0)
        figures.holds("goaccess finds the statuses of access.log's products in products.log",
                      report.statuses == tuple(sorted(products.items())), dict(report.statuses))
        for log in ("errors-json.log", "products.log"):
            judged = subprocess.run([binary, "verify", "--run", run.directory / "run.json", run.directory / log],
                                    capture_output=True, text=True)
            figures.holds(f"verify finds {log} whole", judged.returncode == 0, judged.stdout.splitlines()[:1])
