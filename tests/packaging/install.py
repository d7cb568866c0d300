"""`make install` and `make uninstall`: the files that they install, that systemd accepts the unit, and that they keep a
changed configuration."""

import gzip
import os
import platform
import shutil
import stat
from pathlib import Path

from generator import workplace
from shipped import PROGRAM, ROOT, kept, run, version

CONFIGURATION = f"etc/{PROGRAM}/config.yaml"
LOGS = f"/var/log/{PROGRAM}"
SYSTEMD = Path("/usr/lib/systemd/system")
EXECUTABLE, READABLE = 0o755, 0o644


def measure(shipped, figures):
    binary = shipped.binary(platform.machine())
    for prefix in ("/usr/local", "/usr"):
        with workplace() as place:
            installed(figures, place / "root", prefix, binary)
        with workplace() as place:
            configuration(figures, place / "root", prefix, binary)
    for_another_machine(shipped, figures)
    without_a_toolchain(figures, binary)


def make(target, root, prefix, binary=None, host_binary=None, **options):
    words = [f"{name}={value}" for name, value in (
        ("DESTDIR", root), ("PREFIX", prefix), ("BINARY", binary), ("HOST_BINARY", host_binary)) if value]
    # The umask of a strict administrator. Other users must still be able to read the files.
    return run("make", "--silent", target, *words, cwd=ROOT, umask=0o077, **options)


def files(root):
    """All files and links under a directory, with their permissions."""
    return {str(path.relative_to(root)): stat.S_IMODE(path.lstat().st_mode)
            for path in root.rglob("*") if not path.is_dir() or path.is_symlink()}


def expected(prefix):
    prefix = prefix.strip("/")
    share = f"{prefix}/share"
    return {
        f"{prefix}/bin/{PROGRAM}": EXECUTABLE,
        f"{prefix}/lib/systemd/system/{PROGRAM}.service": READABLE,
        f"{share}/man/man1/{PROGRAM}.1.gz": READABLE,
        f"{share}/man/man5/{PROGRAM}.yaml.5.gz": READABLE,
        f"{share}/bash-completion/completions/{PROGRAM}": READABLE,
        f"{share}/zsh/site-functions/_{PROGRAM}": READABLE,
        f"{share}/fish/vendor_completions.d/{PROGRAM}.fish": READABLE,
        CONFIGURATION: READABLE,
    }


def differences(found, wanted):
    return sorted(f"{path}: {found.get(path)} instead of {wanted.get(path)}"
                  for path in found.keys() | wanted.keys() if found.get(path) != wanted.get(path))


def installed(figures, root, prefix, binary):
    make("install", root, prefix, binary)
    wanted = expected(prefix)
    figures.equal(f"{prefix}: files", len(files(root)), len(wanted))
    figures.none(f"{prefix}: files and permissions that are not as they should be",
                 differences(files(root), wanted))
    figures.none(f"{prefix}: directories that others cannot enter",
                 [path for path in root.rglob("*") if path.is_dir() and path.stat().st_mode & 0o755 != 0o755])

    program = root / prefix.strip("/") / "bin" / PROGRAM
    figures.equal(f"{prefix}: version of the program", version(program), version(binary))
    share = root / prefix.strip("/") / "share"
    for section, name in (("1", PROGRAM), ("5", f"{PROGRAM}.yaml")):
        page = (share / f"man/man{section}/{name}.{section}.gz").read_bytes()
        figures.holds(f"{prefix}: the manual page in section {section} is the program's",
                      gzip.decompress(page).decode() == run(binary, "--man", section).stdout, f"{len(page):,} bytes")
        # Bytes 3 to 7 of gzip's header: the flag for a name, and the time.
        figures.equal(f"{prefix}: its archive has no name and no time", page[3:8].hex(), "0000000000")

    unit(figures, root, prefix, program)
    checked = run(program, "--check", root / CONFIGURATION, check=False)
    figures.equal(f"{prefix}: --check of the configuration, exit status", checked.returncode, 0)
    in_effect = run(program, "--print-config", root / CONFIGURATION).stdout.splitlines()
    logs = [line.split()[-1] for line in in_effect if line.strip().startswith("directory:")]
    figures.equal(f"{prefix}: where its logs go", " ".join(logs), LOGS)

    make("install", root, prefix, binary)
    figures.none(f"{prefix}: differences after a second install", differences(files(root), wanted))
    make("uninstall", root, prefix)
    figures.none(f"{prefix}: files and empty directories that uninstall leaves", list(root.rglob("*")))

    make("install", root, prefix, binary)
    theirs = root / prefix.strip("/") / "share/man/man1/other.1"
    theirs.write_text("")
    (root / LOGS.strip("/")).mkdir(parents=True)
    make("uninstall", root, prefix)
    left = [path for path in root.rglob("*") if not path.is_dir()]
    figures.equal(f"{prefix}: files that uninstall leaves beside another program's page", left, [theirs])
    figures.none(f"{prefix}: empty directories of logs that uninstall leaves", list(root.glob("var/log/*")))


def unit(figures, root, prefix, program):
    """What systemd says about the installed unit, beside the units of a system."""
    unit = root / prefix.strip("/") / "lib/systemd/system" / f"{PROGRAM}.service"
    commands = [line for line in unit.read_text().splitlines() if line.startswith("ExecStart=")]
    figures.equal(f"{prefix}: what the unit runs", ", ".join(commands),
                  f"ExecStart={prefix}/bin/{PROGRAM} /{CONFIGURATION}")
    with workplace() as place:
        other = place / "root"
        shutil.copytree(root, other)
        shutil.copytree(SYSTEMD, other / "usr/lib/systemd/system", symlinks=True, dirs_exist_ok=True)
        figures.none(f"{prefix}: complaints of systemd-analyze verify", verified(other))
        (other / program.relative_to(root)).unlink()
        noticed = verified(other)
        figures.holds(f"{prefix}: it would notice that the program is not there",
                      "not executable" in str(noticed), f"{len(noticed)} complaint")


def verified(root):
    return run("systemd-analyze", "verify", "--man=no", f"--root={root}", f"{PROGRAM}.service",
               check=False).stdout.splitlines()


def configuration(figures, root, prefix, binary):
    """A changed configuration survives everything that follows."""
    make("install", root, prefix, binary)
    path, beside = root / CONFIGURATION, root / f"{CONFIGURATION}.new"
    shipped = path.read_text()
    changed = shipped.replace("rate: 10 ", "rate: 25 ")
    path.write_text(changed)
    foreign = root / prefix.strip("/") / "bin" / "foreign"
    foreign.write_text("of somebody else")
    make("install", root, prefix, binary)
    figures.holds(f"{prefix}: a configuration can be changed", changed != shipped, "another rate")
    figures.equal(f"{prefix}: a changed configuration after a second install", kept(path, changed), "as it was")
    figures.equal(f"{prefix}: the new configuration, beside it", kept(beside, shipped), "as it was")
    make("uninstall", root, prefix)
    figures.equal(f"{prefix}: files that uninstall leaves", ", ".join(sorted(files(root))),
                  ", ".join(sorted([CONFIGURATION, str(foreign.relative_to(root))])))
    figures.equal(f"{prefix}: a changed configuration after uninstall", kept(path, changed), "as it was")


def for_another_machine(shipped, figures):
    """The host's binary prints the manual pages and completions for another architecture's binary."""
    own = platform.machine()
    other = "aarch64" if own == "x86_64" else "x86_64"
    with workplace() as place:
        make("install", place, "/usr", shipped.binary(other), shipped.binary(own))
        figures.none(f"{other}: files that are not as they should be",
                     differences(files(place), expected("/usr")))
        program = place / "usr/bin" / PROGRAM
        figures.holds(f"{other}: the program is that architecture's",
                      program.read_bytes() == shipped.binary(other).read_bytes(), "the same bytes")


def without_a_toolchain(figures, binary):
    """`make` as a user and then `make install` as root, who has no cargo. Nothing is built again."""
    with workplace() as place:
        release = place / "target" / "release" / PROGRAM
        release.parent.mkdir(parents=True)
        (place / "cargo").write_text(f"#!/bin/sh\necho \"$@\" >>{place}/called\ncp {binary} {release}\n")
        (place / "cargo").chmod(EXECUTABLE)
        called = place / "called"
        environment = {**os.environ, "PATH": f"{place}:{os.environ['PATH']}",
                       "CARGO_TARGET_DIR": f"{place}/target"}
        shutil.copy(binary, release)
        make("install", place / "built", "/usr", env=environment)
        figures.holds("a built binary is installed without cargo",
                      not called.exists() and bool(files(place / "built")),
                      called.read_text() if called.exists() else "not called")
        release.unlink()
        make("install", place / "not-built", "/usr", env=environment)
        figures.equal("without a built binary, cargo is called",
                      called.read_text().strip() if called.exists() else "", "build --release --locked")
