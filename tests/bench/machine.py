"""Describes the machine on which the figures were taken."""

import os
import platform
import subprocess
from pathlib import Path


def describe(binary, place):
    """Lines of text with the machine, its load, the file system and the binary."""
    cores = len(os.sched_getaffinity(0))
    memory = field("/proc/meminfo", "MemTotal").split()[0]
    load = ", ".join(f"{load:.2f}" for load in os.getloadavg())
    version = subprocess.run([binary, "--version"], capture_output=True, text=True, check=True)
    commit = [line for line in version.stdout.splitlines() if line.startswith(("Version", "Rust"))]
    return [
        f"Machine: {processor()}, {cores} cores, {int(memory) / (1 << 20):.0f} GiB, "
        f"{platform.system()} {platform.release()}, load {load} at the start",
        f"Files on: {file_system(place)}",
        f"Binary: {', '.join(' '.join(line.split()) for line in commit)}",
    ]


def processor():
    for name in ("model name", "Model", "Hardware"):
        if found := field("/proc/cpuinfo", name):
            return found
    return platform.machine()


def field(path, name):
    """The value of the first line `name : value`; empty if there is none."""
    for line in Path(path).read_text().splitlines():
        key, _, value = line.partition(":")
        if key.strip() == name:
            return value.strip()
    return ""


def file_system(path):
    """The type and the mount point of the file system of a path."""
    path = Path(path).resolve()
    mounts = [line.split()[1:3] for line in Path("/proc/mounts").read_text().splitlines()]
    inside = [(point, kind) for point, kind in mounts if path.is_relative_to(point)]
    # Of two file systems at one mount point, the later one is visible.
    point, kind = max(reversed(inside), key=lambda mount: len(mount[0]))
    return f"{kind} ({point})"
