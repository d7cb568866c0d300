"""A log with its rotated files, read from outside, during the run or afterwards."""

import gzip
import multiprocessing
import os
import re
import time
from collections import Counter

ROTATED = re.compile(r"-(\d{8}T\d{6})(?:\.(\d{3,}))?(\.gz)?")
BLOCK = 1 << 20
# How often the follower looks. Writing a file of 1 MiB takes longer than this.
POLL_SECONDS = 0.002


def rotated(directory, log):
    """The rotated files of a log, oldest first, as pairs of age and name. If both a file and its archive are there, the
    name is that of the file."""
    found = {}
    for name in sorted(os.listdir(directory), reverse=True):
        if name.startswith(log) and (parts := ROTATED.fullmatch(name, len(log))):
            found[parts[1], int(parts[2] or 0)] = name
    return sorted(found.items())


def content(path):
    """All bytes of a file, unpacked if it is an archive or has just become one."""
    path = str(path)
    try:
        with gzip.open(path) if path.endswith(".gz") else open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        if path.endswith(".gz"):
            raise
        return content(f"{path}.gz")


def whole(directory, log):
    """All files as bytes, oldest first."""
    files = [name for _, name in rotated(directory, log)] + [log]
    return b"".join(content(directory / name) for name in files)


def compare(figures, name, written, expected):
    """Whether the written lines are the stream: each line once, whole and in its place."""
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
    """A process that copies a growing log to a file `copy` elsewhere, over all rotations and before retention deletes
    anything. `missed` has what it could not read. If a file came and went unseen between two looks, the number `files` is
    lower than that of the files that there were."""

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
        """Call it once the log is no longer written to."""
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
    """The work of the process. It knows an open file by its inode, and a closed one by the age in its name. It keeps only
    one file open at a time, because deleted files that are open would fill the disk."""

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
            pass  # It may then fall behind, which `missed` shows.
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
            # The file has been renamed, and nothing is written to it after that.
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
        """Finds the new name of the file that was active until now. If it has been deleted already, it has no name."""
        for age, name in self.unread()[:1]:
            self.file.seek(0)
            try:
                if content(self.directory / name) == self.file.read():
                    self.newest_read = age
            except FileNotFoundError:
                pass

    def open_next(self):
        """Opens the active file, after it has copied the files that were active between two looks."""
        while True:
            try:
                file = open(self.path, "rb", buffering=0)
            except FileNotFoundError:
                return False
            unread = self.unread()
            # If the file is still the active one, all unread files are older.
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
