"""The cost of shards of one site: several generators at the same time, each in its own directory."""

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

import timed
from generator import ENVIRONMENT, STREAM, Generator
from rows import MILLION, Case

LIVE_SECONDS, QUICK_SECONDS = 10, 2
LIVE_RATE = 100_000


@contextmanager
def shards(bench):
    lines = bench.lines(20 * MILLION, 2 * MILLION)
    counts = (1, 2, 4, 8)
    names = [f"{counted(count)} to /dev/null, flat out" for count in counts]
    flat_out = [Case(name, lambda count=count: written(bench, count, "--no-wait", "--lines", lines // count),
                     names[0] if count > 1 else "")
                for name, count in zip(names, counts)]
    seconds = QUICK_SECONDS if bench.quick else LIVE_SECONDS
    live = ("--duration", f"{seconds}s", "--rate", LIVE_RATE)
    names = [f"{counted(count)} to /dev/null, {LIVE_RATE:,} lines/s in all, live" for count in counts]
    yield flat_out + [Case(name, lambda count=count: written(bench, count, *live), "")
                      for name, count in zip(names, counts)]


def counted(count):
    return f"{count} shards" if count > 1 else "1 shard"


def written(bench, count, *arguments):
    """The cost of all shards: the time until the last one ended, and the sums of all other figures."""
    # With --no-wait, all shards begin at the same time of the stream; without it, when they are started.
    stream = STREAM if "--no-wait" in arguments else STREAM[:2]
    with ExitStack() as stack:
        commands = []
        for index in range(count):
            place = bench.place / f"shard-{index}"
            place.mkdir(exist_ok=True)
            generator = Generator(bench.generator.binary, place)
            stack.enter_context(generator.discarded())
            commands.append(generator.command(*stream, "--summary", "json", "--shard", f"{index}/{count}",
                                              *arguments, steady=True))
        with ThreadPoolExecutor(count) as pool:
            results = list(pool.map(lambda command: timed.run(command, env=ENVIRONMENT), commands))
    summaries = [json.loads(printed) for _, printed in results]
    took = [took for took, _ in results]
    return timed.Took(max(one.seconds for one in took),
                      lines=sum(summary["total_logs_generated"] for summary in summaries),
                      size=sum(summary["access_bytes"] for summary in summaries),
                      processor=sum(one.processor for one in took),
                      peak_mib=sum(one.peak_mib for one in took))
