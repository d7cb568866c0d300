"""goaccess reads random LogFormats by what --print-parser goaccess prints.

Each format has what goaccess cannot do without (address, time, status, and the request line or the path) and some of what else
it has a specifier for, in any order, with directives between them that it has to skip. What ends a value is not in the value:
texts stand in quotes or before a tab, and the others before any of a few texts. goaccess must accept each line, and count each
status as often as the lines have it: so it read the status where it stands.
"""

import random
import subprocess
from collections import Counter
from multiprocessing import Pool

import goaccess
from access_log import lines
from generator import Generator, workplace
from judges import SECTIONS

SEED, FORMATS, LINES, PROCESSES = 11, 20, 2_000, 2
ARGUMENTS = ("--seed", SEED, "--from", "2024-03-01T00:00:00Z", "--lines", LINES, "--no-wait")

ADDRESS = ("%h", "%a")
TIME = ("%t", "[%{%d/%b/%Y:%H:%M:%S %z}t]", "%{%Y-%m-%d %H:%M:%S}t", "%{%Y-%m-%dT%H:%M:%S%z}t", "%{%F}t %{%T}t", "%{sec}t",
        "%{begin:%d/%b/%Y %T}t", "%{%D %T}t", "%{%d %b %Y %T}t", "%{%A, %d %B %Y %T}t", "%{%d/%b/%Y:%T}t.%{msec_frac}t", "%{%s}t")
STATUS = ("%s", "%>s")
REQUEST = ('"%r"', '%m "%U" "%q" %H', '"%U"', '%H "%U%q"')
# Of each of these goaccess takes one at most.
OTHERS = (
    ("%b", "%B", "%O"),
    ('"%{Referer}i"',),
    ('"%{User-Agent}i"',),
    ("%u",),
    ("%v", "%V", "%{Host}i"),
    ("%D", "%{us}T", "%{ms}T"),
    ('"%{Content-Type}o"',),
    ("%{SSL_CIPHER}x",),
)
SKIPPED = ("%l", "%p", "%P", "%k", "%X", "%I", "%S", "%{tid}P", '"%f"', "%{X-Request-Id}i", "%{X-Other}i")
BETWEEN = (" ", " ", " ", "\t", " | ", " ; ", " - ", " took ")


def measure(binary, figures):
    chance = random.Random(SEED)
    formats = [random_format(chance) for _ in range(FORMATS)]
    # The hits are the same in all formats.
    expected = statuses(written(binary, "%>s"))
    with Pool(PROCESSES) as pool:
        found = pool.starmap(read, [(binary, log_format) for log_format in formats], chunksize=1)
    name = f"goaccess: {FORMATS} random LogFormats of its own directives"
    figures.none(f"{name}: lines rejected, of {LINES:,} in each",
                 [f"{log_format}: {report}" for log_format, report in zip(formats, found)
                  if not isinstance(report, goaccess.Report) or (report.valid, report.failed) != (LINES, 0)])
    figures.none(f"{name}: formats in which it finds other statuses",
                 [f"{log_format}: {report.statuses} and not {expected}" for log_format, report in zip(formats, found)
                  if isinstance(report, goaccess.Report) and report.statuses != expected])


def random_format(chance):
    parts = [chance.choice(known) for known in (ADDRESS, TIME, STATUS, REQUEST)]
    parts += [chance.choice(known) for known in chance.sample(OTHERS, chance.randint(0, len(OTHERS)))]
    parts += chance.sample(SKIPPED, chance.randint(0, 3))
    chance.shuffle(parts)
    return "".join(part + chance.choice(BETWEEN) for part in parts[:-1]) + parts[-1]


def written(binary, log_format):
    """The lines in a format."""
    with workplace() as place:
        with Generator(binary, place, *ARGUMENTS, "--format", log_format, sections=SECTIONS) as generator:
            generator.finish()
        return list(lines(generator.access_log))


def statuses(found):
    """How often each status is there, as goaccess counts them."""
    return tuple(sorted(Counter(status.decode().strip() for status in found).items()))


def read(binary, log_format):
    """goaccess' report on the lines in a format; what the generator says if it prints nothing for it."""
    done = subprocess.run([binary, "--print-parser", "goaccess", "--format", log_format], capture_output=True, text=True)
    if done.returncode != 0:
        return done.stderr
    settings = dict(line.split(" ", 1) for line in done.stdout.splitlines() if not line.startswith("#"))
    with workplace() as place:
        with Generator(binary, place, *ARGUMENTS, "--format", log_format, sections=SECTIONS) as generator:
            generator.finish()
        return goaccess.read(generator.access_log, settings["log-format"], settings["date-format"], settings["time-format"])
