"""Runs the acceptance test with the static binary, because musl has another allocator and other threads."""

import os
import subprocess

from shipped import ROOT


def measure(shipped, figures):
    environment = os.environ | {"GENERATOR": str(shipped.binary("x86_64"))}
    # The acceptance test has its own Python environment and judges.
    environment.pop("PYTHONPATH", None)
    command = [ROOT / "tests/acceptance/run"]
    met = missed = 0
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as acceptance:
        for line in acceptance.stdout:
            print(f"  {line}", end="", flush=True)
            met += line.startswith("  ok ")
            missed += line.startswith("  MISS ")
    figures.equal("the engine's acceptance on the static binary: exit status", acceptance.returncode, 0)
    figures.equal(f"the engine's acceptance on the static binary: figures missed, {met} met", missed, 0)
    figures.holds("the engine's acceptance on the static binary: figures met", met > 100, met)
