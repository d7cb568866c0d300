"""AWStats reads a log, and counts visits and robots. The same is counted here from the ground truth, by AWStats' own rules.

What AWStats counts:

- A visit: pages of one host, until it asks for none for an hour, or until midnight. A page is a hit that succeeds (200, 304)
  whose path has no ending of a static file; which endings these are is set as in the configuration that comes with AWStats, as
  fonts are pages without it. Several people behind an address are one host.
- A robot: a hit that succeeds and whose user agent has a word of a list from 2018, such as `Googlebot/`, `feed` or `curl`, or
  is empty, or that asks for /robots.txt. A robot makes no visit.
"""

import re
import subprocess
from dataclasses import dataclass
from datetime import datetime

PROGRAM = "/usr/lib/cgi-bin/awstats.pl"
CONFIGURATION = """LogFile="{log}"
LogType=W
LogFormat=1
SiteDomain="www.example.com"
HostAliases="www.example.com"
DNSLookup=0
NotPageList="css js class gif jpg jpeg png bmp ico rss xml swf eot woff woff2"
DirData="{data}"
DirLang="/usr/share/awstats/lang"
"""

HOUR = 3600
SUCCESS = (200, 304)
# What has robots for its visitors.
ROBOTS = {"search_crawler", "ai_crawler", "seo_crawler", "monitor", "feed_reader", "link_preview"}
# Readers and monitors that are not on the list, so that it takes them for people.
NOT_LISTED = ("Tiny Tiny RSS/", "FreshRSS/", "Miniflux/", "Blackbox Exporter/", "Uptime-Kuma/")
# Of the scanners, those that are.
LISTED_SCANNERS = ("curl/", "Go-http-client/", "python-requests/")


@dataclass
class Report:
    """What AWStats says of a log: lines that it read, those whose form it does not know, those with another method than
    HTTP's, visits, and hits of robots."""

    read: int
    corrupted: int
    dropped: int
    visits: int
    robots: int


def read(log):
    """The report on a log; all of it is of one month. AWStats adds to what it knows already, so each log has its own place."""
    data = log.with_suffix(".awstats")
    data.mkdir()
    (data / "awstats.site.conf").write_text(CONFIGURATION.format(log=log, data=data))
    done = subprocess.run(["perl", PROGRAM, "-config=site", f"-configdir={data}", "-update"], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, text=True, check=True)
    months = list(data.glob("awstats??????.site.txt"))
    if len(months) != 1:
        raise SystemExit(f"AWStats knows {len(months)} months of {log}:\n{done.stdout}")
    known = months[0].read_text()
    robots = re.search(r"^BEGIN_ROBOT .*\n((?:.*\n)*?)END_ROBOT", known, re.M)[1]
    return Report(found(done.stdout, "new qualified records"), found(done.stdout, "corrupted records"),
                  found(done.stdout, "dropped records"), int(re.search(r"^TotalVisits (\d+)", known, re.M)[1]),
                  sum(int(line.split()[1]) for line in robots.splitlines()))


def found(said, what):
    return int(re.search(rf"Found (\d+) {what}", said)[1])


def true_counts(truth):
    """Visits and robots by AWStats' rules, but with the kinds of visitors of the ground truth in place of its list."""
    visits = robots = 0
    seen = {}
    for line in truth:
        path = line.get("target", "").split("?")[0]
        if line["status"] not in SUCCESS or path.endswith("/favicon.ico"):
            continue
        if is_robot(line) or path == "/robots.txt":
            robots += 1
        elif "." not in path.rsplit("/", 1)[1]:
            at = datetime.fromisoformat(line["time"]).replace(microsecond=0)
            last = seen.get(line["remote_host"])
            visits += last is None or last.date() != at.date() or (at - last).total_seconds() > HOUR
            seen[line["remote_host"]] = at
    return visits, robots


def is_robot(line):
    """Whether the visitor of a line is a program, and of a kind or with a name that the list knows."""
    agent = line.get("user_agent", "")
    if line["actor_kind"] in ROBOTS:
        return not any(name in agent for name in NOT_LISTED)
    return line["actor_kind"] == "scanner" and (agent in ("", "-") or agent.startswith(LISTED_SCANNERS))
