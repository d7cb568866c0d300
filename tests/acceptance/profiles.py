"""The profiles: programs of other people read a million lines of each, and find the visits and the bots that the ground truth
names."""

import json
from collections import Counter
from itertools import islice

from device_detector import DeviceDetector

import awstats
import goaccess
import lnav
import vrl
from access_log import count_lines, lines
from generator import Generator, workplace
from judges import BROKEN, apachelogs

PROFILES = ("shop", "content", "personal", "api")
LINES = 1_000_000
# As many as slow readers read.
FEWER_LINES = 200_000
METHODS = (b"GET ", b"POST ", b"HEAD ", b"OPTIONS ", b"PUT ", b"PATCH ", b"DELETE ")
# The profiles that AWStats is for: it reads sites of pages, drops methods that change something, and takes applications for robots.
OF_PAGES = ("shop", "content", "personal")
# Visitors whose user agent says that they are programs. Of scanners, some do.
BOTS = {"search_crawler", "ai_crawler", "seo_crawler", "monitor", "feed_reader", "link_preview"}
DECLARED_SCANNERS = ("zgrab", "CensysInspect")
# How far a detector's count may be from the truth.
TOLERANCE = 0.05


def measure(binary, figures):
    notice(binary, figures)
    for profile in PROFILES:
        with workplace() as place:
            arguments = ("--profile", profile, "--seed", 5, "--from", "2026-03-02T00:00:00Z", "--lines", LINES)
            output = "logs: [{file: truth.log, format: truth}]"
            with Generator(binary, place, *arguments, rate=10, output=output) as generator:
                generator.finish()
            start = first_lines(generator.access_log, FEWER_LINES)
            read(figures, profile, generator.access_log, start)
            truth = [json.loads(line) for line in lines(generator.directory / "truth.log")]
            malformed(figures, profile, generator.access_log, truth)
            count(figures, profile, truth)
            if profile in OF_PAGES:
                visits(figures, profile, start, truth[:FEWER_LINES])


def notice(binary, figures):
    """lnav and AWStats miss no broken line: each finds one more than in the same log without it."""
    with workplace() as place:
        arguments = ("--profile", "shop", "--seed", 5, "--from", "2026-03-02T00:00:00Z", "--lines", 1_000)
        with Generator(binary, place, *arguments, rate=10) as generator:
            generator.finish()
        log = generator.access_log
        broken = log.with_name("broken.log")
        broken.write_bytes(log.read_bytes() + BROKEN)
        whole, damaged = lnav.read(log), lnav.read(broken)
        figures.equal("lnav: notices a broken line", (damaged[0] - whole[0], damaged[1] - whole[1]), (1, 1))
        whole, damaged = awstats.read(log), awstats.read(broken)
        # The last line is the broken one.
        figures.equal("VRL: notices a broken line", vrl.refused(broken), {count_lines(broken)})
        figures.equal("AWStats: notices a broken line", (damaged.read - whole.read, damaged.corrupted - whole.corrupted), (0, 1))


def first_lines(log, number):
    """A log of the first lines of another."""
    start = log.with_name("start.log")
    with open(log, "rb") as whole:
        start.write_bytes(b"".join(islice(whole, number)))
    return start


def read(figures, profile, log, start):
    """goaccess reads all lines but those whose request no server could read, and apachelogs the first lines without exception."""
    figures.equal(f"{profile}: lines", count_lines(log), LINES)
    unread = sum(b'] "' in line and not line.split(b'] "', 1)[1].startswith(METHODS) for line in lines(log))
    report = goaccess.read(log, "COMBINED")
    figures.equal(f"{profile}: goaccess: lines read", report.total, LINES)
    figures.at_most(f"{profile}: goaccess: lines rejected, of those that are no HTTP", report.failed, unread)
    figures.holds(f"{profile}: some lines are no HTTP", unread > 0, f"{unread:,}")
    figures.none(f"{profile}: VRL: lines rejected", vrl.refused(log))
    figures.none(f"{profile}: apachelogs: of {FEWER_LINES:,} lines rejected", apachelogs(start))


def malformed(figures, profile, log, truth):
    """lnav finds a hit in each line but in those that are malformed on purpose; where nothing came, the status tells it enough."""
    statuses = Counter(line["status"] for line in truth if line["method"] == "-")
    figures.equal(f"{profile}: statuses of what is no HTTP", sorted(statuses), [400, 408])
    figures.equal(f"{profile}: lnav: lines, and those without a hit", lnav.read(log), (LINES, statuses[400]))


def visits(figures, profile, log, truth):
    """AWStats reads each line but those that are malformed on purpose, and finds as many visits and robots as there are."""
    report = awstats.read(log)
    no_http = sum(line["method"] == "-" for line in truth)
    figures.equal(f"{profile}: AWStats: of {len(truth):,} lines read", report.read, len(truth) - no_http)
    figures.equal(f"{profile}: AWStats: lines not read, which are no HTTP", report.corrupted + report.dropped, no_http)
    true_visits, true_robots = awstats.true_counts(truth)
    for what, found, true in (("visits", report.visits, true_visits), ("lines of robots", report.robots, true_robots)):
        figures.holds(f"{profile}: {what}, by AWStats and by the truth", abs(found / true - 1) <= TOLERANCE,
                      f"{found:,} and {true:,}")


def count(figures, profile, truth):
    """Matomo's detector finds as many lines of bots as there truly are."""
    agents = Counter(line["user_agent"] for line in truth)
    is_bot = {agent: DeviceDetector(agent).parse().is_bot() for agent in agents}
    found = sum(number for agent, number in agents.items() if is_bot[agent])
    declared = sum(line["actor_kind"] in BOTS or line["actor_kind"] == "scanner" and
                   any(name in line["user_agent"] for name in DECLARED_SCANNERS) for line in truth)
    figures.holds(f"{profile}: lines of bots, by Matomo's detector and by the truth",
                  abs(found / declared - 1) <= TOLERANCE, f"{found:,} and {declared:,}")
    mistaken = Counter(line["actor_kind"] for line in truth if is_bot[line["user_agent"]])
    figures.equal(f"{profile}: people that Matomo's detector takes for bots", mistaken["person"] + mistaken["hotlink"], 0)
    kinds = Counter(line["actor_kind"] for line in truth)
    figures.equal(f"{profile}: kinds of visitors", len(kinds), 10)
