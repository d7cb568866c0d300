"""A minimal Debian in a directory: no systemd, nothing of the host."""

import hashlib
import subprocess
from contextlib import contextmanager

from generator import workplace
from shipped import ROOT, run

SUITE = "bookworm"
TARBALL = ROOT / "target" / "packaging" / f"{SUITE}.tar"
ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8",
               "DEBIAN_FRONTEND": "noninteractive"}
# Files in which dpkg records its work.
OF_DPKG = ("var/lib/dpkg/", "var/log/dpkg.log", "var/log/alternatives.log")


class Chroot:
    def __init__(self, root):
        self.root = root

    def path(self, path):
        return self.root / str(path).lstrip("/")

    def run(self, *command, **options):
        """Runs a command inside, non-interactively and without the host's ports."""
        return run("unshare", "--net", "chroot", self.root, *command,
                   **{"env": ENVIRONMENT, "stdin": subprocess.DEVNULL, **options})

    def dpkg(self, *arguments, **options):
        return self.run("dpkg", "--force-unsafe-io", *arguments, **options)

    def everything(self):
        """Everything except dpkg's own records: paths, with the contents of files and the targets of links."""
        found = {}
        for path in self.root.rglob("*"):
            name = str(path.relative_to(self.root))
            if name.startswith(OF_DPKG):
                continue
            if path.is_symlink():
                found[name] = f"-> {path.readlink()}"
            elif path.is_file():
                found[name] = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
            else:
                found[name] = "directory" if path.is_dir() else "device"
        return found


@contextmanager
def chroot():
    """A clean Debian, removed at the end. Its downloads are kept under target/packaging."""
    if not TARBALL.exists():
        TARBALL.parent.mkdir(parents=True, exist_ok=True)
        part = TARBALL.with_suffix(".part.tar")
        run("mmdebstrap", "--quiet", "--variant=minbase", SUITE, part)
        part.rename(TARBALL)
    # On a disk, because it has device files, and memory may not allow these.
    with workplace(on_disk=True) as place:
        run("tar", "--extract", "--file", TARBALL, "--directory", place)
        yield Chroot(place)
