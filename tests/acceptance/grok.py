"""pygrok, with Logstash's patterns, reads the lines that syslog carries."""

from itertools import islice

from pygrok import Grok

from access_log import lines


def rejected(log, pattern, sample):
    """The first lines of a log that the pattern does not match as a whole."""
    grok = Grok(f"^{pattern}$")
    return [line for line in islice(lines(log), sample) if grok.match(line.decode()) is None]
