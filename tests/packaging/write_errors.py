"""Failed writes, counted by their cause: real faults, each in its own run."""

import re
import subprocess
import time
from contextlib import contextmanager

import disks
import scrapes
from generator import Generator, free_port, workplace

KINDS = re.compile(r'write_errors_total\{kind="(\w+)"\}')
PATIENCE_SECONDS = 5


def measure(binary, figures):
    full_disk(binary, figures)
    for kind, fault in (("not_found", nowhere), ("read_only", read_only), ("permission", immutable)):
        try:
            refused(binary, figures, kind, fault)
        except (OSError, subprocess.CalledProcessError) as error:
            said = getattr(error, "stderr", None)
            figures.not_run(f"{kind}: write errors", said.decode().splitlines()[0] if said else str(error))


def full_disk(binary, figures):
    with workplace() as place:
        if refusal := disks.why_not_mounted(place):
            figures.not_run("full disk: write errors", f"a tmpfs cannot be mounted here: {refusal}")
            return
        generator = Generator(binary, place, rate=1000, port=free_port())
        with disks.mounted(generator.directory):
            with generator:
                generator.wait_until_ready()
                with disks.full(generator.directory / "somebody-elses"):
                    time.sleep(2)
                    found = scrapes.values(generator.port)
    figures.equal("full disk: kinds of write errors", sorted(counted(found)), ["no_space"])
    figures.equal("full disk: healthy, ready", (found["healthy"], found["ready"]), (0.0, 0.0))
    figures.equal("full disk: free bytes", round(found["disk_free_bytes"]), 0)


def counted(found):
    """How many writes failed, by kind, without kinds of which none failed."""
    return {KINDS.match(series)[1]: value for series, value in found.items() if KINDS.match(series) and value}


def refused(binary, figures, kind, fault):
    """The file cannot be opened at its path, and later it can."""
    with workplace() as place, Generator(binary, place, rate=100, port=free_port()) as generator:
        generator.wait_until_ready()
        with fault(generator.directory):
            during = until(generator, 0)
        after = until(generator, 1)
    figures.equal(f"{kind}: kinds of write errors", sorted(counted(during)), [kind])
    figures.equal(f"{kind}: healthy, ready", (during["healthy"], during["ready"]), (0.0, 0.0))
    figures.equal(f"{kind}: healthy, ready, once it works again", (after["healthy"], after["ready"]), (1.0, 1.0))


def until(generator, healthy):
    """The metrics once `healthy` has this value, or after some time."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (found := scrapes.values(generator.port))["healthy"] != healthy and time.monotonic() < deadline:
        time.sleep(0.05)
    return found


@contextmanager
def elsewhere(logs, target):
    """Makes access.log a link in one step, because the generator may check the path at any moment."""
    link, log = logs / "link", logs / "access.log"
    link.symlink_to(target / "access.log")
    link.replace(log)
    try:
        yield
    finally:
        log.unlink()


@contextmanager
def nowhere(logs):
    """Into a directory that does not exist."""
    with elsewhere(logs, logs / "nowhere"):
        yield


@contextmanager
def immutable(logs):
    """Into a directory where not even root may create files."""
    directory = logs.parent / "immutable"
    directory.mkdir()
    call("chattr", "+i", directory)
    try:
        with elsewhere(logs, directory):
            yield
    finally:
        call("chattr", "-i", directory)


@contextmanager
def read_only(logs):
    """Mounts a read-only file system over the directory."""
    call("mount", "-t", "tmpfs", "-o", "ro", "access-log-generator-test", logs)
    try:
        yield
    finally:
        call("umount", logs)


def call(*command):
    subprocess.run(command, check=True, capture_output=True)
