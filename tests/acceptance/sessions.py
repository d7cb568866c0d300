"""Sessions, read back from the log. In a network this large no two visitors have the same remote host, so the lines of a
remote host are a session."""

import math
from collections import Counter, defaultdict
from datetime import timedelta
from typing import NamedTuple

from access_log import LINE, lines, moment
from generator import Generator, workplace

START = "2024-03-01T10:00:00Z"
SITE = b"https://shop.example.org"

# Pages that no other state requests. Every abandoned session has a GET /cart, and only the state ERROR fails.
PLAIN = """
site: {host: shop.example.org, scheme: https}
ip_ranges: ["2001:db8::/64"]
navigation: {home: {"/": 0.5, "/about": 0.5}}
error_rates: {cart_abandonment_rate: 1.0}
"""
TABLE = {
    "START": {"LOGIN": 0.7, "DIRECT_ACCESS": 0.3},
    "LOGIN": {"BROWSING": 0.9, "ABANDON": 0.1},
    "DIRECT_ACCESS": {"BROWSING": 0.8, "LEAVE": 0.2},
    "BROWSING": {"LOGOUT": 0.4, "ABANDON": 0.3, "ERROR": 0.05, "BROWSING": 0.25},
}
TRANSITIONS = "state_transitions:\n" + "".join(
    f"  {state}: {{{', '.join(f'{to}: {share}' for to, share in shares.items())}}}\n"
    for state, shares in TABLE.items())
# The states that end a session with a hit.
ENDS = {"LOGOUT", "ABANDON", "ERROR"}


class Hit(NamedTuple):
    time: object
    user: bytes
    agent: bytes
    method: bytes
    url: bytes
    status: bytes
    size: bytes
    referrer: bytes

    @property
    def state(self):
        """The state that made the hit, in the plain configuration."""
        if self.method == b"POST":
            return {b"/login": "LOGIN", b"/logout": "LOGOUT"}[self.url]
        if self.url == b"/cart":
            return "ABANDON"
        if self.status == b"500":
            return "ERROR"
        return "BROWSING" if self.referrer.startswith(SITE) else "DIRECT_ACCESS"


def measure(binary, figures):
    ways(binary, figures)
    visits(binary, figures)
    urls(binary, figures)


def written(binary, place, rate, count, sections, output=""):
    """Writes `count` lines in simulated time; returns the log."""
    arguments = ("--seed", 11, "--from", START, "--lines", count)
    run = Generator(binary, place, *arguments, rate=rate, sections=sections, output=output)
    with run as generator:
        generator.finish()
    return generator.access_log


def hit_of(line):
    found = LINE.fullmatch(line)
    method, url, _ = found["request"].split(b" ")
    return Hit(moment_of(found["stamp"]), found["user"], found["agent"], method, url,
               found["status"], found["size"], found["referrer"])


def moment_of(stamp, known={}):
    """Keeps the times, because a log has few different stamps."""
    if stamp not in known:
        known[stamp] = moment(stamp)
    return known[stamp]


# The paths of sessions.

VIEWS = 3  # at 0, 5 and 10 s of 12 s


def ways(binary, figures):
    """The shares of the transitions, in sessions with fixed times: three page views in each BROWSING."""
    times = ("session: {min_browsing_duration: 12, max_browsing_duration: 12, "
             "min_page_view_interval: 5, max_page_view_interval: 5}\n")
    # With a bucket this large, steering the rate ends no session early.
    room = "burst_seconds: 600"
    sessions = defaultdict(list)
    with workplace() as place:
        for line in lines(written(binary, place, 1000, 1_200_000, PLAIN + TRANSITIONS + times, room)):
            sessions[line[:line.index(b" ")]].append(hit_of(line))
    first = min(hits[0].time for hits in sessions.values())
    last = max(hits[-1].time for hits in sessions.values())
    # Sessions that are live at the start or at the end of the log are not whole.
    whole = [hits for hits in sessions.values()
             if first + timedelta(seconds=60) <= hits[0].time <= last - timedelta(seconds=300)]
    taken, odd = Counter(), []
    for hits in whole:
        states = [hit.state for hit in hits]
        steps = steps_of(states)
        if steps:
            taken.update(steps)
        else:
            odd.append(states)
    figures.none("sessions: paths that the transitions do not allow", odd)
    for state, shares in TABLE.items():
        total = sum(taken[state, to] for to in shares)
        for to, share in shares.items():
            bound = 4 * math.sqrt(share * (1 - share) / max(total, 1))
            figures.at_most(f"sessions: {state} to {to}, off {share} by",
                            abs(taken[state, to] / max(total, 1) - share), bound)


def steps_of(states):
    """The transitions of a whole session, from the states that made its hits; none if the table does not allow them."""
    entry, *rest = states
    end = rest.pop() if rest and rest[-1] in ENDS else None
    browsings, over = divmod(len(rest), VIEWS)
    if entry not in TABLE["START"] or over or any(state != "BROWSING" for state in rest):
        return []
    steps = [("START", entry)]
    if browsings == 0:
        if entry == "DIRECT_ACCESS":
            return steps + [(entry, "LEAVE")] if end is None else []
        return steps + [(entry, "ABANDON")] if end == "ABANDON" else []
    if end is None and entry == "DIRECT_ACCESS":
        # The log-out of a visitor who is not logged in makes no hit.
        end = "LOGOUT"
    steps += [(entry, "BROWSING")] + [("BROWSING", "BROWSING")] * (browsings - 1)
    return steps + [("BROWSING", end)] if end else []


# The visitors, and their times.

RATE = 10_000
MINUTES = 10
THINK = (2, 10)


def visits(binary, figures):
    """Ten minutes with the guide's session times: every sixteenth visitor in detail, and the mix of states of all."""
    times = ("session: {min_browsing_duration: 10, max_browsing_duration: 300, "
             f"min_page_view_interval: {THINK[0]}, max_page_view_interval: {THINK[1]}}}\n")
    sessions, mixes = defaultdict(list), {0: Counter(), MINUTES - 1: Counter()}
    count = RATE * 60 * MINUTES
    first = None
    with workplace(count * 320) as place:
        for line in lines(written(binary, place, RATE, count, PLAIN + TRANSITIONS + times)):
            address, stamp = line[:line.index(b" ")], line[line.index(b"[") + 1:line.index(b"]")]
            first = first or moment_of(stamp)
            mix = mixes.get((moment_of(stamp) - first) // timedelta(minutes=1))
            looked_at = address.endswith(b"0")
            if looked_at or mix is not None:
                hit = hit_of(line)
                if mix is not None:
                    mix[hit.state] += 1
                if looked_at:
                    sessions[address].append(hit)
    judge_visitors(figures, sessions)
    judge_mix(figures, mixes[0], mixes[MINUTES - 1])


def judge_visitors(figures, sessions):
    pairs = [pair for hits in sessions.values() for pair in zip(hits, hits[1:])]
    print(f"        {len(sessions):,} sessions, {len(pairs):,} pairs of hits")
    figures.holds("sessions: enough pairs of hits", len(pairs) > 100_000, len(pairs))
    figures.none("sessions: more than one user agent",
                 (hits for hits in sessions.values() if len({hit.agent for hit in hits}) > 1))
    figures.none("sessions: more than one user name",
                 (hits for hits in sessions.values() if len({hit.user for hit in hits} - {b"-"}) > 1))
    figures.none("sessions: user name appears without log-in or disappears without log-out",
                 ((one, two) for one, two in pairs if one.user != two.user
                  and not {one.url, two.url} & {b"/login", b"/logout"}))
    figures.none("sessions: logged in without a user name, or with one after a log-in that failed",
                 (two for one, two in pairs
                  if one.url == b"/login" and (two.user == b"-") == (one.status == b"302")))
    hits = [hit for hits in sessions.values() for hit in hits]
    figures.none("sessions: log-out without a log-in",
                 (hit for hit in hits if hit.url == b"/logout" and hit.user == b"-"))
    figures.none("sessions: log-in or log-out that is no POST answered 302 or 500", (hit for hit in hits if
                 hit.url in (b"/login", b"/logout") and (hit.method != b"POST" or hit.status not in (b"302", b"500"))))
    figures.none("sessions: referrer is not the page before",
                 (pair for pair in pairs if pair[1].referrer != SITE + pair[0].url))
    figures.none(f"sessions: think times outside {THINK[0]} to {THINK[1]} s",
                 (pair for pair in pairs
                  if not THINK[0] <= (pair[1].time - pair[0].time).total_seconds() <= THINK[1]))


def judge_mix(figures, opening, later):
    """The mix of states is steady from the first second on."""
    for state in sorted(later):
        share = opening[state] / opening.total()
        steady = later[state] / later.total()
        figures.at_most(f"sessions: share of {state} in minute 1 against minute {MINUTES}, off by",
                        100 * abs(share / steady - 1), 15, " %")


# The answers of URLs.

def urls(binary, figures):
    """A URL keeps its size, and a URL that answers 404 never answers 200. Error pages have many sizes."""
    statuses, sizes = defaultdict(set), defaultdict(set)
    errors = {b"404": set(), b"500": set()}
    sections = "error_rates: {global_500_rate: 0.02, product_404_rate: 0.1}\n"
    with workplace() as place:
        for line in lines(written(binary, place, 2000, 500_000, sections)):
            hit = hit_of(line)
            statuses[hit.url].add(hit.status)
            if hit.status == b"200":
                sizes[hit.url].add(int(hit.size))
            elif hit.status in errors:
                errors[hit.status].add(hit.size)
    missing = [url for url, seen in statuses.items() if b"404" in seen]
    print(f"        {len(statuses):,} URLs, {len(missing):,} of them answer 404")
    figures.holds("URLs: some do not exist", missing, f"{len(missing):,}")
    figures.none("URLs: answered both 200 and 404", (url for url in missing if b"200" in statuses[url]))
    figures.none("URLs: sizes of 200 that differ by more than a tenth",
                 ((url, seen) for url, seen in sizes.items() if max(seen) > 1.1 * min(seen)))
    for status, seen in errors.items():
        figures.holds(f"URLs: sizes of {status.decode()}, at least 20", len(seen) >= 20, len(seen))
