"""The archives of a release, and the lists of the parts of their binaries."""

import hashlib
import os
import re
import shutil
import tarfile
from pathlib import Path
from subprocess import DEVNULL

from generator import workplace
from shipped import PROGRAM, ROOT, run

ARCHITECTURES = ("x86_64", "aarch64")
CONTENTS = {"", "LICENSE", "NOTICES", "README.md", PROGRAM, f"{PROGRAM}.1", f"{PROGRAM}.yaml.5", "completions", f"completions/{PROGRAM}.bash",
            f"completions/_{PROGRAM}", f"completions/{PROGRAM}.fish"}


def measure(shipped, figures):
    with workplace() as place:
        # The archives are written to the target directory that has the binaries, so this uses a copy.
        shutil.copytree(shipped.directory, place / "static")
        environment = {**os.environ, "CARGO_TARGET_DIR": str(place)}
        archives = pack(environment)
        first = {path: digest(path.read_bytes()) for path in archives}
        again = {path: digest(path.read_bytes()) for path in pack(environment)}
        figures.holds("archives: the same bytes twice", first == again, f"{len(first)} archives")
        version = re.search(r"Version: *(\S+)", run(shipped.binary("x86_64"), "--version").stdout)[1]
        for architecture, path in zip(ARCHITECTURES, archives):
            name = f"{PROGRAM}-{version}-{architecture}-linux"
            figures.equal(f"{architecture}: archive", path.name, f"{name}.tar.gz")
            contents(shipped.binary(architecture), path, name, figures, architecture)
        sbom(environment, figures)


def pack(environment):
    return [Path(line) for line in run("packaging/archives", cwd=ROOT, env=environment).stdout.splitlines()]


def contents(binary, path, name, figures, architecture):
    with tarfile.open(path) as archive:
        found = {member.name.removeprefix(name).removeprefix("/") for member in archive.getmembers()}
        program = archive.extractfile(f"{name}/{PROGRAM}").read()
    figures.none(f"{architecture}: unexpected or missing files", found ^ CONTENTS)
    figures.equal(f"{architecture}: the binary in it", digest(program), digest(binary.read_bytes()))


def digest(content):
    return hashlib.sha256(content).hexdigest()[:16]


def sbom(environment, figures):
    if not shutil.which("cargo-cyclonedx"):
        figures.not_run("sbom", "needs `cargo install cargo-cyclonedx`")
        return
    for line in run("packaging/sbom", *ARCHITECTURES, cwd=ROOT, env=environment).stdout.splitlines():
        path = Path(line)
        [architecture] = [name for name in ARCHITECTURES if name in path.name]
        text = path.read_text()
        lacking = [package for package in packages(architecture) if f'"pkg:cargo/{package}' not in text]
        figures.none(f"{architecture}: packages that its sbom does not name", lacking)
        figures.none(f"{architecture}: paths of this machine in its sbom", re.findall(f"{ROOT}.*", text))


def packages(architecture):
    """The parts of the binary, according to cargo itself."""
    tree = run("cargo", "tree", "--locked", "--edges=normal,build", "--prefix=none", "--format={p}",
               f"--target={architecture}-unknown-linux-musl", cwd=ROOT, stderr=DEVNULL).stdout
    return {"@".join(line.split()[:2]).replace("@v", "@") for line in tree.splitlines()}
