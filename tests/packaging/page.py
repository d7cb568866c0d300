"""The status page in a browser: its figures are those of /metrics and /status.json, it moves, it survives a restart of
the generator, it asks no other host for anything, and it is accessible.

PAGE_IMAGES=1 also makes the pictures of the documents, after ten minutes, when the chart is full.
"""

import json
import os
import re
import signal
import socket
import time
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import scraped
from browser import ELSEWHERE, Browser, shown
from generator import Generator, free_port, workplace
from picture import repacked
from shipped import ROOT

LARGEST_ANSWER = 60_000
LARGEST_IMAGE = 150_000
WIDTHS = {"desktop": (1280, 900), "phone": (375, 812)}
ZONE = "Europe/Berlin"
MILLION = 1_000_000

OUTPUT = f"timezone: {ZONE}\nlog_rotation: {{when: s, compress: true, backup_count: 3}}\n"
IMAGE_OUTPUT = f"timezone: {ZONE}\nlog_rotation: {{when: m, compress: true, backup_count: 5}}\n"
# A traffic pattern, so that the day has a curve.
HOURS = {"0-5": 0.2, "5-7": 0.4, "7-8": 0.6, "8-9": 0.8, "9-12": 1.0, "12-14": 0.9, "14-18": 1.0, "18-20": 0.85,
         "20-22": 0.7, "22-24": 0.4}
PATTERN = "traffic_patterns:\n" + "".join(f"  - {{time: {hours}, multiplier: {multiplier}}}\n"
                                          for hours, multiplier in HOURS.items())

ANSWERED = "!(" + shown("#silent") + ")"
# The browser's own message when no program listens on a port.
UNANSWERED = re.compile(r"error: Failed to load resource: net::ERR_(CONNECTION_\w+|EMPTY_RESPONSE|SOCKET_\w+)")
DAY = "!!document.getElementById('day-line').getAttribute('d') && !!document.getElementById('now-marker')"
# The layout shift while figures changed, as the browser adds it up.
SHIFTS = """new Promise((resolve) => {
  let sum = 0
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => { sum += entry.value }))
    .observe({ type: 'layout-shift' })
  setTimeout(() => resolve(sum), 4000)
})"""


def measure(shipped, figures):
    binary = os.environ.get("GENERATOR") or shipped.binary("x86_64")
    pictures = ROOT / "target" / "packaging" / "page"
    pictures.mkdir(parents=True, exist_ok=True)
    with Browser() as browser:
        with workplace() as place:
            port = free_port()
            url = f"http://127.0.0.1:{port}/"

            def generator():
                return Generator(binary, place, rate=60, port=port, output=OUTPUT, sections=PATTERN)

            with generator() as first:
                first.wait_until_ready()
                answer(figures, port)
                figures.holds("page: has figures", browser.open(url), "within 10 s")
                it_moves(browser, figures)
                repeating(browser, figures, port)
                everybody(browser, figures, url, pictures)
                browser.open(url)
                # By now the figures are so large that a wrong one cannot look like one that has grown meanwhile.
                the_same_figures(browser, figures, port)
                it_fails(browser, figures, first)
            restarted_at = time.time()
            with generator() as second:
                second.wait_until_ready()
                it_comes_back(browser, figures, restarted_at)
            clean(browser, figures, url, "over a restart", killed=True)
        a_million(browser, figures, binary)
        flat_out(browser, figures, binary)
        if os.environ.get("PAGE_IMAGES"):
            images(browser, figures, binary)


def answer(figures, port):
    """The page as it is sent, byte by byte."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        received = b"".join(iter(lambda: connection.recv(1 << 16), b""))
    figures.at_most("page: bytes of the answer, with its headers", len(received), LARGEST_ANSWER)
    head, _, body = received.partition(b"\r\n\r\n")
    figures.holds("page: Content-Type", b"text/html; charset=utf-8" in head.lower(), head.split(b"\r\n")[0].decode())
    figures.equal("page: is that of the repository", body == (ROOT / "src/http/page.html").read_bytes(), True)


def the_same_figures(browser, figures, port):
    seen, shown_figures = scraped.in_one_moment(browser, port)
    figures.none("page: figures that differ from /status.json", scraped.differences(browser, shown_figures))
    counters, others = scraped.judged(*seen, shown_figures)
    figures.none("page: counters not between those of /metrics before and after", counters)
    figures.none("page: other figures that differ from /metrics", others)
    figures.holds("page: compared figures", len(shown_figures) >= 40, len(shown_figures))


def it_moves(browser, figures):
    chart = "['achieved-line', 'target-line'].map((id) => document.getElementById(id).getAttribute('d'))"
    label = "document.getElementById('rate-chart').getAttribute('aria-label')"
    before = browser.look(chart), browser.figures()
    shifts = browser.look(SHIFTS)
    after = browser.look(chart), browser.figures()
    moved = sum(one != other for one, other in zip(before[0], after[0]))
    figures.equal("page: lines of the chart that have moved in 4 s", moved, 2)
    changed = [field for field in after[1] if after[1][field] != before[1][field]]
    figures.holds("page: figures that have changed in 4 s", "lines.access" in changed, len(changed))
    figures.at_most("page: jumps while figures changed (layout shift)", shifts, 0.001)
    figures.equal("page: the day's curve and its marker are there", browser.look(DAY), True)
    # The run is less than a minute old.
    figures.equal("page: the chart begins at the start of the run", browser.text("#rate-title"), "Rate since the start")
    # The axis is at least ten seconds long, and the first sample comes after a second or two.
    line = "document.getElementById('achieved-line').getBBox()"
    share = browser.look(f"{line}.width / (document.getElementById('rate-chart').clientWidth - 50)")
    uptime = float(browser.figures()["uptime_seconds"])
    figures.holds("page: its axis is as long as the run: share of the axis that the line covers",
                  share >= (uptime - 3) / max(uptime, 10), f"{share:.2f} at {uptime:.0f} s")
    figures.holds("page: the achieved rate names the time of its mean", "mean of " in browser.text("#of-target"),
                  browser.text("#of-target"))
    figures.equal("page: a row of 1xx without hits",
                  browser.look("!!document.querySelector('#hits [data-class=\"1xx\"]')"), False)
    browser.do("hover", on="#rate-chart")
    at = browser.text("#moment-shown")
    figures.holds("page: the chart shows the figures at the pointer", re.fullmatch(r"at \d\d:\d\d:\d\d", at), at)
    said = browser.look(label)
    figures.holds("page: the chart in words", re.search(r"achieved [\d.]+ to [\d.]+ lines/s, now", said), said)


def repeating(browser, figures, port):
    """The copy button, on a page of this host and on one of another host name, where browsers offer no clipboard."""
    for where in ("127.0.0.1", ELSEWHERE):
        browser.open(f"http://{where}:{port}/")
        command = browser.figures()["repeat"]
        figures.holds(f"page: the command on {where} repeats the run from its record",
                      re.fullmatch(r"access-log-generator --repeat \S+/run\.json --log-dir-override \S+", command), command)
        figures.equal(f"page: copied on {where}", browser.do("copied", button="#copy"), command)
        figures.equal(f"page: says so on {where}", browser.text("#copied"), "Copied.")


def everybody(browser, figures, url, pictures):
    for name, (width, height) in WIDTHS.items():
        for scheme in ("light", "dark"):
            what = f"{name}, {scheme}"
            browser.open(url, width=width, height=height, scheme=scheme, motion="reduce")
            browser.fresh_figures()
            browser.do("picture", file=str(pictures / f"{name}-{scheme}.png"), whole=True)
            judged = browser.do("judge")
            figures.none(f"page: axe's violations, {what}, of {judged['passed']} rules that apply", judged["found"])
            figures.at_most(f"page: as wide as the window, {what}",
                            browser.look("document.documentElement.scrollWidth"), width, " px")
            policy(figures, browser.seen()["headers"].get("content-security-policy", ""), what)
            clean(browser, figures, url, what)


def policy(figures, text, what):
    rules = {words[0]: words[1:] for words in map(str.split, text.split(";")) if words}
    digests = [word for name in ("style-src", "script-src") for word in rules.get(name, ["none"])]
    loose = [word for word in text.replace(";", " ").split() if "unsafe" in word or "*" in word]
    loose += [word for word in digests if not re.fullmatch(r"'sha256-[A-Za-z0-9+/]{43}='", word)]
    strict = {"default-src": ["'none'"], "connect-src": ["'self'"], "base-uri": ["'none'"],
              "form-action": ["'none'"], "frame-ancestors": ["'none'"]}
    loose += [f"{name} {rules.get(name)}" for name, words in strict.items() if rules.get(name) != words]
    figures.none(f"page: loose rules in its Content-Security-Policy, {what}", loose)


def clean(browser, figures, url, what, killed=False):
    seen = browser.seen()
    said = [line for line in seen["console"] if not (killed and UNANSWERED.match(line))]
    figures.none(f"page: errors, and messages on the console, {what}", seen["errors"] + said)
    figures.none(f"page: requests to other hosts, {what}",
                 [asked for asked in seen["requests"] if not asked.startswith((url, "data:"))])


def it_fails(browser, figures, generator):
    before = browser.fresh_figures()
    killed = time.monotonic()
    generator.stop(signal.SIGKILL)
    noticed = browser.wait(shown("#silent"), 10)
    figures.at_most("page: time until it says that there is no answer, after a kill", time.monotonic() - killed, 5, " s")
    time.sleep(2)
    said = " ".join(browser.text("#silent").split())
    figures.holds("page: what it says then", noticed and re.match(r"No answer\. No answer since \d+ s\.", said), said)
    kept = browser.figures()
    figures.holds("page: keeps the last figures", int(kept["lines.access"]) >= int(before["lines.access"]),
                  f"{kept['lines.access']} lines")
    figures.equal("page: dims them", browser.look("document.getElementById('main').className"), "stale")
    figures.none("page: axe's violations then", browser.do("judge")["found"])


def it_comes_back(browser, figures, restarted_at):
    began = time.monotonic()
    back = browser.wait(f"{ANSWERED} && {shown('#restarted')}", 10)
    figures.holds("page: goes on by itself after a restart", back, f"after {time.monotonic() - began:.1f} s")
    said = browser.text("#restarted-text")
    told = re.fullmatch(r"The generator was restarted at (\d\d:\d\d:\d\d); counts begin anew\.", said)
    expected = [datetime.fromtimestamp(restarted_at + late, ZoneInfo(ZONE)).strftime("%H:%M:%S")
                for late in range(-1, 4)]
    figures.holds("page: says so, with the time", told and told[1] in expected, said)
    before, after = browser.fresh_figures(), browser.fresh_figures()
    figures.holds("page: figures go on", int(after["lines.access"]) > int(before["lines.access"]),
                  f"{before['lines.access']} and then {after['lines.access']}")
    figures.none("page: axe's violations with the notice", browser.do("judge")["found"])


def to_nowhere(place):
    """Logs that are links to /dev/null."""
    (place / "logs").mkdir()
    for log in ("access.log", "error.log"):
        (place / "logs" / log).symlink_to("/dev/null")


def a_million(browser, figures, binary):
    with workplace() as place:
        to_nowhere(place)
        with Generator(binary, place, rate=MILLION, port=free_port()) as generator:
            generator.wait_until_ready()
            browser.open(f"http://127.0.0.1:{generator.port}/")
            # The figure is a mean of ten seconds.
            time.sleep(12)
            shown_figures = browser.fresh_figures()
            achieved = float(shown_figures["achieved_rate"])
            figures.at_most("page: achieved at a million lines a second, away from it",
                            100 * abs(achieved / MILLION - 1), 5, " %")
            figures.holds("page: as it is to be read", True, browser.text(".tile").replace("\n", " "))


def flat_out(browser, figures, binary):
    with workplace() as place:
        to_nowhere(place)
        with Generator(binary, place, "--no-wait", rate=10, port=free_port()) as generator:
            generator.wait_until_ready(path="/health")
            browser.open(f"http://127.0.0.1:{generator.port}/")
            browser.fresh_figures()
            said = browser.text("#flat-out") if browser.is_shown("#flat-out") else "nothing"
            figures.holds("page: says that it runs flat out", said.startswith("Running flat out."), said)


def images(browser, figures, binary):
    """The pictures for the documents; on a phone only the first screen."""
    with workplace() as place:
        with Generator(binary, place, "--seed", 42, "--log-dir-override", "logs", rate=120, port=free_port(),
                       output=IMAGE_OUTPUT, sections=PATTERN) as generator:
            generator.wait_until_ready()
            time.sleep(600)
            for name, (width, height) in WIDTHS.items():
                for scheme in ("light", "dark"):
                    browser.open(f"http://127.0.0.1:{generator.port}/", width=width, height=height, scheme=scheme)
                    browser.fresh_figures()
                    file = Path(ROOT, ".github", "images", f"status-{name}-{scheme}.png")
                    browser.do("picture", file=str(file), whole=name == "desktop")
                    file.write_bytes(repacked(file.read_bytes()))
                    figures.at_most(f"page: bytes of {file.name}", file.stat().st_size, LARGEST_IMAGE)
