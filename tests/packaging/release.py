"""The parts of a release: its archives, its text, the tags of its image, and the check that can refuse it."""

import re
import shutil

import archives
from generator import workplace
from shipped import ROOT, run

CHANGELOG = """# Changelog

## [1.10.0] - 2026-02-03

- One that is
  wrapped.

```
not
wrapped
```

## [1.1.0] - 2026-01-02

Older.

[1.10.0]: https://example.org/
"""
TEXT = "- One that is wrapped.\n\n```\nnot\nwrapped\n```\n"
TAGS = {
    "": ["latest", "0123abc"],
    "v2.1.3": ["v2.1.3", "v2.1", "v2", "latest", "0123abc"],
    "v2.1.0-rc.1": ["v2.1.0-rc.1", "0123abc"],
}


def measure(shipped, figures):
    archives.measure(shipped, figures)
    version = re.search(r'^version = "(.+)"', (ROOT / "Cargo.toml").read_text(), re.M)[1]
    with workplace() as place:
        changelog(figures, place, version)
        releasable(figures, place / "clone", version)
    for tagged, tags in TAGS.items():
        found = run(ROOT / "packaging/image-tags", "0123abc", tagged).stdout.split()
        figures.equal(f"image-tags: {tagged or 'of main'}", found, tags)


def changelog(figures, place, version):
    """Tests packaging/changelog on a known changelog and on the real one."""
    (place / "packaging").mkdir()
    script = shutil.copy(ROOT / "packaging/changelog", place / "packaging")
    (place / "CHANGELOG.md").write_text(CHANGELOG)
    figures.equal("changelog: a version's text", repr(run(script, "v1.10.0").stdout), repr(TEXT))
    figures.equal("changelog: status for no version of it", status(script, "1.1"), 1)
    figures.equal("changelog: status for this version", status(ROOT / "packaging/changelog", version), 0)


def releasable(figures, clone, version):
    run("git", "clone", "--quiet", ROOT, clone)
    # The script as it is now, even if it is not committed yet.
    script = shutil.copy(ROOT / "packaging/releasable", clone / "packaging")
    changes = clone / "CHANGELOG.md"
    heading = re.compile(rf"^(## \[{re.escape(version)}\] - ).*", re.M)

    def judged(what, name, expected):
        figures.equal(f"releasable: status {what}", status(script, name), expected)

    changes.write_text(heading.sub(r"\1unreleased", changes.read_text()))
    judged("without a date in the changelog", f"v{version}", 1)
    changes.write_text(heading.sub(r"\g<1>2026-12-01", changes.read_text()))
    judged("with everything in place", f"v{version}", 0)
    judged("for another version than Cargo.toml's", "v0.9.9", 1)
    judged("for a name that is not a tag", version, 1)
    run("git", "tag", "--force", f"v{version}", cwd=clone)
    judged("when it is tagged", f"v{version}", 0)
    run("git", "-c", "user.name=x", "-c", "user.email=x@example.org", "commit", "--quiet", "--allow-empty",
        "--message=next", cwd=clone)
    judged("when another commit is tagged", f"v{version}", 1)


def status(*command):
    return run(*command, check=False).returncode
