"""The examples of packaging/sidecars: two of them run beside a generator that rotates; the others are only checked."""

import re
import shutil
import time

import yaml

from followed import Followed, judge
from generator import complaints, workplace
from linters import complaints as told
from series import rotated
from shippers import SIDECARS, FluentBit, Rsyslog, fluent_bit

LINES = 300_000
# Three seconds of lines. Fluent Bit loses lines of a file that exists for less than two.
OUTPUT = "log_rotation: {max_size_mb: 8, backup_count: 1000, compress: true}"
FEWEST_ROTATIONS = 7
RESTARTED_LINES = 60_000
STANDSTILL = 8

# Examples that are not run: the file, and the program and command that can check it.
OTHERS = (
    ("vector/vector.yaml", ("vector", "validate", "--no-environment")),
    ("promtail/promtail.yaml", ("promtail", "-check-syntax", "-config.file")),
    ("alloy/config.alloy", ("alloy", "validate")),
    ("filebeat/filebeat.yml", ("filebeat", "test", "config", "-c")),
)
OF_KUBERNETES = ("kustomization.yaml", "sidecar.yaml")
# How a followed path is written, and how an excluded one.
LOG = re.compile(r"/var/log/app/[\w.*-]+")


def measure(shipped, figures):
    for file in sorted(SIDECARS.glob("*/*")):
        if file.name not in OF_KUBERNETES:
            said(figures, file)
    others(figures)
    binary = shipped.binary("x86_64")
    print(f"        fluent-bit is {fluent_bit()}")
    rotating(binary, figures)
    restarted(binary, figures)
    held_up(binary, figures)


def said(figures, file):
    """What each example must have, whatever its language."""
    name, text = f"sidecars/{file.parent.name}", file.read_text()
    code = "\n".join(line for line in text.splitlines() if not re.match(r" *(#|//)", line))
    paths = set(LOG.findall(code))
    rotated_too = paths == {"/var/log/app/access.log", "/var/log/app/access.log-*"}
    # Shippers that know files by their names would read a rotated file again.
    figures.holds(f"{name}: what it follows", paths == {"/var/log/app/access.log"} or rotated_too, sorted(paths))
    if rotated_too:
        figures.holds(f"{name}: archives are excluded", re.search(r"exclude\w*:.*?gz", code, re.S), "gz")
    volume = re.search(r"-v positions:(\S+)", text) or re.search(r'workDirectory="([^"]+)"', text)
    kept = volume and (volume[1] in code or f"--storage.path={volume[1]}" in text)
    figures.holds(f"{name}: positions are kept in", kept, volume and volume[1])
    figures.holds(f"{name}: the destination is marked", "CHANGE: the destination" in text, "CHANGE")
    if file.suffix in (".yaml", ".yml"):
        figures.holds(f"{name}: is YAML", isinstance(yaml.safe_load(text), dict), "a map")


def others(figures):
    for file, command in OTHERS:
        name = f"sidecars/{file}: complaints of {' '.join(command)}"
        if shutil.which(command[0]):
            figures.none(name, told(*command, SIDECARS / file))
        else:
            figures.not_run(name, f"{command[0]} is not installed, and Debian, PyPI and npm have no package of it")


def rotating(binary, figures):
    with workplace(on_disk=True) as place:
        with Followed(binary, place, Rsyslog, FluentBit, output=OUTPUT) as followed:
            with followed.generator(LINES) as generator:
                generator.finish()
            sent = followed.sent()
            followed.wait_for(sent)
        files = rotated(generator.directory)
        figures.equal("sidecars: lines of the stream", sent.count(b"\n"), LINES)
        figures.holds(f"sidecars: at least {FEWEST_ROTATIONS} rotations", len(files) >= FEWEST_ROTATIONS, len(files))
        judged(figures, followed, "sidecars", sent)
        figures.none("sidecars: complaints of the generator", complaints(generator.said()))


def restarted(binary, figures):
    """Stopped and restarted while lines come, they go on where they were."""
    with workplace(on_disk=True) as place:
        with Followed(binary, place, Rsyslog, FluentBit) as followed:
            with followed.generator(RESTARTED_LINES) as generator:
                time.sleep(2)
                for shipper in followed.consumers:
                    shipper.restart()
                generator.finish()
            sent = followed.sent()
            followed.wait_for(sent)
        judged(figures, followed, "sidecars, restarted", sent)


def held_up(binary, figures):
    """While the destination takes nothing, the lines wait in the file, rotated or not."""
    with workplace(on_disk=True) as place:
        with Followed(binary, place, Rsyslog, output=OUTPUT) as followed:
            [shipper] = followed.consumers
            with followed.generator(LINES // 2) as generator:
                time.sleep(2)
                shipper.stands_still.set()
                time.sleep(STANDSTILL)
                shipper.stands_still.clear()
                generator.finish()
            sent = followed.sent()
            followed.wait_for(sent)
        judged(figures, followed, f"sidecars, destination stands still for {STANDSTILL} s", sent)


def judged(figures, followed, topic, sent):
    """Checks that every line is there exactly once, by comparison and with `verify`."""
    for shipper in followed.consumers:
        if not judge(figures, f"{topic}: {shipper.name}", sent, shipper.received()):
            print(f"        {shipper.name} says:\n{shipper.said()[-2000:]}")
        figures.equal(f"{topic}: {shipper.name}: exit status of verify", followed.verify(shipper.received()), 0)
