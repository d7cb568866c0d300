"""Logs that are compressed as they are written: how long that takes beside pigz, and what a kill leaves."""

import os
import random
import signal
import statistics
import subprocess
import time

from generator import Generator, complaints, workplace

START = "2026-03-01T00:00:00Z"
GIB = 1 << 30
LINES = 2_000_000
# For each form: the ending of its files, and the programs that test and unpack them.
FORMS = {"gzip": (".gz", ["gzip", "-t"], ["gzip", "-dc"])}

# How often each kind is run at the least, and at the most.
LEAST_TURNS, MOST_TURNS = 5, 12
LARGEST_SHARE_OF_PIGZ = 1.05
# Our time has the generating in it, and pigz's has not. On a quiet machine the share is below 1.
LONGEST_SHARE_OF_PIGZ = 1.15

KILLS = 20
# Enough for a run to be killed in its midst.
ENDLESS = 1_000_000_000
# What the run after a kill adds.
MORE = 5_000
# Random, but the same in every run, so that a miss can be reproduced.
MOMENTS = random.Random(20)


def measure(binary, figures):
    with workplace(room=3 * GIB) as place:
        speed(binary, figures, place)
    for form in FORMS:
        kills(binary, figures, form)


def speed(binary, figures, place):
    """The generator with --compress and pigz on the lines that are there already, in turn. The machine has fast and slow
    spells, and other guests of the host can only add to a run's time: the shortest run of each kind counts, or the middle
    one, and a ratio that is too high is measured on."""
    plain = run(binary, place / "plain", LINES)
    lines = plain.access_log
    seconds = {"pigz": [], **{form: [] for form in FORMS}}
    sizes, same = {}, {}
    ratio = float("inf")
    for turn in range(MOST_TURNS):
        if turn >= LEAST_TURNS and ratio <= 1:
            break
        for kind in seconds if turn % 2 else reversed(seconds):
            began = time.monotonic()
            if kind == "pigz":
                packed = place / "pigz.gz"
                with open(lines, "rb") as source, open(packed, "wb") as target:
                    subprocess.run(["pigz", "-1", "-p", "2"], stdin=source, stdout=target, check=True)
            else:
                packed = packed_log(run(binary, place / kind, LINES, kind), kind)
            seconds[kind].append(time.monotonic() - began)
            sizes[kind] = packed.stat().st_size
            if kind in FORMS and kind not in same:
                same[kind] = is_same(packed, FORMS[kind][2], lines)
            packed.unlink()
        ratio = ratio_of(seconds["gzip"], seconds["pigz"])
    for form in FORMS:
        figures.holds(f"--compress {form}: the lines are those of the plain log", same[form], same[form])
        spread = " and ".join(f"{min(times):.2f} to {max(times):.2f} s"
                              for times in (seconds[form], seconds["pigz"]))
        found = ratio_of(seconds[form], seconds["pigz"])
        figures.holds(f"--compress {form}: time as a share of pigz -1 -p 2 on the same lines, best or median",
                      found <= LONGEST_SHARE_OF_PIGZ, f"{found:.3f} ({spread}), <= {LONGEST_SHARE_OF_PIGZ}")
        figures.at_most(f"--compress {form}: size as a share of that by pigz -1 -p 2",
                        sizes[form] / sizes["pigz"], LARGEST_SHARE_OF_PIGZ)


def ratio_of(ours, theirs):
    return min(kind(ours) / kind(theirs) for kind in (min, statistics.median))


def run(binary, place, lines, form=None, seed=7):
    """A run that has ended by itself."""
    place.mkdir(exist_ok=True)
    with generator(binary, place, lines, form, seed) as packing:
        packing.finish()
    return packing


def generator(binary, place, lines, form, seed):
    compress = ("--compress", form) if form else ()
    return Generator(binary, place, "-q", "--from", START, "--seed", seed, "--lines", lines, "--no-wait", *compress,
                     rate=100_000)


def packed_log(packing, form):
    return packing.directory / f"access.log{FORMS[form][0]}"


def is_same(packed, unpack, plain):
    with subprocess.Popen([*unpack, packed], stdout=subprocess.PIPE) as unpacked:
        return subprocess.run(["cmp", "-s", "-", plain], stdin=unpacked.stdout, check=False).returncode == 0


def kills(binary, figures, form):
    """kill -9 at random moments, and then the end of a member cut off by hand in every second log, because a kill seldom
    tears a write. The next start repairs the files. Then the log must be readable to its end, and hold a
    gapless beginning of the killed run's stream and all of the next one."""
    broken, untold, wrong, unverified, torn = [], [], [], [], 0
    for number in range(KILLS):
        with workplace() as place:
            killed = kill_at_random(binary, place, number, form)
            logs = [killed.directory / f"{log}.log{FORMS[form][0]}" for log in ("access", "error")]
            if number % 2:
                tear(logs[0])
            were_torn = [log.name for log in logs if not is_readable(log, form)]
            torn += len(were_torn)
            again = run(binary, place, MORE, form, seed=1000 + number)
            said = " ".join(complaints(again.said()))
            untold += [name for name in were_torn if f"/{name}" not in said or "torn last member" not in said]
            broken += [log.name for log in logs if not is_readable(log, form)]
            if not are_of_the_streams(binary, place, packed_log(again, form), form, number):
                wrong.append(number)
            if not number % 2 and not verified(binary, again, form):
                unverified.append(number)
    name = f"--compress {form}, kill -9, {KILLS} times"
    print(f"        {name}: {torn} torn members")
    figures.none(f"{name}: logs that are not whole members after the next start", broken)
    figures.none(f"{name}: torn members that were not reported", untold)
    figures.none(f"{name}: runs whose lines are not those of the stream", wrong)
    figures.none(f"{name}: runs of which verify finds a line missing or foreign", unverified)


def tear(log):
    """As if the last write had not been whole; but run.json knows of all lines, so that these are missing."""
    os.truncate(log, log.stat().st_size - MOMENTS.randrange(1, 2000))


def kill_at_random(binary, place, seed, form):
    with generator(binary, place, ENDLESS, form, seed) as victim:
        log = packed_log(victim, form)
        while not (log.exists() and log.stat().st_size):
            time.sleep(0.001)
        time.sleep(MOMENTS.uniform(0.05, 0.3))
        victim.stop(signal.SIGKILL)
    victim.stderr.unlink()
    return victim


def is_readable(log, form):
    return subprocess.run([*FORMS[form][1], log], stderr=subprocess.DEVNULL, check=False).returncode == 0


def are_of_the_streams(binary, place, log, form, seed):
    found = subprocess.run([*FORMS[form][2], log], stdout=subprocess.PIPE, check=True).stdout
    more = run(binary, place / "more", MORE, seed=1000 + seed).access_log.read_bytes()
    if not found.endswith(more):
        return False
    first = found[:-len(more)]
    lines = first.count(b"\n")
    return lines > 0 and run(binary, place / "first", lines, seed=seed).access_log.read_bytes() == first


def verified(binary, packing, form):
    done = subprocess.run([binary, "verify", "--run", packing.directory / "run.json", packed_log(packing, form)],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, env=os.environ)
    if done.returncode:
        print(done.stdout)
    return done.returncode == 0
