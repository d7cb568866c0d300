"""Small disks, and a process that fills them up."""

import errno
import multiprocessing
import os
import subprocess
import time
from contextlib import contextmanager


@contextmanager
def full(path):
    """Within this context, a file at `path` fills the disk; afterwards, the disk is free again."""
    processes = multiprocessing.get_context("fork")
    is_full = processes.Event()
    filler = processes.Process(target=fill, args=(path, is_full), daemon=True)
    filler.start()
    try:
        if not is_full.wait(5):
            raise SystemExit("the disk could not be filled")
        yield
    finally:
        filler.kill()
        filler.join()
        path.unlink()


def fill(path, is_full):
    """Takes all free space, and any that others free later."""
    block = bytes(64 * 1024)
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    while True:
        try:
            os.write(file, block)
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
            is_full.set()
            time.sleep(0.001)


def why_not_mounted(place):
    """Why a disk cannot be mounted here, or None."""
    try:
        with mounted(place / "disk"):
            return None
    except (OSError, subprocess.CalledProcessError) as error:
        said = getattr(error, "stderr", None)
        return said.decode().splitlines()[0] if said else str(error)


@contextmanager
def mounted(path, megabytes=8):
    """A disk of this size at `path`."""
    path.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "access-log-generator-test", path]
    subprocess.run(mount, check=True, capture_output=True)
    try:
        yield
    finally:
        subprocess.run(["umount", path], check=True)
