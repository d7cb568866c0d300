"""What is shipped, and how commands are run with it."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = "access-log-generator"


@dataclass
class Shipped:
    """The static binaries, by architecture."""

    directory: Path

    def binary(self, architecture):
        return self.directory / f"{PROGRAM}-{architecture}"


def run(*command, check=True, **options):
    """Runs a command to its end; says what it printed, on both outputs together. Without `check` it may
    fail."""
    command = [str(word) for word in command]
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, **options}
    done = subprocess.run(command, **options)
    if check and done.returncode:
        raise SystemExit(f"{' '.join(command)}: status {done.returncode}\n{done.stdout}")
    return done
