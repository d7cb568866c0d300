"""lnav reads a log as access_log, its format for the common and the combined one."""

import csv
import os
import subprocess

QUESTION = ";SELECT count(*), sum(sc_status IS NULL) FROM access_log"


def read(log):
    """How many lines lnav has, and in how many of them it finds no hit: it keeps such a line, without a status. Its exit
    status shows none of that."""
    answer = log.with_suffix(".lnav.csv")
    # lnav keeps what it knows of a log in the home directory.
    environment = os.environ | {"HOME": str(log.parent), "XDG_CONFIG_HOME": str(log.parent / "lnav")}
    subprocess.run(["lnav", "-n", "-c", QUESTION, "-c", f":write-csv-to {answer}", log], stdin=subprocess.DEVNULL,
                   stdout=subprocess.DEVNULL, check=True, env=environment)
    with open(answer, newline="") as rows:
        return tuple(int(value or 0) for value in list(csv.reader(rows))[1])
