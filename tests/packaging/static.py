"""The static binaries: they need nothing from the system, and write the same bytes as any other build."""

import hashlib
import os
import shutil
import subprocess

from generator import workplace
from shipped import PROGRAM, ROOT, run

LARGEST_MB = 8
LINES = 100_000
EMULATED = {"x86_64": [], "aarch64": ["qemu-aarch64-static"]}
STREAM = ("-q", "--seed", 7, "--from", "2026-03-01T00:00:00Z", "--no-wait", "--lines", LINES)
NEW_YORK = "output: {directory: logs, rate: 50, timezone: America/New_York, health_check: {enabled: false}}"


def measure(shipped, figures):
    for architecture in EMULATED:
        is_static(shipped.binary(architecture), figures, architecture)
    same_bytes(shipped, figures)
    empty_root(shipped, figures)
    reproducible(shipped, figures)


def is_static(binary, figures, architecture):
    # ldd works only for its own architecture; the file itself names the libraries that it needs.
    headers = run("readelf", "--program-headers", "--dynamic", "--wide", binary).stdout
    needs = [line for line in headers.splitlines() if "INTERP" in line or "NEEDED" in line]
    figures.none(f"{architecture}: libraries and loaders that it needs", needs)
    figures.at_most(f"{architecture}: size", binary.stat().st_size / 1e6, LARGEST_MB, " MB")
    sections = run("readelf", "--sections", "--wide", binary).stdout
    figures.none(f"{architecture}: sections for debuggers",
                 [line for line in sections.splitlines() if ".debug" in line or ".symtab" in line])


def same_bytes(shipped, figures):
    """The digest of a stream, from a build for the toolchain's default target and from both static binaries."""
    run("cargo", "build", "--release", "--locked", cwd=ROOT, stderr=subprocess.DEVNULL)
    metadata = run("cargo", "metadata", "--no-deps", "--format-version=1", cwd=ROOT,
                   stderr=subprocess.DEVNULL).stdout
    target = metadata.split('"target_directory":"')[1].split('"')[0]
    commands = {"gnu": [f"{target}/release/{PROGRAM}"]}
    for architecture, emulator in EMULATED.items():
        commands[architecture] = [*emulator, shipped.binary(architecture)]
    found = {name: fingerprint(command) for name, command in commands.items()}
    for architecture in EMULATED:
        figures.equal(f"{architecture}: access.log and error.log, {LINES:,} lines", found[architecture],
                      found["gnu"])


def fingerprint(command):
    with workplace() as place:
        run(*command, *STREAM, cwd=place, env={"LOG_GENERATOR_CONFIG_YAML": NEW_YORK,
                                               "PATH": "/usr/bin:/bin"})
        logs = b"".join((place / "logs" / name).read_bytes() for name in ("access.log", "error.log"))
    return hashlib.sha256(logs).hexdigest()[:16]


def empty_root(shipped, figures):
    """A root directory with only the binary in it: no /dev, no time zones."""
    with workplace() as place:
        shutil.copy(shipped.binary("x86_64"), place / PROGRAM)
        done = run(shutil.which("chroot"), place, f"/{PROGRAM}", *STREAM, check=False,
                   env={"LOG_GENERATOR_CONFIG_YAML": NEW_YORK})
        figures.equal("in an empty root directory: exit status", done.returncode, 0)
        lines = (place / "logs" / "access.log").read_text().splitlines()
        figures.equal("in an empty root directory: lines", len(lines), LINES)
        figures.holds("in an empty root directory: time zones are known", "-0500]" in lines[0],
                      lines[0].split("]")[0])


def reproducible(shipped, figures):
    """Builds again, from a clone in another directory."""
    with workplace(on_disk=True) as place:
        run("git", "clone", "--quiet", ROOT, place / "clone")
        commit = run("git", "rev-parse", "HEAD", cwd=ROOT).stdout.strip()
        run("git", "checkout", "--quiet", commit, cwd=place / "clone")
        changed = run("git", "status", "--porcelain", cwd=ROOT).stdout.strip()
        if changed:
            figures.not_run("x86_64: two builds of a commit", "there are changes that are not committed")
            return
        run("packaging/static", "x86_64", cwd=place / "clone",
            env={**os.environ, "CARGO_TARGET_DIR": str(place / "elsewhere")})
        other = place / "elsewhere" / "static" / f"{PROGRAM}-x86_64"
        figures.equal("x86_64: a second build, in another directory", digest(other),
                      digest(shipped.binary("x86_64")))


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]
