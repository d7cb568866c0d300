"""How fast this machine is at the moment: a virtual one has spells in which everything takes longer."""

import os
import random
import resource
import time
import zlib

# What the work below takes on the machine that the limits are for: a core of an Intel Xeon at 2.5 GHz.
REFERENCE_SECONDS = 0.09
WORK = bytes(random.Random(1).choices(range(97, 123), k=4 << 20))


def slowness():
    """How much longer the same work takes here and now than on the reference machine, but at least 1: a limit on processor
    time is multiplied by it, so that it judges the program and not the host."""
    return max(1.0, min(seconds() for _ in range(8)) / REFERENCE_SECONDS)


def seconds():
    began = time.process_time()
    zlib.compress(WORK, 1)
    return time.process_time() - began


def waking(a_second, links=3, turns=100):
    """The share of a core, in per cent, of a chain of processes that do nothing but wake each other so many times a second,
    here and now. A virtual machine may take 40 us of processor time to wake one."""
    return 100 * a_second * (chain_seconds(turns, 1 / a_second, links) - chain_seconds(0, 0, links)) / turns


def chain_seconds(turns, pause, links):
    """The processor time of a chain: its first process sleeps, and wakes the second, which wakes the third."""
    before = children_seconds()
    pipes = [os.pipe() for _ in range(links - 1)]
    processes = []
    for link in range(links):
        process = os.fork()
        if process == 0:
            for _ in range(turns):
                if link == 0:
                    time.sleep(pause)
                else:
                    os.read(pipes[link - 1][0], 1)
                if link < links - 1:
                    os.write(pipes[link][1], b"x")
            os._exit(0)
        processes.append(process)
    for ends in pipes:
        for end in ends:
            os.close(end)
    for process in processes:
        os.waitpid(process, 0)
    return children_seconds() - before


def children_seconds():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
