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


def version(*program):
    """Which version a program says it is; of another architecture's, with the emulator before it."""
    said = run(*program, "--version").stdout
    return next((line.split()[-1] for line in said.splitlines() if line.startswith("Version:")), said)


def kept(path, text):
    """What became of a file that had this text: "as it was", or what else."""
    return "gone" if not path.exists() else "as it was" if path.read_text() == text else "another"
