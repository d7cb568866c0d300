"""goaccess's report of a shop's fortnight, in a browser: its panels show what they show of a real site.

PAGE_IMAGES=1 also makes the picture of the documents.
"""

import json
import os
import socket
import subprocess
from datetime import datetime

from browser import Browser
from generator import Generator, workplace
from picture import repacked
from shipped import ROOT

# From a Monday on.
DAYS, RATE = 14, 0.6
ARGUMENTS = ("--profile", "shop", "--seed", 14, "--from", "2026-09-07T00:00:00Z", "--duration", f"{DAYS}d", "--no-wait")
WIDTH, LARGEST_IMAGE = 1280, 250_000
PANELS = 12

# goaccess's own list of static files lacks some of today's. Paths are not told apart by method and protocol.
OPTIONS = ["--log-format=COMBINED", "--no-global-config", "--no-progress", "--http-method=no", "--http-protocol=no",
           "--html-report-title=www.example.com", '--html-prefs={"perPage": 5}']
OPTIONS += [f"--static-file=.{ending}" for ending in
            ("css", "js", "svg", "webp", "woff2", "png", "jpg", "ico", "txt", "pdf", "zip", "mp4")]

# The panels of the picture in their order, without what can be clicked, the sums and the date of the report itself.
SHOWN = ("visitors", "visit_time", "requests", "static_requests", "not_found", "referring_sites")
COMPACT = """{
  const style = document.createElement('style')
  style.textContent = `
    nav, .page-header, .panel-plot-wrap, .pagination, .wrap-panel tfoot, .thead-min, .thead-max, .thead-avg, .gheader small
    { display: none !important }
    .container, .container-fluid { margin: 0; padding: 0 12px 12px; width: 100% }
    body { padding: 0; overflow-x: hidden }
    path.line0, path.line1 { stroke-dasharray: none !important }`
  document.head.append(style)
  const cells = SHOWN.map((name) => document.getElementById(`panel-${name}`).parentElement)
  const rows = [...document.querySelectorAll('.wrap-panels > .row')]
  rows.forEach((row) => row.remove())
  cells.forEach((cell, at) => {
    const row = rows[Math.floor(at / 2)]
    if (at % 2 === 0) row.replaceChildren()
    row.append(cell)
    document.querySelector('.wrap-panels').append(row)
  })
}"""

# The charts come in slowly.
DRAWN = "new Promise((resolve) => setTimeout(resolve, 2000))"


def measure(shipped, figures):
    binary = os.environ.get("GENERATOR") or shipped.binary("x86_64")
    pictures = ROOT / "target" / "packaging" / "report"
    pictures.mkdir(parents=True, exist_ok=True)
    with workplace() as place, Browser() as browser:
        with Generator(binary, place, *ARGUMENTS, rate=RATE) as generator:
            generator.finish()
        log, page = generator.access_log, place / "report.html"
        subprocess.run(["goaccess", log, *OPTIONS, "-o", page], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, check=True)
        browser.do("open", url=page.as_uri(), width=WIDTH)
        panels = "document.querySelectorAll('.wrap-panel').length"
        browser.wait(f"{panels} >= {PANELS}", 20)
        figures.equal("report: panels", browser.look(panels), PANELS)
        seen = browser.seen()
        figures.none("report: complaints of the browser", seen["console"] + seen["errors"])
        judge(browser, figures, log.read_bytes().count(b"\n"))
        browser.look(DRAWN)
        browser.do("picture", file=str(pictures / "all.png"), whole=True)
        image(browser, figures, pictures / "report.png", place)


def judge(browser, figures, lines):
    general = browser.look("json_data.general")
    figures.equal("report: lines read", general["valid_requests"], lines)
    figures.equal("report: lines rejected", general["failed_requests"], 0)
    days = dict(rows(browser, "visitors"))
    figures.equal("report: days", len(days), DAYS)
    at_work, free = [], []
    for day, hits in days.items():
        (at_work if datetime.strptime(day, "%Y%m%d").weekday() < 5 else free).append(hits)
    within(figures, "a working day over a day of a weekend", mean(at_work) / mean(free), 1.0, 1.7)
    hours = [hits for _, hits in rows(browser, "visit_time")]
    figures.equal("report: hours with counts of their own", len(set(hours)), 24)
    within(figures, "the busiest hour over the quietest", max(hours) / min(hours), 2.6, 40)
    static, pages = rows(browser, "static_requests"), rows(browser, "requests")
    within(figures, "static files, share of the hits", sum(hits for _, hits in static) / lines, 0.35, 0.9)
    figures.holds("report: the front page is the page that is asked for most", pages[0][0] == "/", pages[0][0])
    within(figures, "paths not found", len(rows(browser, "not_found")), 50, 5_000)
    within(figures, "the busiest host, share of the hits", rows(browser, "hosts")[0][1] / lines, 0.002, 0.2)
    within(figures, "the first browser, share of the hits", rows(browser, "browsers")[0][1] / lines, 0.25, 0.7)
    sites = [site for site, _ in rows(browser, "referring_sites")]
    figures.holds("report: the site itself refers most, then a search", sites[:2] == ["www.example.com", "www.google.com"], sites[:3])
    figures.equal("report: classes of statuses", [name[:3] for name, _ in rows(browser, "status_codes")],
                  ["2xx", "3xx", "4xx", "5xx"])


def rows(browser, panel):
    """The rows of a panel, and the hits of each."""
    return browser.look(f"json_data.{panel}.data.map((row) => [row.data, row.hits.count])")


def within(figures, what, measured, least, most):
    shown = measured if isinstance(measured, int) else f"{measured:.2f}"
    figures.add(f"report: {what}", shown, f"{least} to {most}", least <= measured <= most)


def mean(numbers):
    return sum(numbers) / len(numbers)


def image(browser, figures, file, page_directory):
    """The picture for the documents; it must not say where it was made."""
    browser.look(COMPACT.replace("SHOWN", json.dumps(SHOWN)))
    text = browser.look("document.body.innerText")
    machine = (str(page_directory), str(ROOT), socket.gethostname())
    figures.none("report: names of this machine in the picture", [name for name in machine if name in text])
    browser.look(DRAWN)
    browser.do("picture", file=str(file), whole=True)
    file.write_bytes(repacked(file.read_bytes()))
    figures.at_most("report: bytes of the picture", file.stat().st_size, LARGEST_IMAGE)
    if os.environ.get("PAGE_IMAGES"):
        (ROOT / ".github" / "images" / "goaccess-shop.png").write_bytes(file.read_bytes())
