"""What is shipped, and commands to run it."""

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
    """Runs a command to its end; has standard output and standard error together. Without `check` it may fail."""
    command = [str(word) for word in command]
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, **options}
    done = subprocess.run(command, **options)
    if check and done.returncode:
        raise SystemExit(f"{' '.join(command)}: status {done.returncode}\n{done.stdout}")
    return done


def version(*program):
    """The version that a program prints. For another architecture, the command begins with the emulator."""
    said = run(*program, "--version").stdout
    return next((line.split()[-1] for line in said.splitlines() if line.startswith("Version:")), said)


def kept(path, text):
    """What became of a file that had this text: "as it was", or something else."""
    return "gone" if not path.exists() else "as it was" if path.read_text() == text else "another"
