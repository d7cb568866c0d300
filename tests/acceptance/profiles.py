"""The profiles: programs of other people read a million lines of each, and find the bots that the ground truth names."""

import json
from collections import Counter
from itertools import islice

from device_detector import DeviceDetector

import goaccess
from access_log import count_lines, lines
from generator import Generator, workplace
from judges import apachelogs

PROFILES = ("shop", "content", "personal")
LINES = 1_000_000
# As many as a slow reader reads.
FEWER_LINES = 200_000
# Visitors whose user agent says that they are programs. Of scanners, some do.
BOTS = {"search_crawler", "ai_crawler", "seo_crawler", "monitor", "feed_reader", "link_preview"}
DECLARED_SCANNERS = ("zgrab", "CensysInspect")
# How far a detector's count may be from the truth.
TOLERANCE = 0.05


def measure(binary, figures):
    for profile in PROFILES:
        with workplace() as place:
            arguments = ("--profile", profile, "--seed", 5, "--from", "2026-03-02T00:00:00Z", "--lines", LINES)
            output = "logs: [{file: truth.log, format: truth}]"
            with Generator(binary, place, *arguments, rate=10, output=output) as generator:
                generator.finish()
            read(figures, profile, generator.access_log)
            truth = [json.loads(line) for line in lines(generator.directory / "truth.log")]
            count(figures, profile, truth)


def read(figures, profile, log):
    """goaccess reads all lines but those whose request no server could read, and apachelogs the first lines without exception."""
    figures.equal(f"{profile}: lines", count_lines(log), LINES)
    unread = sum(b'] "' in line and not line.split(b'] "', 1)[1].startswith((b"GET ", b"POST ", b"HEAD ", b"OPTIONS "))
                 for line in lines(log))
    report = goaccess.read(log, "COMBINED")
    figures.equal(f"{profile}: goaccess: lines read", report.total, LINES)
    figures.at_most(f"{profile}: goaccess: lines rejected, of those that are no HTTP", report.failed, unread)
    figures.holds(f"{profile}: some lines are no HTTP", unread > 0, f"{unread:,}")
    start = log.with_name("start.log")
    with open(log, "rb") as whole:
        start.write_bytes(b"".join(islice(whole, FEWER_LINES)))
    figures.none(f"{profile}: apachelogs: of {FEWER_LINES:,} lines rejected", apachelogs(start))


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
