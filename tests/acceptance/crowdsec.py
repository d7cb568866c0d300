"""CrowdSec reads a log as it would have read it live, and raises its alerts.

The package is not installed but unpacked (`run` does it), because its installation starts a service and asks for CrowdSec's
server in the network. It brings the parsers and scenarios of its hub along. Each reading has its own configuration, with what the
package enables for a web server, and its own local API on loopback, which keeps the alerts.

    crowdsec.py LOG [TRUTH]

prints the alerts for a log in the combined format; with the further log in the format `truth`, also the kinds of visitors.
"""

import json
import os
import re
import sqlite3
import subprocess
import sys
from collections import Counter, defaultdict
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

import payloads
from access_log import lines
from crs import of_attack
from generator import Generator, free_port, workplace
from raw_http import wait_for_port

# The root of the unpacked package.
PACKAGE = Path(os.environ.get("CROWDSEC", Path(__file__).resolve().parents[2] / "target/acceptance/crowdsec"))
HUB, LISTS = PACKAGE / "usr/share/crowdsec/hub", PACKAGE / "usr/share/crowdsec/data"
# The log is read as Apache's: what is taken for nginx's has no "-" for a size of 0, and such lines would be passed over.
KIND = "apache2"
COLLECTIONS = (KIND, "base-http-scenarios", "http-cve")
PARSERS = ("s00-raw/crowdsecurity/syslog-logs", f"s01-parse/crowdsecurity/{KIND}-logs", "s02-enrich/crowdsecurity/dateparse-enrich",
           "s02-enrich/crowdsecurity/http-logs")
# A scenario asks for a list by another name than the package has.
OTHER_NAMES = {"path_traversal.txt": "http_path_traversal.txt"}
AGENTS = "bad_user_agents.regex.txt"

CONFIGURATION = """
common: {{daemonize: false, log_media: stdout, log_level: info, working_dir: {place}}}
config_paths:
  config_dir: {place}
  data_dir: {place}/data
  simulation_path: {place}/simulation.yaml
  hub_dir: {hub}
  index_path: {hub}/.index.json
  notification_dir: {place}/notifications
  plugin_dir: {place}/plugins
crowdsec_service: {{acquisition_path: {place}/acquis.yaml, parser_routines: 1}}
cscli: {{output: json}}
db_config: {{type: sqlite, db_path: {place}/crowdsec.db, use_wal: true, log_level: error}}
api:
  client: {{credentials_path: {place}/credentials.yaml}}
  server: {{listen_uri: "127.0.0.1:{port}", profiles_path: {place}/profiles.yaml, log_level: error}}
prometheus: {{enabled: false}}
"""
FILES = {
    "simulation.yaml": "simulation: false\n",
    "acquis.yaml": "",
    "credentials.yaml": "",
    # What to do about an alert: nothing.
    "profiles.yaml": "name: nothing\nfilters: ['false']\ndecisions: []\non_success: break\n",
}

# A week at this many lines a second; CrowdSec reads a few hundred lines a second.
RATE = 0.1
BAD_AGENT = "http-bad-user-agent"
# Kinds of visitors whose names are on CrowdSec's list of bad user agents, though they mean no harm: crawlers that some owners
# of sites would rather not have.
DISLIKED = {"seo_crawler", "ai_crawler"}
# What each attack sets off if its requests come five times a second from one address.
PACE = timedelta(seconds=0.2)
EXPECTED = {
    "directory_probing": ("http-probing", "http-sensitive-files"),
    "log4shell": ("apache_log4j2_cve-2021-44228",),
    "nikto": ("http-bad-user-agent", "http-probing"),
    "nuclei": ("http-bad-user-agent", "http-probing", "http-sensitive-files", "http-cve-2021-41773", "thinkphp-cve-2018-20062"),
    "path_traversal": ("http-path-traversal-probing", "http-cve-2021-41773"),
    "sql_injection": ("http-sqli-probbing-detection",),
    # Its list of bad user agents has `Sqlmap`, which the program does not write.
    "sqlmap": ("http-sqli-probbing-detection",),
    "ssrf": ("http-path-traversal-probing",),
    "template_injection": ("CVE-2022-42889", "CVE-2022-26134", "spring4shell_cve-2022-22965"),
    "web_shell": ("http-backdoors-attempts",),
    "xss": ("http-xss-probbing",),
}

# Lines a second of each attack of a scenario, which lasts so long: a pace at which CrowdSec's buckets fill from each address.
PACES = {"nikto": 12, "nuclei": 15, "sqlmap": 6, "sql_injection": 6, "xss": 9, "path_traversal": 3, "directory_probing": 8,
         "log4shell": 8, "web_shell": 4, "scraping": 30, "ssrf": 4, "template_injection": 4}
MINUTES = 2
START = datetime(2026, 11, 2, 8, tzinfo=timezone.utc)


@dataclass(frozen=True)
class Alert:
    """The scenario, who set it off, and when the first and the last of the lines came that did."""

    scenario: str
    address: str
    start: datetime
    end: datetime


def read(log):
    """The alerts for a log, by their time."""
    with workplace() as place:
        port = prepare(place, log)
        with local_api(place, port):
            said = call(place, "crowdsec", "-no-api", "-dsn", f"file://{log}", "-type", KIND)
        with closing(sqlite3.connect(place / "crowdsec.db")) as kept:
            rows = kept.execute("SELECT scenario, source_ip, started_at, stopped_at FROM alerts").fetchall()
    # What it raised and what the local API kept must be the same, or some are missing.
    raised = sum(" performed '" in line for line in said.splitlines())
    if raised != len(rows):
        raise SystemExit(f"CrowdSec raised {raised} alerts and kept {len(rows)}:\n{said[-2000:]}")
    alerts = [Alert(scenario.split("/")[-1], address, *map(datetime.fromisoformat, times)) for scenario, address, *times in rows]
    return sorted(alerts, key=lambda alert: (alert.start, alert.scenario, alert.address))


def prepare(place, log):
    """Writes the configuration. The port of the local API."""
    port = free_port()
    (place / "config.yaml").write_text(CONFIGURATION.format(place=place, hub=HUB, port=port))
    for name, text in FILES.items():
        (place / name).write_text(text)
    for name in ("scenarios", "data", "notifications", "plugins"):
        (place / name).mkdir()
    (place / "patterns").symlink_to(PACKAGE / "etc/crowdsec/patterns")
    for name in PARSERS:
        link(place / "parsers" / Path(name).parts[0], HUB / f"parsers/{name}.yaml")
    for collection in COLLECTIONS:
        text = (HUB / f"collections/crowdsecurity/{collection}.yaml").read_text()
        for name in re.findall(r"^\s+- (\w+/\S+)", text, re.M):
            if (scenario := HUB / f"scenarios/{name}.yaml").exists():
                link(place / "scenarios", scenario)
    for file in LISTS.iterdir():
        (place / "data" / OTHER_NAMES.get(file.name, file.name)).write_bytes(file.read_bytes())
    (place / "data" / AGENTS).write_text("".join(f"{one}\n" for one in needed(log)))
    call(place, "cscli", "machines", "add", "acceptance", "--password", "acceptance", "--force", "-f", place / "credentials.yaml")
    return port


def link(folder, target):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / target.name).symlink_to(target)


def needed(log):
    """The expressions of bad user agents that fit anything in the log. CrowdSec tries all 600 on each line, which takes half
    of its time; those that fit nowhere change nothing."""
    agents = {line.rsplit(b'"', 2)[-2] for line in lines(log) if line.count(b'"') > 1}
    expressions = [one for one in (LISTS / AGENTS).read_text().splitlines() if one and not one.startswith("#")]
    return [one for one in expressions if any(re.search(one.encode(), agent) for agent in agents)]


@contextmanager
def local_api(place, port):
    """What keeps the alerts, while the context lasts."""
    command = [PACKAGE / "usr/bin/crowdsec", "-c", place / "config.yaml", "-no-cs"]
    with open(place / "api.log", "wb") as said:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said)
    try:
        wait_for_port(port, process)
        yield
    finally:
        process.kill()
        process.wait()


def call(place, program, *arguments):
    """Runs a program of the package to its end; what it said."""
    command = [PACKAGE / "usr/bin" / program, "-c", place / "config.yaml", *arguments]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode or "level=fatal" in done.stdout:
        raise SystemExit(f"{program} ended with status {done.returncode}:\n{done.stdout[-2000:]}")
    return done.stdout


def measure(binary, figures):
    """It finds each attack, and none in a week without scanners and strays."""
    with workplace() as place:
        log = place / "attacks.log"
        addresses = of_attacks(log)
        found = defaultdict(set)
        for alert in read(log):
            found[alert.address].add(alert.scenario)
    for address, attack in addresses.items():
        missing = set(EXPECTED[attack.name]) - found[address]
        figures.none(f"CrowdSec: {attack.name}: scenarios not set off, of {len(EXPECTED[attack.name])}", sorted(missing))
    by_scenario(binary, figures)
    with workplace() as place:
        arguments = ("--profile", "shop", "--seed", 5, "--from", "2026-11-02T00:00:00Z", "--duration", "7d", "--no-wait")
        with Generator(binary, place, *arguments, rate=RATE, output="logs: [{file: truth.log, format: truth}]",
                       sections="actors: {shares: {scanners: 0, strays: 0}}\n") as generator:
            generator.finish()
        alerts = with_kinds(read(generator.access_log), generator.directory / "truth.log")
        ordinary = Counter((alert.scenario, kind) for alert, kind in alerts
                           if not (alert.scenario == BAD_AGENT and kind in DISLIKED))
        disliked = len(alerts) - sum(ordinary.values())
    print(f"        crawlers that CrowdSec has on its list: {disliked} alerts")
    figures.none("CrowdSec: alerts in a week without attacks", [f"{what}: {count}" for what, count in ordinary.items()])


def by_scenario(binary, figures):
    """In a run, it finds each attacker of a scenario, and not before its event begins."""
    events = [f"  - {{kind: {kind}, at: +{20 * number}m, for: {MINUTES}m, rate: {rate}}}" for number, (kind, rate) in
              enumerate(PACES.items(), 1)]
    with workplace() as place:
        arguments = ("--profile", "shop", "--seed", 3, "--from", START.isoformat(), "--duration", f"{20 * len(PACES) + 40}m", "--no-wait")
        with Generator(binary, place, *arguments, rate=RATE, output="logs: [{file: truth.log, format: truth}]",
                       sections="\n".join(("actors: {shares: {scanners: 0, strays: 0}}", "scenario:", *events, ""))) as generator:
            generator.finish()
        alerts = read(generator.access_log)
        attackers = defaultdict(set)
        for line in map(json.loads, lines(generator.directory / "truth.log")):
            if "event" in line:
                attackers[line["event"]].add(line["remote_host"])
    for number, kind in enumerate(PACES, 1):
        begin = START + timedelta(minutes=20 * number)
        window = (begin, begin + timedelta(minutes=MINUTES))
        found = {alert.address for alert in alerts if window[0] <= alert.start and alert.end <= window[1]}
        missed = attackers[kind] - found
        figures.none(f"CrowdSec: attackers not found, of {len(attackers[kind])} ({kind})", sorted(missed))


def of_attacks(log):
    """Writes a log of all attacks, each from its own address, answered by a patched site. The attack of each address."""
    addresses, now = {}, datetime(2026, 11, 2, tzinfo=timezone.utc)
    with open(log, "w", encoding="ascii") as file:
        for number, attack in enumerate(payloads.attacks(), 1):
            addresses[f"198.51.100.{number}"] = attack
            for one, sent in zip(attack.payloads, of_attack(attack)):
                referrer, agent = ((text or "-").replace("\\", "\\\\").replace('"', '\\"') for text in (sent.referrer, sent.agent))
                target = sent.target.replace("\\", "\\\\")
                file.write(f'198.51.100.{number} - - [{now:%d/%b/%Y:%H:%M:%S %z}] "{sent.method} {target} HTTP/1.1" '
                           f'{one.patched} 196 "{referrer}" "{agent}"\n')
                now += PACE
            now += timedelta(hours=1)
    return addresses


def with_kinds(alerts, truth):
    """Each alert with the kind of visitor that had its address at that time, or the kinds, joined by a plus."""
    wanted = defaultdict(list)
    for alert in alerts:
        wanted[alert.address].append(alert)
    kinds = defaultdict(set)
    for line in map(json.loads, lines(truth)):
        for alert in wanted.get(line["remote_host"], ()):
            if alert.start <= datetime.fromisoformat(line["time"]).replace(microsecond=0) <= alert.end:
                kinds[alert].add(line["actor_kind"])
    return [(alert, "+".join(sorted(kinds[alert]))) for alert in alerts]


def main(log, truth=None):
    alerts = read(Path(log).absolute())
    for alert, kind in with_kinds(alerts, Path(truth)) if truth else [(alert, "") for alert in alerts]:
        print(f"{alert.start:%Y-%m-%dT%H:%M:%S} {alert.end:%Y-%m-%dT%H:%M:%S} {alert.address} {alert.scenario} {kind}")


if __name__ == "__main__":
    main(*sys.argv[1:])
