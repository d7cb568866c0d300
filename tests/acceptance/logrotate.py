"""Nothing is lost when logrotate rotates the log, whether it sends SIGUSR1 as to nginx or no signal."""

import subprocess
import time

from consumer import Mtail, TailFile
from followed import Followed
from generator import complaints, workplace
from series import content, rotated_by_logrotate, split

LINES = 200_000
LINES_COPIED = 60_000
# What is written while logrotate is between copying and truncating is lost; it is not much.
LEAST_KEPT = 0.9


def measure(binary, figures):
    renamed(binary, figures)
    signalled(binary, figures)
    copied(binary, figures)


def renamed(binary, figures):
    """`create`: the log is renamed and a new file is in its place, which the generator must notice
    before it writes: nobody reads the old one for long."""
    name = "logrotate create"
    with workplace(on_disk=True) as place:
        with Followed(binary, place, TailFile, Mtail) as followed:
            with followed.generator(LINES) as generator:
                rotations = rotate(figures, name, place, generator, "create", every=2.0)
            sent = followed.sent()
            followed.wait_for(sent)
        files = rotated_by_logrotate(generator.directory)
        figures.equal(f"{name}: rotated files", len(files), rotations)
        figures.none(f"{name}: files of other names",
                     set(generator.directory.glob("access.log?*")) - set(files))
        on_disk = b"".join(map(content, [*files, generator.access_log]))
        followed.judge(figures, name, sent, on_disk)
        told = complaints(generator.said())
        noticed = [line for line in told if "was taken away or replaced" in line]
        figures.equal(f"{name}: rotations that are told of", len(noticed), rotations)
        figures.none(f"{name}: other complaints", set(told) - set(noticed))


def signalled(binary, figures):
    """`create` and a `postrotate` that sends SIGUSR1, as nginx is told; each one is acknowledged."""
    name = "logrotate postrotate kill -USR1"
    with workplace(on_disk=True) as place:
        with Followed(binary, place, TailFile, Mtail) as followed:
            with followed.generator(LINES) as generator:
                lock = generator.directory / ".access-log-generator.lock"
                script = f"create\n  postrotate\n    kill -USR1 $(cat {lock})\n  endscript"
                rotations = rotate(figures, name, place, generator, script, every=2.0)
            sent = followed.sent()
            followed.wait_for(sent)
        files = rotated_by_logrotate(generator.directory)
        figures.equal(f"{name}: rotated files", len(files), rotations)
        on_disk = b"".join(map(content, [*files, generator.access_log]))
        followed.judge(figures, name, sent, on_disk)
        said = generator.said().splitlines()
        reopened = [line for line in said if "SIGUSR1: the log files are reopened" in line]
        figures.equal(f"{name}: signals that are acknowledged", len(reopened), rotations)
        # Between the new file and the signal a batch may meet the new file first.
        told = [line for line in complaints(generator.said())
                if "was taken away or replaced" not in line]
        figures.none(f"{name}: other complaints", told)


def copied(binary, figures):
    """`copytruncate`: the log is copied and emptied. What logrotate loses between the two is not the
    generator's to save, but what is kept must be whole lines in order, with no hole before them."""
    name = "logrotate copytruncate"
    with workplace(on_disk=True) as place:
        with Followed(binary, place) as followed:
            with followed.generator(LINES_COPIED) as generator:
                rotations = rotate(figures, name, place, generator, "copytruncate", every=1.0)
            sent = split(followed.sent())
        files = rotated_by_logrotate(generator.directory)
        figures.equal(f"{name}: rotated files", len(files), rotations)
        # A copy may end in the middle of a write, whose rest is lost with what follows.
        copies = [stream[:stream.rfind(b"\n") + 1] for stream in map(content, files)]
        kept = split(b"".join(copies) + content(generator.access_log))
        print(f"        {name}: {len(sent) - len(kept):,} of {len(sent):,} lines lost by logrotate")
        rest = iter(sent)
        # Looking for a line goes on behind the one that was found before.
        figures.none(f"{name}: first line torn, doubled or out of order",
                     next(([line] for line in kept if line not in rest), []))
        figures.holds(f"{name}: lines kept", len(kept) >= LEAST_KEPT * len(sent), f"{len(kept):,}")
        figures.none(f"{name}: complaints", complaints(generator.said()))


def rotate(figures, name, place, generator, way, every):
    """Runs logrotate with a configuration and a state of its own until the generator is done.
    How often that was."""
    configuration = place / "logrotate.conf"
    configuration.write_text(f"{generator.access_log} {{\n  size 1\n  rotate 1000\n  {way}\n}}\n")
    # It trusts no configuration that others may write to.
    configuration.chmod(0o600)
    rotations, failures = 0, []
    # Not with the last line, or nobody could tell whether it is still noticed.
    due = time.monotonic() + every / 2
    while generator.process.poll() is None:
        if time.monotonic() < due:
            time.sleep(0.01)
            continue
        due += every
        rotations += 1
        done = subprocess.run(["logrotate", "--state", place / "logrotate.state", configuration],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode or done.stdout:
            failures.append(f"status {done.returncode}: {done.stdout}")
    generator.finish()
    figures.none(f"{name}: runs of logrotate that failed", failures)
    return rotations
