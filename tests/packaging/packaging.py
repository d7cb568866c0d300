"""Tests, topic by topic, that what is shipped works where it is meant to, and prints every figure with its limit.

packaging.py DIRECTORY-OF-STATIC-BINARIES [TOPIC...]
"""

import importlib
import sys
from pathlib import Path

from figures import Figures
from shipped import Shipped

# Each is a module of this directory with a function `measure(shipped, figures)`.
TOPICS = ("static", "linters", "kubernetes", "release", "install", "debian", "image", "fleet", "sidecars", "service",
          "page", "report", "monitoring", "documents", "engine")


def main(directory, *topics):
    unknown = [topic for topic in topics if topic not in TOPICS]
    if unknown:
        raise SystemExit(f"no topic {', '.join(unknown)}; there are {', '.join(TOPICS)}")
    figures = Figures()
    shipped = Shipped(Path(directory).resolve())
    for topic in topics or TOPICS:
        print(topic, flush=True)
        importlib.import_module(topic).measure(shipped, figures)
    print(f"\n{figures.table()}\n")
    return 0 if figures.all_met() else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
