"""Fleets from the manifests, with podman in place of the cluster: eight containers with the environment, the arguments and
the host names that their pods would have. Together they have to write one site."""

import heapq
import json
import os
import time
import urllib.error
from contextlib import ExitStack
from datetime import datetime
from itertools import accumulate

import yaml

from access_log import STAMP, moment
from generator import free_port, workplace
from image import ask, container, until
from manifests import BACALHAU, KUBERNETES, build, builder, configuration, executions, generator, members, only
from podman import Podman
from series import content, rotated
from shipped import run

# The manifests ask for a day; this part of it is enough.
DURATION = ("--duration=1d", "--duration=1h")
LIVE_SECONDS = 12
BURST_SECONDS = 2
# The shard that loses a line.
VICTIM = 5
CONFINED = ("--read-only", "--cap-drop", "all", "--security-opt", "no-new-privileges", "--memory", "64m",
            "--pids-limit", "32")


def measure(shipped, figures):
    if builder() is None:
        figures.holds("fleet: kustomize or kubectl is there", False, "neither")
        return
    with workplace(room=2 << 30, on_disk=True) as place:
        podman, binary = Podman(place), shipped.binary("x86_64")
        objects = build(KUBERNETES / "job")
        fleet = Fleet(podman, place / "job", members(objects, only(objects, "Job")))
        fleet.to_its_end()
        fleet.judge(binary, figures, "fleet, Indexed Job")
        objects = build(KUBERNETES / "statefulset")
        fleet = Fleet(podman, place / "statefulset", members(objects, only(objects, "StatefulSet")))
        fleet.live()
        fleet.judge(binary, figures, "fleet, StatefulSet")
        fleet = Fleet(podman, place / "bacalhau", executions(yaml.safe_load(BACALHAU.read_text())))
        fleet.to_its_end()
        fleet.judge(binary, figures, "fleet, Bacalhau")
        probes(podman, figures)


class Fleet:
    """Containers and their directories on the host, which are the volumes in the containers."""

    def __init__(self, podman, place, wanted):
        self.podman, self.place, self.members = podman, place, list(wanted)
        self.statuses, self.said = [], []
        place.mkdir()

    def volume(self, member):
        """The volume on the host: it belongs to the group, as with fsGroup, or to root if the container runs as root."""
        path = self.place / (member.host if member.alone else "shared")
        if not path.exists():
            path.mkdir()
            path.chmod(0o2775)
            os.chown(path, 0, 0 if member.user else 65532)
        return path

    def directory(self, member):
        return self.volume(member) / os.path.relpath(member.directory, member.volume)

    def start(self, stack):
        for member in self.members:
            options = [*CONFINED, "--network", "none", "--hostname", member.host,
                       "--volume", f"{self.volume(member)}:{member.volume}"]
            options += [word for name, value in member.environment.items() for word in ("--env", f"{name}={value}")]
            options += ["--user", member.user] if member.user else ["--group-add", "65532"]
            if member.configuration is not None:
                config = self.place / f"{member.host}.yaml"
                config.write_text(member.configuration)
                options += ["--volume", f"{config}:{member.environment['LOG_GENERATOR_CONFIG_PATH']}:ro"]
            arguments = [word.replace(*DURATION) for word in member.arguments]
            yield stack.enter_context(container(self.podman, *options, arguments=arguments))

    def to_its_end(self):
        with ExitStack() as stack:
            names = list(self.start(stack))
            self.statuses = [int(self.podman.out("wait", name)) for name in names]
            self.said = [self.podman("logs", name).stdout for name in names]

    def live(self):
        with ExitStack() as stack:
            names = list(self.start(stack))
            time.sleep(LIVE_SECONDS)
            self.podman("stop", *names)
            self.statuses = [int(self.podman.out("wait", name)) for name in names]
            self.said = [self.podman("logs", name).stdout for name in names]

    def judge(self, binary, figures, name):
        failed = [f"{member.host}: {status}, {said.strip()[-200:]}"
                  for member, status, said in zip(self.members, self.statuses, self.said) if status]
        figures.none(f"{name}: shards with a status other than 0, of {len(self.members)}", failed)
        if failed:
            return
        records = [self.directory(member) / "run.json" for member in self.members]
        runs = [json.loads(record.read_text()) for record in records]
        told = [f"{one['shard']['index']}/{one['shard']['count']}" for one in runs]
        figures.equal(f"{name}: shards", " ".join(told), " ".join(f"{index}/{len(runs)}" for index in range(len(runs))))
        figures.equal(f"{name}: seeds", len({one["seed"] for one in runs}), 1)
        logs = [self.log(member) for member in self.members]
        figures.equal(f"{name}: lines in the files and in run.json", sum(map(len, logs)),
                      sum(one["lines"] for one in runs))
        visitors(figures, name, logs)
        rate = self.rate()
        rates(figures, name, logs, runs, rate)
        self.delivered(binary, figures, name, records, logs)

    def log(self, member):
        directory = self.directory(member)
        files = [*rotated(directory), directory / "access.log"]
        return b"".join(map(content, files)).splitlines()

    def rate(self):
        """The rate of the whole site, the same in all configurations."""
        texts = {member.configuration or member.environment["LOG_GENERATOR_CONFIG_YAML"] for member in self.members}
        [text] = texts
        return yaml.safe_load(text)["output"]["rate"]

    def delivered(self, binary, figures, name, records, logs):
        """What verify says about the lines of all shards, in one file sorted by time."""
        merged = list(heapq.merge(*logs, key=second))
        status, report = self.verify(binary, records, merged)
        figures.equal(f"{name}: verify of the merged log, status", status, 0)
        figures.equal(f"{name}: lines that it received", sum(one["found"]["received"] for one in report["runs"]),
                      len(merged))
        lost = logs[VICTIM][len(logs[VICTIM]) // 2]
        merged.remove(lost)
        status, report = self.verify(binary, records, merged)
        figures.equal(f"{name}: verify of it without a line of shard {VICTIM}, status", status, 1)
        missing = {one["shard"]["index"]: one["found"]["missing"]["lines"] for one in report["runs"]
                   if one["found"]["missing"]["lines"]}
        figures.equal(f"{name}: shards whose lines it reports missing", missing, {VICTIM: 1})

    def verify(self, binary, records, lines):
        received = self.place / "received.log"
        received.write_bytes(b"".join(line + b"\n" for line in lines))
        named = [word for record in records for word in ("--run", record)]
        done = run(binary, "verify", *named, "--format", "json", received, check=False)
        try:
            return done.returncode, json.loads(done.stdout)
        except json.JSONDecodeError:
            raise SystemExit(f"verify: status {done.returncode}\n{done.stdout[-2000:]}") from None


def second(line):
    return moment(STAMP.search(line)[1]).timestamp()


def visitors(figures, name, logs):
    """No remote host is in two shards."""
    whose, twice = {}, set()
    for index, log in enumerate(logs):
        for address in {line.split(b" ", 1)[0] for line in log}:
            if whose.setdefault(address, index) != index:
                twice.add(address.decode())
    figures.none(f"{name}: visitors in two shards, of {len(whose):,}", sorted(twice))


def rates(figures, name, logs, runs, rate):
    """The law of the rate for all shards together, at the end of each second. No shard counts before its start."""
    starts = [datetime.fromisoformat(one["start"]).timestamp() for one in runs]
    # Stamps have no fraction, so the last second may not be over.
    first, last = int(min(starts)), int(min(second(log[-1]) for log in logs))
    counts = [0] * (last - first)
    for log in logs:
        for line in log:
            if (at := int(second(line)) - first) < len(counts):
                counts[at] += 1
    part = rate / len(logs)
    off = [abs(lines - sum(part * max(0.0, first + passed - start) for start in starts))
           for passed, lines in enumerate(accumulate(counts), 1)]
    figures.at_most(f"{name}: |lines(t) - integral of r| of the merged log, over {len(off):,} s", max(off),
                    rate * BURST_SECONDS + 1)
    whole = counts[int(max(starts)) + 1 - first:]
    figures.at_most(f"{name}: the rate together, {sum(whole) / len(whole):,.1f} lines/s; off from {rate:,} x "
                    f"{len(whole):,} s", abs(sum(whole) - rate * len(whole)), 2 * (rate * BURST_SECONDS + 1))


def probes(podman, figures):
    """On a full disk, the pod is not ready, but still alive."""
    objects = build(KUBERNETES / "base")
    workload = only(objects, "Deployment")
    wanted = generator(workload)
    port = free_port()
    settings = yaml.safe_load(configuration(objects, workload))
    # Two MiB are full at once. The disk watch is off, because it would pause writing before.
    settings["output"] |= {"rate": 10_000, "health_check": {"port": port}, "disk_monitor": {"enabled": False}}
    options = [*CONFINED, "--network", "host", "--env", f"LOG_GENERATOR_CONFIG_YAML={json.dumps(settings)}"]
    names = ("startupProbe", "livenessProbe", "readinessProbe")
    paths = {probe: wanted[probe]["httpGet"]["path"] for probe in names}
    for room, what, expected in (("200m", "with room", (200, 200, 200)), ("2m", "on a full disk", (200, 200, 503))):
        with container(podman, *options, f"--tmpfs=/var/log/app:rw,mode=1777,size={room}"):
            until(lambda: status(port, paths["livenessProbe"]))
            deadline = time.monotonic() + 10
            while (found := tuple(status(port, paths[probe]) for probe in names)) != expected:
                if time.monotonic() > deadline:
                    break
                time.sleep(0.1)
        figures.equal(f"probes, {what}: {', '.join(paths.values())}", found, expected)


def status(port, path):
    """The status of an answer."""
    try:
        ask(port, path)
    except urllib.error.HTTPError as answer:
        return answer.code
    except ValueError:
        # The answer is not JSON.
        pass
    return 200
