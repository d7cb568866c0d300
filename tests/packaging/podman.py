"""Podman without a registry, systemd or init, with its own configuration, so that it does not change the host's."""

import os
import re
import subprocess

from shipped import ROOT, run

CONFIGURATION = """\
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
[containers]
default_ulimits = ["nofile=20000:20000", "nproc=4096:4096"]
"""
# The packages that the builder stage needs if its image cannot be pulled.
BUILDER_PACKAGES = "rustc-web,cargo-web,rust-web-src,gcc,git,python3,python3-venv,ca-certificates"


class Podman:
    """Podman commands; `place` is a directory for their configuration."""

    def __init__(self, place):
        configuration = place / "containers.conf"
        configuration.write_text(CONFIGURATION)
        self.environment = {**os.environ, "CONTAINERS_CONF": str(configuration)}

    def __call__(self, *words, check=True, **options):
        """Runs a command; has standard output and standard error together."""
        return run("podman", *words, check=check, env=self.environment, **options)

    def out(self, *words):
        """What a command prints on standard output."""
        return self(*words, stderr=subprocess.DEVNULL).stdout.strip()

    def builder(self):
        """Makes sure that there is an image for the builder stage: the one that the Containerfile names, or one of Debian's
        packages under that name."""
        [name] = re.findall(r"^FROM .*?(\S+) AS builder$", (ROOT / "Containerfile").read_text(), re.M)
        if self("image", "exists", name, check=False).returncode == 0:
            return "the image that was there"
        archive = ROOT / "target" / "packaging" / "builder.tar"
        if not archive.exists():
            unfinished = archive.with_suffix(".unfinished.tar")
            run("mmdebstrap", "--variant=minbase", f"--include={BUILDER_PACKAGES}", "bookworm", unfinished)
            unfinished.rename(archive)
        self("import", "--quiet", archive, name)
        return "Debian's packages in its place"
