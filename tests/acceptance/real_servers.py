"""Our line of a hit is what Apache or nginx writes for its request.

A first run of the generator tells what the visitor of each hit sends, and a second run with the same seed writes the tested
format. A real server gets the requests of the first run and writes the same format, and the lines are compared byte for byte.
The formats have all directives that show the request, and leave out what a real server cannot have in common with us:
addresses, ports, times, sizes, ids, and what the application behind it did. The server answers with the status of the hit.

Some things depend on how a server is set up. Ours let every user in, decode encoded slashes (AllowEncodedSlashes On), and
keep connections alive.
"""

import json
from collections import Counter
from functools import partial

from apache import Apache
from generator import Generator, workplace
from nginx import Nginx, quoted
from raw_http import authorization, request

HITS = 1_000
SEED, START = 11, "2024-03-01"
HOST = "shop.example"
BETWEEN = "<|>"

# Texts with each kind of hard byte that both servers accept in a request.
SECTIONS = r"""
site: {host: shop.example, scheme: http, products: 50}
error_rates:
  global_500_rate: 0.1
  product_404_rate: 0.1
  redirect_301: 0.1
  redirect_302: 0.1
  forbidden_access: 0.3
  auth_failure: 0.3
  cart_abandonment_rate: 0.5
navigation:
  home:
    "/": 1
    "/search": 1
    "/products": 1
    "/admin": 1
    "/profile": 1
    "/caf%C3%A9/%c3%a9": 1
    "/quote%22and%5Cslash": 1
    "/a%20space+plus": 1
    "/tab%09and%0Aline%0d%01%7f%ff": 1
    "/percent%2525%25": 1
    "/what%3Fis%23this?a=%22b%22&c=%5C&d=a+b%20c": 1
    "/twice?a=b?c&d": 1
    "/empty?": 1
    "/tilde~'(x);y=1,2!$&:@": 1
    "/under%7Cbar%3Cb%3E": 1
    "/raw\"quote\\slash<b>|^`{}?q=\"\\": 1
    "/rawé日?q=é": 1
    "/two//slashes/./dot/../dots": 1
    "/encoded%2Fslash%2f": 1
search_terms: ["laptop", "crème brûlée", "a \"quoted\" term", "50% off & more", "back\\slash", "ta\tb", "日本", "a+b"]
user_agents:
  desktop:
    - "Mozilla/5.0 (X11; Linux x86_64) \"odd\" \\ agent"
    - "a tab\tinside, two\t\ttabs"
    - "ends in a backslash\\"
    - "Größe 日本語 🙂 \u00a0\u0080"
    - "%22 %5C %r $request ${status} %{Referer}i"
    - "\\x22 \\\" \\n '' `` <b>&amp;"
  mobile: ["\"", "\\", "-"]
"""

# More bytes, which Apache answers with 400 and nginx accepts.
CONTROL_BYTES = r"""
site: {host: shop.example, scheme: http, products: 50}
user_agents:
  desktop: ["bell\x07 back\b feed\f tab\v escape\e \x01\x0e\x1f", "delete\x7f", "a \"quote\" \\ é\ttab"]
"""

# Left out: what nginx writes as it is, and would spoil the line. We replace bytes that are no UTF-8 in JSON, and control
# characters where nothing is escaped.
LEFT_OUT = {"default": (), "json": ("%ff",), "none": ("%09and%0Aline%0d%01%7f%ff", r"\u0080", r"\t")}

# What a visitor sends.
SENT = ("request_method", "request_uri", "remote_user", "http_host", "http_referer", "http_user_agent", "http_cookie",
        "http_accept", "http_accept_encoding", "http_connection", "status")
FACTS = "log_format facts escape=json '{" + ",".join(f'"{name}":"${name}"' for name in SENT) + "}';"

APACHE = ("%r", "%m", "%U", "%q", "%u", "%H", "%s", "%>s", "%l", "%v", "%V", "%%", "%X", "%{Host}i", "%{Referer}i",
          "%{User-Agent}i", "%{Cookie}i", "%{sid}C", "%{nope}C", "%{X-Nope}i", "%{Accept}i", "%{Accept-Encoding}i",
          "%{Connection}i", "%{X-Nope}o", "%{NOPE}e", "%{nope}n", "%{X-Nope}^ti", "%{X-Nope}^to",
          "%404,500{User-Agent}i", "%!200{Referer}i", "%200r", r'plain é "text" \\ \t \q')

NGINX = ("$request", "$request_method", "$request_uri", "$uri", "$document_uri", "$is_args", "$args", "$query_string",
         "$server_protocol", "$remote_user", "$status", "$host", "$http_host", "$server_name", "$http_referer",
         "$http_user_agent", "$http_cookie", "$cookie_sid", "$cookie_nope", "$http_x_nope", "$http_accept",
         "$http_accept_encoding", "$http_connection", "$sent_http_x_nope", "$sent_trailer_nope", "$content_length",
         "$content_type", "$pipe", "$scheme", "$request_completion", r'plain é "text" \ \t %h')


def measure(binary, figures):
    figures.equal("comparison: directives found unlike where one byte differs",
                  len(unlike(("%m", "%q"), [b"GET<|>?a"], [b"GET<|>?b"])), 1)
    compare(binary, figures, "Apache", APACHE, BETWEEN.join(APACHE), SECTIONS, Apache)
    for escape, left_out in LEFT_OUT.items():
        text = BETWEEN.join(NGINX)
        directive = f"log_format tested escape={escape} {quoted(text)};"
        server = partial(Nginx, escape=escape)
        compare(binary, figures, f"nginx, escape={escape}", NGINX, directive, without(left_out, SECTIONS), server)
        if escape != "none":
            compare(binary, figures, f"nginx, escape={escape}, control bytes", NGINX, directive, CONTROL_BYTES, server)


def compare(binary, figures, name, directives, ours, sections, server):
    """Our lines beside those of the server, in a format of these directives, for the same requests."""
    with workplace() as place:
        hits = [json.loads(line) for line in written(binary, place / "facts", FACTS, sections)]
        lines = written(binary, place / "ours", ours, sections)
        (place / "server").mkdir()
        place.chmod(0o711)
        statuses = sorted({int(hit["status"]) for hit in hits})
        with server(place / "server", BETWEEN.join(directives), HOST, statuses) as running:
            for hit in hits:
                running.send(as_request(hit))
            theirs = running.lines()
    figures.equal(f"{name}: hits compared", (len(hits), len(lines)), (HITS, HITS))
    figures.none(f"{name}: directives unlike the server's", unlike(directives, lines, theirs))


def without(texts, sections):
    for text in texts:
        sections = sections.replace(text, "")
    return sections


def written(binary, place, log_format, sections):
    """The lines of a run in this format."""
    place.mkdir()
    arguments = ("--seed", SEED, "--from", START, "--lines", HITS, "--no-wait", "--format", log_format)
    with Generator(binary, place, *arguments, sections=sections) as generator:
        generator.finish()
    return generator.access_log.read_bytes().split(b"\n")[:-1]


def as_request(hit):
    """The request of a hit as its visitor sends it."""
    sent = {name: value.encode() for name, value in hit.items()}
    headers = [(name.removeprefix("http_").replace("_", "-").encode(), value)
               for name, value in sent.items() if name.startswith("http_") and value]
    if sent["remote_user"]:
        headers.append(authorization(sent["remote_user"]))
    headers.append((b"X-Status", sent["status"]))
    return request(sent["request_method"], sent["request_uri"], headers)


def unlike(directives, ours, theirs):
    """The directives that differ: in how many lines, and the first of these."""
    counts, first = Counter(), {}
    for our, their in zip(ours, theirs):
        pairs = [line.split(BETWEEN.encode()) for line in (our, their)]
        if len(pairs[0]) != len(pairs[1]):
            pairs = [[our], [their]]
        for directive, one, other in zip(directives, *pairs):
            if one != other:
                counts[directive] += 1
                first.setdefault(directive, f"{one!r}, the server {other!r}, in {our[:60]!r}")
    return [f"{directive}, {count} lines: {first[directive]}" for directive, count in counts.items()]
