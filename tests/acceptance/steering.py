"""A run that is steered: a thousand acts at random moments, and no line is lost, doubled or torn."""

import json
import random
import signal
import subprocess
import time
from datetime import datetime

from access_log import count_lines
from delivery import verify
from generator import Generator, workplace

ACTS = 1_000
RATE = 20_000
# The rates are 2,000 to 20,000 lines a second, and the acts take half a minute at the least.
LEAST_LINES = 100_000
# Events that can be started, and a second configuration to change to.
EVENTS = """scenario:
  - {kind: nikto, name: scan, at: on demand, for: 30s, rate: 500}
  - {kind: server_errors, name: errors, at: on demand, for: 30s, share: 0.3}
  - {kind: surge, name: sale, at: on demand, for: 30s, multiplier: 1.5}
"""
OTHER = EVENTS + "  - {kind: xss, name: scripts, at: on demand, for: 10s, rate: 100}\n"


def measure(binary, figures):
    chances = random.Random(7)
    with workplace(room=6 << 30) as place:
        sections = f"profile: shop\n{EVENTS}"
        output = "log_rotation: {enabled: true, max_size_mb: 2000, backup_count: 2000, compress: false}"
        with Generator(binary, place, "--seed", 7, rate=RATE, output=output, sections=sections) as generator:
            wait_for_socket(generator)
            texts = [generator.config.read_text(), generator.config.read_text().replace(EVENTS, OTHER)]
            refused, slowest = [], 0.0
            for number in range(ACTS):
                request = choose(chances, generator, texts)
                began = time.monotonic()
                if request == "SIGHUP":
                    generator.process.send_signal(signal.SIGHUP)
                elif not ask(binary, generator, request):
                    refused.append(request)
                slowest = max(slowest, time.monotonic() - began)
                time.sleep(chances.uniform(0, 0.06))
            asked = time.time()
            if not ask(binary, generator, "rate 9999"):
                refused.append("rate 9999")
            time.sleep(2)
            generator.stop()
        [last] = [act for act in record(generator)["acts"] if act.get("rate") == 9999]
        in_force = datetime.fromisoformat(last["at"]).timestamp()
        figures.at_most("an act comes into force within", in_force - asked, 2.5, " s")
        figures.none(f"{ACTS:,} acts at random moments: those refused", refused)
        figures.at_most("the slowest answer", slowest, 5.0, " s")
        left_out = sum(gap["lines"] for gap in record(generator)["gaps"])
        logs = sorted(generator.directory.glob("access.log-*")) + [generator.access_log]
        figures.holds("files, as `ctl rotate` was asked for", len(logs) > 50, f"{len(logs)}")
        lines = sum(map(count_lines, logs))
        figures.holds("lines", lines > LEAST_LINES, f"{lines:,}")
        # A machine that is too slow for a moment leaves lines out, and records that.
        figures.at_most("lines left out, of all", left_out / lines, 0.05)
        status, _, _ = verify(binary, generator.directory / "run.json", logs)
        figures.equal("verify: status, with nothing missing, doubled, torn or foreign", status, 0)
        again = place / "again"
        subprocess.run([binary, "-q", "--repeat", generator.directory / "run.json", "--log-dir-override", again], check=True)
        repeated = sorted(again.glob("access.log-*")) + [again / "access.log"]
        figures.equal("--repeat writes the same bytes", joined(repeated), joined(logs))


def choose(chances, generator, texts):
    """What is asked next. For a reload, the configuration changes first."""
    kind = chances.choices(["rate", "start", "stop", "rotate", "reload", "SIGHUP", "status"], [32, 27, 16, 11, 5, 3, 6])[0]
    if kind == "rate":
        return f"rate {chances.randint(RATE // 10, RATE)}"
    if kind in ("start", "stop"):
        return f"{kind} {chances.choice(['scan', 'errors', 'sale'])}"
    if kind in ("reload", "SIGHUP"):
        rate = chances.randint(RATE // 10, RATE)
        generator.config.write_text(chances.choice(texts).replace(f"rate: {RATE}", f"rate: {rate}"))
    return kind


def record(generator):
    return json.loads((generator.directory / "run.json").read_text())


def ask(binary, generator, request):
    command = [binary, "ctl", generator.directory, *request.split()]
    return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


def wait_for_socket(generator, patience=10):
    deadline = time.monotonic() + patience
    while not (generator.directory / ".access-log-generator.sock").exists():
        if time.monotonic() > deadline:
            raise SystemExit(f"there is no socket after {patience} s:\n{generator.said()}")
        time.sleep(0.01)


def joined(files):
    """The bytes of files one after the other, as a digest that fits in memory."""
    command = "cat " + " ".join(f"'{file}'" for file in files) + " | sha256sum"
    return subprocess.run(command, shell=True, check=True, stdout=subprocess.PIPE, text=True).stdout[:16]
