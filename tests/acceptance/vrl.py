"""Vector's language reads a log by parse_apache_log, in its combined format."""

from multiprocessing import Pool

from pyvrl import Transform

from access_log import lines

PROGRAM = 'parse_apache_log!(.message, "combined")'
PROCESSES = 2


def refused(log, processes=PROCESSES):
    """The numbers of the lines that it refuses, from 1. What is no UTF-8 is no text to it, and refused, too."""
    if processes == 1:
        return part(log, 0, 1)
    with Pool(processes) as pool:
        return set().union(*pool.starmap(part, [(log, index, processes) for index in range(processes)]))


def part(log, index, count):
    """Of the lines whose number leaves this rest."""
    transform, found = Transform(PROGRAM), set()
    for number, line in enumerate(lines(log), 1):
        if number % count == index and not reads(transform, line):
            found.add(number)
    return found


def reads(transform, line):
    try:
        transform.remap({"message": line.decode()})
    except (UnicodeDecodeError, ValueError):
        return False
    return True
