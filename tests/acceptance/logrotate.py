"""Nothing is lost when logrotate rotates the log, with SIGUSR1, as for nginx, or without a signal."""

import subprocess
import time

from consumer import Mtail, TailFile
from followed import Followed
from generator import complaints, workplace
from series import content, rotated_by_logrotate, split

LINES = 200_000
LINES_COPIED = 60_000
# The share of lines that copytruncate keeps. It loses those that are written between the copy and the truncation.
LEAST_KEPT = 0.9


def measure(binary, figures):
    renamed(binary, figures)
    signalled(binary, figures)
    copied(binary, figures)


def renamed(binary, figures):
    """`create`: logrotate renames the log and makes a new one. The generator must notice that before it writes, because
    consumers stop reading the old file soon."""
    name = "logrotate create"
    with workplace(on_disk=True) as place:
        with Followed(binary, place, TailFile, Mtail) as followed:
            with followed.generator(LINES) as generator:
                rotations = rotate(figures, name, place, generator, "create", every=2.0)
            sent = followed.sent()
            followed.wait_for(sent)
        files = rotated_by_logrotate(generator.directory)
        figures.equal(f"{name}: rotated files", len(files), rotations)
        figures.none(f"{name}: files with other names",
                     set(generator.directory.glob("access.log?*")) - set(files))
        on_disk = b"".join(map(content, [*files, generator.access_log]))
        followed.judge(figures, name, sent, on_disk)
        told = complaints(generator.said())
        noticed = [line for line in told if "was taken away or replaced" in line]
        figures.equal(f"{name}: messages about a rotation", len(noticed), rotations)
        figures.none(f"{name}: other complaints", set(told) - set(noticed))


def signalled(binary, figures):
    """`create` with a `postrotate` that sends SIGUSR1, as for nginx. The generator acknowledges each signal."""
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
        # Before the signal comes, the generator may find the new file when it writes a batch.
        told = [line for line in complaints(generator.said())
                if "was taken away or replaced" not in line]
        figures.none(f"{name}: other complaints", told)


def copied(binary, figures):
    """`copytruncate`: logrotate copies the log and then empties it. The generator cannot save the lines written in between.
    All lines that are kept must be whole and in order, and the file must not begin with zero bytes."""
    name = "logrotate copytruncate"
    with workplace(on_disk=True) as place:
        with Followed(binary, place) as followed:
            with followed.generator(LINES_COPIED) as generator:
                rotations = rotate(figures, name, place, generator, "copytruncate", every=1.0)
            sent = split(followed.sent())
        files = rotated_by_logrotate(generator.directory)
        figures.equal(f"{name}: rotated files", len(files), rotations)
        # A copy may end in the middle of a write; the rest of that line is lost.
        copies = [stream[:stream.rfind(b"\n") + 1] for stream in map(content, files)]
        kept = split(b"".join(copies) + content(generator.access_log))
        print(f"        {name}: {len(sent) - len(kept):,} of {len(sent):,} lines lost by logrotate")
        rest = iter(sent)
        # The search for a line starts after the line that was found before.
        figures.none(f"{name}: first line torn, doubled or out of order",
                     next(([line] for line in kept if line not in rest), []))
        figures.holds(f"{name}: lines kept", len(kept) >= LEAST_KEPT * len(sent), f"{len(kept):,}")
        figures.none(f"{name}: complaints", complaints(generator.said()))


def rotate(figures, name, place, generator, way, every):
    """Runs logrotate with its own configuration and state until the generator has ended; returns how often."""
    configuration = place / "logrotate.conf"
    configuration.write_text(f"{generator.access_log} {{\n  size 1\n  rotate 1000\n  {way}\n}}\n")
    # logrotate refuses a configuration that others may write to.
    configuration.chmod(0o600)
    rotations, failures = 0, []
    # Not at the last line, because the generator might then end before it can notice.
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
