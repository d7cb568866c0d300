"""A million lines, read by programs of other people."""

from multiprocessing import Pool

from apachelogs import COMBINED, LogParser

import goaccess
from access_log import count_lines, lines
from generator import Generator, workplace

LINES = 1_000_000
PROCESSES = 2

# Every kind of line: all errors, all redirects, IPv6, user agents and search terms that must be escaped.
SECTIONS = r"""
error_rates:
  global_500_rate: 0.02
  product_404_rate: 0.1
  redirect_301: 0.02
  redirect_302: 0.02
  forbidden_access: 0.3
  auth_failure: 0.3
  cart_abandonment_rate: 0.5
  high_error_pages: [{path: "/checkout", error_rate: 0.2}]
ip_ranges: ["198.51.0.0/16", "2001:db8::/32"]
search_terms: ["laptop", "crème brûlée", "a \"quoted\" term", "50% off & more", "back\\slash"]
user_agents:
  desktop: ["Mozilla/5.0 (X11; Linux x86_64) \"odd\" \\ agent", "Mozilla/5.0 (Größe)"]
  mobile: ["Mozilla/5.0 (iPhone; CPU iPhone OS 16_6) Safari/604.1"]
"""

# A broken line. Each judge must notice it, or its verdict means nothing.
BROKEN = b'198.51.100.7 - - [10/Oct/2024:13:55:36 +0000] "GET / HTTP/1.1" 2x0 17 "-" "agent\n'


def measure(binary, figures):
    with workplace() as place:
        arguments = ("--seed", 3, "--from", "2024-03-01T00:00:00Z", "--lines", LINES)
        with Generator(binary, place, *arguments, rate=2000, sections=SECTIONS) as generator:
            generator.finish()
        log = generator.access_log
        broken = place / "broken.log"
        with open(log, "rb") as file:
            broken.write_bytes(b"".join(file.readline() for _ in range(99)) + BROKEN)

        figures.equal("judges: lines", count_lines(log), LINES)
        report = goaccess.read(broken, "COMBINED")
        figures.equal("goaccess: notices a broken line", (report.total, report.failed), (100, 1))
        report = goaccess.read(log, "COMBINED")
        figures.equal("goaccess: lines read", report.total, LINES)
        figures.equal("goaccess: lines rejected", report.failed, 0)
        print(end=report.complaint)
        figures.equal("apachelogs: notices a broken line", len(apachelogs(broken)), 1)
        figures.none("apachelogs: lines rejected", apachelogs(log))


def apachelogs(log, log_format=COMBINED):
    """The lines that apachelogs rejects."""
    parts = [(log, log_format, part) for part in range(PROCESSES)]
    with Pool(PROCESSES) as pool:
        return [line for found in pool.starmap(rejected_of, parts) for line in found]


def rejected_of(log, log_format, part):
    parser, rejected = LogParser(log_format), []
    for number, line in enumerate(lines(log)):
        if number % PROCESSES == part:
            try:
                parser.parse(line.decode("latin-1"))
            except ValueError as error:  # InvalidEntryError is one
                rejected.append(f"line {number + 1}: {error}: {line!r}")
    return rejected
