"""Measures a release binary, topic by topic, and prints every figure with its limit.

acceptance.py BINARY [TOPIC...]
"""

import signal
import sys
from pathlib import Path

import clock
import compressed
import configuration
import consumers
import crowd
import crowdsec
import crs
import delivery
import faults
import formats
import history
import judges
import law
import logrotate
import parsers
import profiles
import rate
import rotation
import sessions
import spoilt
import start
import stdout
import steering
import stopping
from figures import Figures

TOPICS = {
    "configuration": configuration.measure,
    "start": start.measure,
    "rate": rate.measure,
    "law": law.measure,
    "judges": judges.measure,
    "formats": formats.measure,
    "parsers": parsers.measure,
    "profiles": profiles.measure,
    "crs": crs.measure,
    "crowdsec": crowdsec.measure,
    "spoilt": spoilt.measure,
    "sessions": sessions.measure,
    "stopping": stopping.measure,
    "crowd": crowd.measure,
    "stdout": stdout.measure,
    "steering": steering.measure,
    "history": history.measure,
    "rotation": rotation.measure,
    "compressed": compressed.measure,
    "consumers": consumers.measure,
    "delivery": delivery.measure,
    "logrotate": logrotate.measure,
    "faults": faults.measure,
    "clock": clock.measure,
}


def main(binary, *topics):
    unknown = [topic for topic in topics if topic not in TOPICS]
    if unknown:
        raise SystemExit(f"no topic {', '.join(unknown)}; there are {', '.join(TOPICS)}")
    # Under nohup the generator would inherit the ignored SIGHUP, and rightly ignore it.
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    figures = Figures()
    for topic in topics or TOPICS:
        print(topic, flush=True)
        TOPICS[topic](Path(binary), figures)
    print(f"\n{figures.table()}\n\n{figures.closing()}")
    return 0 if figures.all_met() else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
