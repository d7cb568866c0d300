"""ModSecurity's Core Rule Set, in Apache on loopback, gets requests and says which rules match.

The rules are at paranoia level 1, their default, and only detect. Requests come from a log in the combined format or from the
files of payloads. What a log does not have is sent as an ordinary client would.

    crs.py [LOG TRUTH]

prints what the rules miss of the payloads or, for a log and the further log in the format `truth`, the share of each kind of
visitor in which they find something, and where.
"""

import json
import os
import re
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import payloads
from access_log import LINE, lines
from apache import SERVER, loading
from generator import Generator, workplace
from loopback import LoopbackServer
from raw_http import request

SETUP, RULES = Path("/etc/modsecurity/crs/crs-setup.conf"), Path("/usr/share/modsecurity-crs/rules")
LOADED = ("mpm_event", "authz_core", "unique_id", "security2")
HOST = "www.example.com"
# The rule that finds an attack, because what the others found adds up to the threshold.
VERDICT = 949_110
# The rules that look for something; the others set up, add up and report.
LOOKING = range(910_000, 949_000)
ID = re.compile(rb'\[id "(\d+)"\].*\[unique_id "([^"]+)"\]')
# A visitor that shows nothing itself.
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
HEADERS = [(b"Accept", b"*/*"), (b"Accept-Encoding", b"gzip"), (b"Accept-Language", b"en")]

# Enough for so many ordinary requests.
LINES, REQUESTS = 22_000, 20_000
ATTACKERS = ("scanner", "stray")
LEAST_OF_ATTACKS, MOST_OF_ORDINARY = 0.9, 0.005
# Below this share, a file of payloads is not what its name says.
LEAST_OF_A_FILE = 0.7

# Apache itself refuses a path that leaves the site, before most rules see it. Of other paths they see each, as it decodes no slash.
CONFIGURATION = SERVER + """
AllowEncodedSlashes NoDecode
LimitRequestLine 65536
CustomLog "{log}" "%{{UNIQUE_ID}}e"
SecRuleEngine DetectionOnly
SecRequestBodyAccess On
SecAuditEngine Off
SecTmpDir "{place}"
SecDataDir "{place}"
SecPcreMatchLimit 100000
SecPcreMatchLimitRecursion 100000
Include {setup}
Include {rules}/*.conf
"""


@dataclass(frozen=True)
class Request:
    """What the rules look at. An empty text is a header that is not sent."""

    method: str
    target: str
    agent: str = BROWSER
    referrer: str = ""

    def raw(self):
        sent = [(b"Host", HOST.encode()), *HEADERS]
        sent += [(name, value.encode("latin-1")) for name, value in ((b"User-Agent", self.agent), (b"Referer", self.referrer))
                 if value]
        if self.method in ("POST", "PUT", "PATCH"):
            sent.append((b"Content-Length", b"0"))
        return request(self.method.encode(), self.target.encode("latin-1"), sent)


class Firewall(LoopbackServer):
    """A running Apache with the rules."""

    def __init__(self, place):
        super().__init__(place)
        (self.place / "www").mkdir()
        self.configuration = self.place / "apache.conf"
        self.configuration.write_text(CONFIGURATION.format(
            place=self.place, port=self.port, host=HOST, log=self.log, modules="\n".join(loading(LOADED)), setup=SETUP,
            rules=RULES, user="User www-data\nGroup www-data" if os.geteuid() == 0 else ""))

    def command(self):
        return ["apache2", "-D", "FOREGROUND", "-f", self.configuration]

    def rules(self):
        """For each request the numbers of the rules that matched."""
        found = {}
        for line in (self.place / "error.log").read_bytes().splitlines():
            if match := ID.search(line):
                found.setdefault(match[2], set()).add(int(match[1]))
        return [found.get(identity, set()) for identity in self.lines()]


def matched(requests):
    """For each request the rules that match. It is an attack for them if VERDICT is among these."""
    with workplace() as place:
        with Firewall(place) as server:
            for one in requests:
                server.send(one.raw())
            return server.rules()


def of_attack(attack, agent=None):
    """The requests of a file of payloads, by the attacker's own user agents in turn, or all by this one."""
    agents = [agent] if agent else attack.agents or [BROWSER]
    for number, one in enumerate(attack.payloads):
        yield Request(one.method, one.target(), one.text if one.place == "agent" else agents[number % len(agents)],
                      one.text if one.place == "referrer" else "")


def of_log(log):
    """The requests of a log in the combined format, None for a line that is no HTTP."""
    for line in lines(log):
        fields = LINE.fullmatch(line)
        words = plain(fields["request"]).split(" ") if fields else []
        if len(words) != 3 or not words[2].startswith("HTTP/"):
            yield None
            continue
        agent, referrer = (plain(fields[name]) for name in ("agent", "referrer"))
        yield Request(words[0], words[1], "" if agent == "-" else agent, "" if referrer == "-" else referrer)


def plain(field):
    """A field without Apache's escapes, each byte a character."""
    return re.sub(rb"\\(x[0-9a-f]{2}|.)", unescaped, field).decode("latin-1")


def unescaped(match):
    escape = match[1]
    if len(escape) == 3:
        return bytes([int(escape[1:], 16)])
    return {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"v": b"\v", b"f": b"\f"}.get(escape, escape)


def measure(binary, figures):
    by_payloads(figures)
    ordinary(binary, figures)


def by_payloads(figures):
    """Of each file of payloads and of all, the share that the rules take for an attack."""
    attacks = payloads.attacks()
    rules = matched([one for attack in attacks for one in of_attack(attack)])
    position = hits = 0
    for attack in attacks:
        found = rules[position:position + len(attack.payloads)]
        position += len(found)
        caught = sum(VERDICT in of_one for of_one in found)
        hits += caught
        figures.holds(f"Core Rule Set: {attack.name}: payloads found (at least {LEAST_OF_A_FILE:.0%})",
                      caught >= LEAST_OF_A_FILE * len(found), f"{caught} of {len(found)}")
    figures.holds(f"Core Rule Set: payloads found, of all (at least {LEAST_OF_ATTACKS:.0%})",
                  hits >= LEAST_OF_ATTACKS * len(rules), f"{hits} of {len(rules)}")


def ordinary(binary, figures):
    """Of ordinary visitors, people and programs, the share in which any rule matches."""
    with workplace() as place:
        arguments = ("--profile", "shop", "--seed", 5, "--from", "2026-03-02T00:00:00Z", "--lines", LINES)
        output = "logs: [{file: truth.log, format: truth}]"
        with Generator(binary, place, *arguments, rate=1, output=output) as generator:
            generator.finish()
        truth = [json.loads(line) for line in lines(generator.directory / "truth.log")]
        # A browser's connection over which no request came.
        requests = [(entry["actor_kind"], one) for entry, one in zip(truth, of_log(generator.access_log))
                    if entry["actor_kind"] not in ATTACKERS and entry["status"] != 408]
    requests = requests[:REQUESTS]
    figures.equal("Core Rule Set: ordinary requests", len(requests), REQUESTS)
    figures.none("Core Rule Set: ordinary requests that are no HTTP", [kind for kind, one in requests if one is None])
    rules = matched([one for _, one in requests])
    found = [(kind, one, of_one) for (kind, one), of_one in zip(requests, rules) if looking(of_one)]
    for kind, one, of_one in found[:20]:
        print(f"        {kind}, rules {looking(of_one)}: {one}")
    figures.at_most("Core Rule Set: ordinary requests in which a rule matches",
                    100 * len(found) / len(requests), 100 * MOST_OF_ORDINARY, " %")


def looking(rules):
    return sorted(rule for rule in rules if rule in LOOKING)


def main(log=None, truth=None):
    if log:
        by_kind(Path(log), Path(truth))
        return
    for attack in payloads.attacks():
        for agent in (None, BROWSER) if attack.agents else (None,):
            requests = list(of_attack(attack, agent))
            found = matched(requests)
            missed = [(one, rules) for one, rules in zip(requests, found) if VERDICT not in rules]
            print(f"{attack.name}{' as a browser' if agent else ''}: {len(found) - len(missed)} of {len(found)}")
            for one, rules in missed:
                print(f"    {looking(rules)} {one}")


def by_kind(log, truth):
    kinds = [json.loads(line)["actor_kind"] for line in lines(truth)]
    requests = [(kind, one) for kind, one in zip(kinds, of_log(log), strict=True) if one]
    counts = Counter(kind for kind, _ in requests)
    found, attacks = Counter(), Counter()
    for (kind, one), rules in zip(requests, matched([one for _, one in requests])):
        found[kind] += bool(looking(rules))
        attacks[kind] += VERDICT in rules
        if looking(rules):
            print(f"{kind}, rules {looking(rules)}: {one}")
    for kind, count in counts.most_common():
        print(f"{kind}: {count:,} requests, a rule matches in {found[kind]:,}, taken for an attack {attacks[kind]:,}")


if __name__ == "__main__":
    main(*sys.argv[1:])
