"""A log with its rotated files, read from outside, while they are written or afterwards."""

import gzip
import multiprocessing
import os
import re
import time
from collections import Counter

ROTATED = re.compile(r"-(\d{8}T\d{6})(?:\.(\d{3,}))?(\.gz)?")
BLOCK = 1 << 20
# Two looks of the follower are this far apart: a file of 1 MiB is written in no less than that.
POLL_SECONDS = 0.002


def rotated(directory, log):
    """The rotated files of a log, oldest first, as pairs of age and name. The name is the plain
    one where both a file and its archive are there."""
    found = {}
    for name in sorted(os.listdir(directory), reverse=True):
        if name.startswith(log) and (parts := ROTATED.fullmatch(name, len(log))):
            found[parts[1], int(parts[2] or 0)] = name
    return sorted(found.items())


def content(path):
    """All bytes of a file, unpacked if it is an archive; of a file that has just become one, too."""
    path = str(path)
    try:
        with gzip.open(path) if path.endswith(".gz") else open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        if path.endswith(".gz"):
            raise
        return content(f"{path}.gz")


def whole(directory, log):
    """The whole series as bytes, in the order of age."""
    files = [name for _, name in rotated(directory, log)] + [log]
    return b"".join(content(directory / name) for name in files)


def compare(figures, name, written, expected):
    """Whether what was written is the stream, each line once, whole and in its place."""
    torn = lost = doubled = 0
    if written != expected:
        there, due = (Counter(text.splitlines(True)) for text in (written, expected))
        torn = sum(count for line, count in there.items() if line not in due)
        lost = (due - there).total()
        doubled = sum(count for line, count in (there - due).items() if line in due)
    lines = written.count(b"\n")
    figures.equal(f"{name}, lines torn, lost, doubled of {lines:,}", f"{torn}, {lost}, {doubled}",
                  "0, 0, 0")
    figures.holds(f"{name}, order", lines and written == expected, f"{lines:,} lines")


class Followed:
    """A process that copies a log as it grows to a file `copy` elsewhere, over all rotations and
    before retention deletes anything. What it could not see is in `missed`; a file that came and went
    between two of its looks shows only in that it has read one `files` fewer than there were."""

    def __init__(self, directory, log, copy):
        self.copy, self.missed_in = copy, copy.with_suffix(".missed")
        self.files_in = copy.with_suffix(".files")
        processes = multiprocessing.get_context("fork")
        self.over = processes.Event()
        follower = Follower(directory, log, copy, self.missed_in, self.files_in)
        self.process = processes.Process(target=follower.run, args=(self.over,), daemon=True)

    def __enter__(self):
        self.process.start()
        while not (self.copy.exists() and self.missed_in.exists()):
            time.sleep(0.001)
        return self

    def __exit__(self, *_):
        self.finish()

    def finish(self):
        """To be called once the log is not written to any more."""
        self.over.set()
        self.process.join()

    def size(self):
        """How many bytes have reached the log so far."""
        return self.copy.stat().st_size

    @property
    def files(self):
        return int(self.files_in.read_text())

    @property
    def missed(self):
        said = self.missed_in.read_text().splitlines()
        return said if self.process.exitcode == 0 else said + ["the follower failed"]


class Follower:
    """What the process does. A file is known by its inode while it is open, and by its name's age
    once it is not: no more than one is open at a time, or deleted ones would fill the disk."""

    def __init__(self, directory, log, copy, missed_in, files_in):
        self.directory, self.log, self.path = directory, log, directory / log
        self.copy = open(copy, "wb", buffering=0)
        self.missed = open(missed_in, "w", buffering=1)
        self.files_in, self.files = files_in, 0
        self.newest_read = ("", 0)
        self.file = None

    def run(self, over):
        try:
            os.nice(-10)
        except OSError:
            pass  # It must see to it that it keeps up; where it does not, `missed` tells.
        while not over.is_set():
            self.poll()
            time.sleep(POLL_SECONDS)
        self.poll()
        self.files_in.write_text(str(self.files))

    def poll(self):
        while self.file or self.open_next():
            self.copy_new()
            if self.is_active(self.file):
                return
            # It has been renamed, and is not written to after that.
            self.copy_new()
            self.take_name()
            self.file.close()
            self.file = None

    def is_active(self, file):
        try:
            return os.stat(self.path).st_ino == os.fstat(file.fileno()).st_ino
        except FileNotFoundError:
            return False

    def copy_new(self):
        while block := self.file.read(BLOCK):
            self.copy.write(block)
        if os.fstat(self.file.fileno()).st_size < self.file.tell():
            self.missed.write(f"{self.log} was truncated\n")

    def take_name(self):
        """Finds out which name the file has got that was active until now. If another process has
        deleted it already, it has none."""
        for age, name in self.unread()[:1]:
            self.file.seek(0)
            try:
                if content(self.directory / name) == self.file.read():
                    self.newest_read = age
            except FileNotFoundError:
                pass

    def open_next(self):
        """Opens the active file, after it has copied those that were active between two looks."""
        while True:
            try:
                file = open(self.path, "rb", buffering=0)
            except FileNotFoundError:
                return False
            unread = self.unread()
            # While it is still the active one, all those are older.
            if self.is_active(file):
                if not unread:
                    self.file = file
                    self.files += 1
                    return True
                for age, name in unread:
                    self.files += 1
                    self.copy.write(self.content(name))
                    self.newest_read = age
            file.close()

    def unread(self):
        return [found for found in rotated(self.directory, self.log) if found[0] > self.newest_read]

    def content(self, name):
        try:
            return content(self.directory / name)
        except FileNotFoundError:
            self.missed.write(f"{name} was deleted before it was read\n")
            return b""
