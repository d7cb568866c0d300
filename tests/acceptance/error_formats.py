"""Each format of error.log is read by programs of other people, and each line belongs to one line of access.log."""

import json
from datetime import datetime, timezone

import nginx_error_log
from pygrok import Grok

from access_log import lines
from generator import Generator, workplace
from judges import SECTIONS

# Lines of access.log, and of error.log at the least.
LINES, ERRORS = 400_000, 10_000
SEED, RATE, START = 3, 2000, "2024-03-01T00:00:00Z"

# What access.log shows beside each format of error.log: what a line of both has, between tabs, and the status.
ACCESS = {
    "apache": "%>s\t%{%s}t.%{usec_frac}t\t%a\t%{remote}p\t%P\t%{tid}P\t%u\t%U\t%{Referer}i",
    "nginx": "$status\t$msec\t$remote_addr\t$pid\t$connection\t$remote_user\t$request\t$http_referer\t$host\t$server_name\t"
             "$upstream_addr",
    "json": "json",
}

MODULES = {"401": "auth_basic", "403": "authz_core"}


def measure(binary, figures):
    with workplace(1 << 30) as place:
        for name, judge in (("apache", apache), ("nginx", nginx), ("json", in_json)):
            directory = place / name
            directory.mkdir()
            arguments = ("--seed", SEED, "--from", START, "--lines", LINES, "--format", ACCESS[name])
            with Generator(binary, directory, *arguments, rate=RATE, output=f"error_format: {name}\n",
                           sections=SECTIONS) as generator:
                generator.finish()
            logs = generator.directory
            errors = [line.decode() for line in lines(logs / "error.log")]
            hits = failed_json(logs / "access.log") if name == "json" else failed(logs / "access.log")
            figures.holds(f"error_format {name}: lines of error.log, {ERRORS:,} or more", len(errors) >= ERRORS, f"{len(errors):,}")
            figures.equal(f"error_format {name}: lines of access.log that failed", len(hits), len(errors))
            pairs = list(zip(errors, hits))
            figures.equal(f"error_format {name}: damaged lines noticed of 3",
                          sum(bool(judge(damaged, hit)) for damaged, hit in damages(*pairs[0], pairs[-1][1])), 3)
            faults = (judge(line, hit) for line, hit in pairs)
            figures.none(f"error_format {name}: lines that are rejected or are not those of their hits", filter(None, faults))


def damages(line, hit, other):
    """A line that is cut off, one that something precedes, and one with another hit."""
    return (line[:50], hit), (f"x{line}", hit), (line, other)


def failed(log):
    """The fields of the hits that belong into error.log, in their order."""
    hits = (line.decode().split("\t") for line in lines(log))
    return [hit for hit in hits if is_failure(int(hit[0]))]


def failed_json(log):
    return [hit for hit in map(json.loads, lines(log)) if is_failure(hit["status"])]


def is_failure(status):
    return status in (401, 403) or status >= 500


def first_difference(pairs):
    """The first pair of unlike values, as a finding."""
    return next((f"{found!r} is not {expected!r}" for found, expected in pairs if found != expected), None)


HTTPD = Grok("^%{HTTPD24_ERRORLOG}$")


def apache(line, hit):
    """Logstash's pattern for the error log of Apache 2.4, by pygrok. What failed in the application names no path."""
    status, time, address, port, process, thread, user, path, referrer = hit
    found = HTTPD.match(line)
    if found is None:
        return line
    referrer = "" if referrer == "-" else f", referer: {referrer}"
    code, message = {
        "403": ("AH01630", f"client denied by server configuration: /var/www/html{path}"),
        "401": ("AH01614", f"client used wrong authentication scheme: {path}") if user == "-" else
               ("AH01617", f'user {user}: authentication failure for "{path}": Password Mismatch'),
    }.get(status, (None, None))
    if code is None:
        timed_out = found["proxy_errorcode"] is not None
        code = "AH01075" if timed_out else "AH01071"
        message = found["message"].removesuffix(referrer)
        shape = ("Error dispatching request to : (polling)", "") if timed_out else ("Got error 'PHP message: PHP Fatal error:  ", "'")
        if not (message.startswith(shape[0]) and message.endswith(shape[1])):
            return line
    return first_difference([
        (datetime.strptime(found["timestamp"], "%a %b %d %H:%M:%S.%f %Y"), utc(time)),
        (found["module"], MODULES.get(status, "proxy_fcgi")),
        (found["loglevel"], "error"),
        ((found["client"], found["clientport"]), (address, port)),
        ((found["pid"], found["tid"]), (process, thread)),
        (found["errorcode"], code),
        (found["message"], message + referrer),
    ])


def nginx(line, hit):
    """The package nginx-error-log reads all but the parts of the message."""
    status, time, address, process, connection, user, request, referrer, host, server, upstream = hit
    try:
        found = nginx_error_log.parse_line(line)
    except nginx_error_log.ParseError as error:
        return error
    expected = f', client: {address}, server: {server}, request: "{request}"'
    expected += f', upstream: "fastcgi://{upstream}"' if upstream != "-" else ""
    expected += f', host: "{host}"'
    expected += f', referrer: "{referrer}"' if referrer != "-" else ""
    asked = status == "401" and user == "-"
    message, rest = found.message[:-len(expected)], found.message[-len(expected):]
    told = {
        "403": "access forbidden by rule",
        "401": "no user/password was provided for basic authentication" if asked else f'user "{user}": password mismatch',
    }.get(status)
    in_php = message.startswith('FastCGI sent in stderr: "PHP message: PHP Fatal error:  ') or message.startswith("upstream timed out")
    if told is None and in_php and message.endswith(" while reading response header from upstream"):
        told = message
    return first_difference([
        (found.timestamp, utc(time).replace(microsecond=0)),
        (found.level, nginx_error_log.Level.INFO if asked else nginx_error_log.Level.ERROR),
        ((found.pid, found.tid), (int(process), int(process))),
        (found.cid, int(connection)),
        (rest, expected),
        (message, told),
    ])


def in_json(line, hit):
    """Python's json. The two lines have the same request id, and the same values under the same keys."""
    try:
        found = json.loads(line)
    except ValueError as error:
        return f"{error} in {line}"
    keys = ("time", "remote_host", "user", "method", "path", "query", "status", "host", "request_id")
    return first_difference((found.get(key), hit[key]) for key in keys) or first_difference([
        (found["level"], "ERROR" if hit["status"] >= 500 else "WARNING"),
        (bool(found["message"]), True),
    ])


def utc(seconds):
    """Seconds since 1970 with a fraction, as a time without a zone."""
    whole, fraction = seconds.split(".")
    time = datetime.fromtimestamp(int(whole), timezone.utc).replace(tzinfo=None)
    return time.replace(microsecond=int(fraction.ljust(6, "0")))
