"""A small system that systemd has booted in systemd-nspawn, and commands in it."""

import shutil
import signal
import subprocess
import time
from pathlib import Path

from shipped import PROGRAM, ROOT, run

PACKAGES = "systemd,systemd-sysv,dbus,curl,procps,make"
BOOT_SECONDS = 60


class Booted:
    """A context. Calls `prepare` with the system's root directory before it boots."""

    def __init__(self, place, prepare):
        self.root = place / "root"
        self.console = place / "console"
        self.name = f"test-{place.name}"
        self.prepare = prepare

    def __enter__(self):
        archive = ROOT / "target" / "packaging" / "booted.tar"
        if not archive.exists():
            archive.parent.mkdir(parents=True, exist_ok=True)
            unfinished = archive.with_suffix(".unfinished.tar")
            run("mmdebstrap", "--variant=minbase", f"--include={PACKAGES}", "bookworm", unfinished)
            unfinished.rename(archive)
        self.root.mkdir()
        run("tar", "-C", self.root, "-xf", archive)
        self.prepare(self.root)
        # systemd-nspawn needs a terminal.
        nspawn = (f"systemd-nspawn -D {self.root} -M {self.name} --register=no --keep-unit --private-network "
                  "--console=interactive -b")
        self.process = subprocess.Popen(["script", "-qfc", nspawn, str(self.console)],
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                        start_new_session=True)
        try:
            self.init = self.find_init()
            self.wait_until(lambda: self("systemctl", "is-system-running", check=False).stdout.strip()
                            in ("running", "degraded"), "has booted", BOOT_SECONDS)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        nspawn = pgrep(f"systemd-nspawn -D {self.root} ")
        for process in nspawn:
            subprocess.run(["kill", "-KILL", str(process)])
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        time.sleep(0.5)
        shutil.rmtree(self.root, ignore_errors=True)

    def find_init(self):
        """The process that has the pid 1 in the system."""
        deadline = time.monotonic() + BOOT_SECONDS
        while time.monotonic() < deadline:
            for nspawn in pgrep(f"systemd-nspawn -D {self.root} "):
                children = Path(f"/proc/{nspawn}/task/{nspawn}/children")
                for child in children.read_text().split() if children.exists() else ():
                    if Path(f"/proc/{child}/comm").read_text().strip() == "systemd":
                        return child
            time.sleep(0.1)
        raise SystemExit(f"the container did not start:\n{self.console.read_text(errors='replace')[-2000:]}")

    def __call__(self, *words, check=True):
        """Runs a command in the system."""
        return run("nsenter", "-t", self.init, "-m", "-p", "-n", "-u", "-i", *words, check=check)

    def show(self, name):
        """A property of the service."""
        return self("systemctl", "show", "-P", name, PROGRAM).stdout.strip()

    def wait_until(self, is_true, what, patience=30):
        deadline = time.monotonic() + patience
        while not is_true():
            if time.monotonic() > deadline:
                status = self("systemctl", "status", "--no-pager", PROGRAM, check=False).stdout
                raise SystemExit(f"waited {patience} s until it {what}:\n{status}")
            time.sleep(0.05)


def pgrep(pattern):
    """Processes whose command line begins with this."""
    found = run("pgrep", "-f", f"^{pattern}", check=False).stdout.split()
    return [int(process) for process in found]
