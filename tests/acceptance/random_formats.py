"""apachelogs reads the hits in any LogFormat.

The directives come from the table in configs/README.md, so a new one is tested without a change here. Each random format has
some of them in any order, now and then with a `<` or `>` or for some statuses alone, and random texts around them. Two things
must hold of each line: apachelogs accepts it, and it reads the same value in each place that it reads when the directive
stands alone.

No directive of the table is left out, but some must be kept apart, because a line would have two meanings. A value that is
text can have any byte except a bare quote and control bytes, so the text behind it begins with a quote or a tab. A value
that is a number ends where no digit follows, so any text that begins otherwise may stand behind it, but no second number. Of
strftime(3), apachelogs does not know `%c`, `%k`, `%l`, `%r` and `%x`. No format ends in a space, because the generator cuts it
off.
"""

import itertools
import random
import re
from multiprocessing import Pool
from pathlib import Path

from apachelogs import LogParser

from generator import Generator, workplace
from judges import SECTIONS

TABLES = Path(__file__).parents[2] / "configs" / "README.md"
TABLE = re.compile(r"^### Directives of Apache's LogFormat$(.*?)^### ", re.M | re.S)
FEWEST_DIRECTIVES = 70
SEED, FORMATS, LINES, PROCESSES = 20, 200, 200, 2

# Directives whose values are numbers or times.
NUMBER = re.compile(r"%\^FB|%[^{]*(?:\{[a-z_]+\})?[bBDIkOpPsSTt]")
AFTER_TEXT = ('"', '" ', '" "', '"|', r"\t", r"\t\"", '"-"', '" é=', '"] ')
AFTER_NUMBER = (*AFTER_TEXT, " ", "|", "ms ", "/", "; x=", ") (", "é", "]: [", "%% ", " - ", r" \\ ", "?")
NAMES = ("X-Test", "x_y", "Other", "A")
TIMES = ("%d/%b/%Y:%H:%M:%S %z", "%Y-%m-%dT%H:%M:%S%z", "begin:%s", "%A, %e. %B %Y, %I:%M %p", "%a %j %y %T", "%D", "%F",
         "%H", "%Z", "%%", "%C", "%u", "%V of %G", "%h", "%R", "%U", "%W", "begin:msec", "begin:usec_frac")
MODIFIERS = ("", "", "", "", "<", ">", "404,500", "!200", "!301,302,500", ">200")

# A line that the format before it does not make.
BROKEN = '%h "%r" %>s', b'198.51.100.7 "GET / HTTP/1.1" 2x0'


def measure(binary, figures):
    known = directives()
    chance = random.Random(SEED)
    formats = [random_format(chance, known) for _ in range(FORMATS)]
    used = sorted({directive for directive, _ in itertools.chain.from_iterable(formats)})
    with Pool(PROCESSES) as pool:
        alone = pool.starmap(read_back, [(binary, [(directive, '"')]) for directive in used])
        together = pool.starmap(read_back, [(binary, parts) for parts in formats])
    name = f"{FORMATS} random LogFormats"
    figures.holds(f"{name}: directives in the table", len(known) >= FEWEST_DIRECTIVES, len(known))
    figures.none(f"{name}: directives that none of them has", unused(known, used))
    figures.equal("apachelogs: notices a line that its LogFormat does not make", read(*BROKEN), None)
    figures.equal(f"{name}: lines", sum(len(lines) for lines in together), FORMATS * LINES)
    figures.none(f"{name}: lines rejected", rejected(alone + together))
    figures.none(f"{name}: values unlike those of the directive alone", unlike(together, alone))


def directives():
    """The directives of the table."""
    return re.findall(r"^\| `(%[^`]+)` \|", TABLE.search(TABLES.read_text())[1], re.M)


def random_format(chance, known):
    """A LogFormat in parts: directives, each with the text behind it."""
    parts = []
    for _ in range(chance.randint(1, 12)):
        directive = chance.choice(known)
        texts = AFTER_NUMBER if NUMBER.fullmatch(directive) else AFTER_TEXT
        directive = directive.replace("NAME", chance.choice(NAMES)).replace("FORMAT", chance.choice(TIMES))
        if directive != "%%":
            directive = "%" + chance.choice(MODIFIERS) + directive[1:]
        parts.append((directive, chance.choice(texts)))
    return parts


def unused(known, used):
    """The directives of the table that no format has."""
    plain = {re.sub(r"^%[<>!,\d]+(?=[^%])", "%", directive) for directive in used}
    for directive in known:
        pattern = re.escape(directive).replace("NAME", ".+").replace("FORMAT", ".+")
        if not any(re.fullmatch(pattern, one) for one in plain):
            yield directive


def read_back(binary, parts):
    """What apachelogs reads from lines in this format: for each line, the line and its values, or None for a reject."""
    log_format = '"' + "".join(directive + text for directive, text in parts).rstrip()
    with workplace() as place:
        arguments = ("--seed", SEED, "--from", "2024-03-01", "--lines", LINES, "--no-wait", "--format", log_format)
        with Generator(binary, place, *arguments, sections=SECTIONS) as generator:
            generator.finish()
        lines = generator.access_log.read_bytes().split(b"\n")[:-1]
    return [(f"{log_format} {line}", read(log_format, line)) for line in lines]


def read(log_format, line):
    r"""The values of a line. Of backslashes, apachelogs knows those in values, but not those in formats."""
    text = log_format.replace(r"\t", "\t").replace(r"\"", '"').replace("\\\\", "\\")
    try:
        return LogParser(text.encode().decode("latin-1")).parse(line.decode("latin-1")).directives
    except ValueError:  # InvalidEntryError is one
        return None


def rejected(logs):
    return (line for log in logs for line, values in log if values is None)


def unlike(together, alone):
    """The values that apachelogs reads otherwise from a line with one directive."""
    expected = [{} for _ in range(LINES)]
    for log in alone:
        for values, (_, more) in zip(expected, log):
            values.update(more or {})
    for log in together:
        for values, (line, found) in zip(expected, log):
            for directive, value in (found or {}).items():
                if values.get(directive) != value:
                    yield f"{directive} is {value!r} and not {values.get(directive)!r} in {line}"
