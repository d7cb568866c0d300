"""Loads the completions in their shells, and completes command lines as users do."""

import os
import pty
import re
import select
import subprocess
import time

from shipped import PROGRAM, run

# The text after the program's name, and all completions that the shell has to offer for its last word.
CASES = {
    "--su": {"--summary"},
    "--summary ": {"text", "json"},
    "--completions z": {"zsh"},
    "veri": {"verify"},
    "tru": {"truth"},
    "truth --ev": {"--events"},
    "sco": {"score"},
    "score --tr": {"--truth"},
    "score --by ": {"events", "windows", "addresses", "lines"},
    "verify --ru": {"--run"},
    "verify --format ": {"text", "json"},
    "--zz": set(),
    "verify --su": set(),
}
PATIENCE = 10
# Where each shell looks for completions.
FILES = {"bash": f"{PROGRAM}.bash", "zsh": f"_{PROGRAM}", "fish": f"{PROGRAM}.fish"}

BASH = f"""
source "$1"
COMP_WORDS=({PROGRAM} "${{@:2}}")
COMP_CWORD=$(($# - 1))
COMPREPLY=()
"$(complete -p {PROGRAM} | sed 's/.* -F \\([^ ]*\\) .*/\\1/')"
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
FISH = f'source $argv[1]; complete --do-complete "{PROGRAM} $argv[2]"'


def measure(shipped, figures, place):
    directory = place / "completions"
    directory.mkdir()
    # In an empty directory, because a shell may offer files, too.
    empty = place / "empty"
    empty.mkdir()
    for shell, offered in (("bash", bash), ("zsh", zsh), ("fish", fish)):
        file = directory / FILES[shell]
        file.write_text(run(shipped.binary("x86_64"), "--completions", shell).stdout)
        figures.none(f"{shell} -n: complaints", run(shell, "-n", file, check=False).stdout.splitlines())
        wrong = [f"{typed!r}: {sorted(found)}" for typed, expected in CASES.items()
                 if (found := offered(file, typed, expected, empty)) != expected]
        figures.none(f"{shell}: wrong offers of {len(CASES)}", wrong)
    figures.none("shellcheck: complaints about the completions of bash",
                 run("shellcheck", "--color=never", "--shell=bash", directory / FILES["bash"],
                     check=False).stdout.splitlines())


def bash(file, typed, _, directory):
    done = run("bash", "--norc", "-c", BASH, "bash", file, *typed.split(" "), cwd=directory)
    return set(done.stdout.split())


def fish(file, typed, _, directory):
    done = run("fish", "--no-config", "-c", FISH, file, typed, cwd=directory, env=at_home(directory))
    return {line.split("\t")[0] for line in done.stdout.splitlines()}


def zsh(file, typed, expected, directory):
    """On a terminal, because zsh completes nowhere else. Returns the expected words that it shows after the tab key, and
    any other option."""
    terminal, end = pty.openpty()
    shell = subprocess.Popen(["zsh", "-f", "-i"], stdin=end, stdout=end, stderr=end, cwd=directory,
                             env=at_home(directory), start_new_session=True)
    os.close(end)
    try:
        setup = f"PS1=; fpath=({file.parent} $fpath); autoload -Uz compinit; compinit -u -D; echo rea''dy\n"
        os.write(terminal, setup.encode())
        read(terminal, lambda text: "\nready" in text)
        os.write(terminal, f"{PROGRAM} {typed}\t".encode())
        shown = read(terminal, lambda text: expected and expected <= words(text), PATIENCE if expected else 1)
    finally:
        shell.kill()
        shell.wait()
        os.close(terminal)
    return {word for word in words(shown) - words(typed) if word in expected or word.startswith("--")}


def read(terminal, enough, patience=PATIENCE):
    """What the terminal shows, until it is enough or the time is over."""
    text, deadline = "", time.monotonic() + patience
    while not enough(text) and time.monotonic() < deadline:
        if select.select([terminal], [], [], 0.1)[0]:
            text += os.read(terminal, 1 << 16).decode(errors="replace").replace("\r", "")
    return text


def words(text):
    """Its words, without control sequences and without what joins an option to its value."""
    return set(re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|[\x00-\x1f=]", " ", text).split())


def at_home(directory):
    """An environment without any user's settings."""
    return {"PATH": os.environ["PATH"], "HOME": str(directory), "TERM": "dumb", "LC_ALL": "C.UTF-8"}
