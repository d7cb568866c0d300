"""Runs linters on what is shipped and on what builds it. Each linter is shown a mistake first, to prove that it would
notice. Where a linter is wrong, a comment in the file says so, and why."""

import os
import re
import shutil
from subprocess import DEVNULL, PIPE

import completions
from generator import workplace
from shipped import PROGRAM, ROOT, run

UNIT = f"packaging/systemd/{PROGRAM}.service"
# On a scale to 10, a service that may do anything.
LARGEST_EXPOSURE = 1.0

SCHEMA = ("check-jsonschema", "--builtin-schema")
INJECTION = "on: push\njobs:\n  job:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: echo ${{ github.head_ref }}\n"
# The linter, its command, its files, and a mistake.
FILES = (
    ("hadolint", ("hadolint", "--no-color"), "Containerfile", "FROM debian\nRUN cd /tmp\n"),
    ("schema of workflows", (*SCHEMA, "vendor.github-workflows"), ".github/workflows/*.yml", "on: push\njobs: 3\n"),
    ("schema of dependabot", (*SCHEMA, "vendor.dependabot"), ".github/dependabot.yml", "version: 1\n"),
    ("schema of compose", (*SCHEMA, "vendor.compose-spec"), "packaging/compose*.yaml", "services: 3\n"),
    ("zizmor", ("zizmor", "--quiet", "--offline", "--no-progress"), ".github", INJECTION),
)


def measure(shipped, figures):
    with workplace() as place:
        for linter, command, pattern, mistake in FILES:
            lint(figures, place, linter, command, sorted(ROOT.glob(pattern)), mistake)
        lint(figures, place, "shellcheck", ("shellcheck", "--color=never"), scripts(), "#!/bin/sh\nrm $1\n")
        manual(shipped, figures, place)
        unit(shipped, figures, place)
        completions.measure(shipped, figures, place)


def lint(figures, place, linter, command, files, mistake):
    if not files:
        figures.not_run(linter, "there is no such file")
        return
    faulty = place / f"faulty{files[0].suffix or '.yml'}"
    faulty.write_text(mistake)
    notices(figures, linter, complaints(*command, faulty))
    figures.none(f"{linter}: complaints about {counted(files)}", complaints(*command, *files))


def notices(figures, linter, lines):
    figures.holds(f"{linter}: notices a mistake", lines, f"{len(lines)} lines")


def counted(files):
    return files[0].relative_to(ROOT) if len(files) == 1 else f"{len(files)} files"


def complaints(*command, **options):
    """The lines that a command printed, if it failed."""
    done = run(*command, check=False, cwd=ROOT, **options)
    if done.returncode == 0:
        return []
    return done.stdout.splitlines() or [f"{command[0]}: status {done.returncode}"]


def scripts():
    """The files of the repository whose first line names a shell, even if they are not committed yet."""
    listed = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=ROOT).stdout
    files = [ROOT / name for name in sorted(set(listed.split("\0"))) if name]
    return [file for file in files if file.is_file() and is_script(file)]


def is_script(file):
    with open(file, "rb") as text:
        return re.match(rb"#!.*[/ ](ba|da)?sh\b", text.readline(100)) is not None


def manual(shipped, figures, place):
    page = place / f"{PROGRAM}.1"
    page.write_text(".TH X 1\n.SH NAME\nx \\- y\n.bogus\n")
    notices(figures, "man", warnings(page))
    for section in ("1", "5"):
        page.write_text(run(shipped.binary("x86_64"), "--man", section).stdout)
        figures.none(f"man: warnings about --man {section}", warnings(page))


def warnings(page):
    return said("man", "--warnings=w", "--local-file", page, LC_ALL="C.UTF-8", MANWIDTH="80")


def said(*command, **environment):
    """The lines that a command wrote to standard error, whatever its status."""
    done = run(*command, check=False, stdout=DEVNULL, stderr=PIPE, env={**os.environ, **environment})
    return done.stderr.splitlines()


def unit(shipped, figures, place):
    # systemd-analyze wants the program to exist.
    program = place / PROGRAM
    shutil.copy(shipped.binary("x86_64"), program)
    copy = place / f"{PROGRAM}.service"
    text = (ROOT / UNIT).read_text().replace(f"/usr/bin/{PROGRAM}", str(program))
    verify = ("systemd-analyze", "verify", "--man=no", copy)
    copy.write_text(text.replace("[Service]", "[Service]\nRestarted=yes"))
    notices(figures, "systemd-analyze verify", said(*verify))
    copy.write_text(text)
    figures.none(f"systemd-analyze verify: complaints about {UNIT}", said(*verify))

    told = run("systemd-analyze", "security", "--no-pager", "--offline=true", copy, check=False).stdout
    exposure = re.search(r"Overall exposure level for \S+: ([0-9.]+)", told)
    figures.at_most("systemd-analyze security: exposure", float(exposure[1]) if exposure else 10.0,
                    LARGEST_EXPOSURE)
