"""The image: built from the Containerfile, run with next to no rights and room, stopped, asked for its health,
and used as the deployment guide of the Python version uses its own."""

import json
import os
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from subprocess import DEVNULL

from access_log import count_lines
from generator import free_port, workplace
from podman import Podman
from shipped import PROGRAM, ROOT

NAME = f"localhost/{PROGRAM}"
BUILD = {"VERSION": "v9.8.7", "GIT_COMMIT": "0123abc", "BUILD_DATE": "2026-01-02T03:04:05Z"}
LARGEST_MB = 5
RATE = 10_000
SECONDS = 10
STOP_SECONDS = 2
CONFINED = ("--read-only", "--cap-drop", "all", "--security-opt", "no-new-privileges", "--network", "host")
TIGHT = ("--memory", "32m", "--pids-limit", "24", "--user", "12345:54321")


def measure(shipped, figures):
    with workplace(on_disk=True) as place:
        podman = Podman(place)
        builder = podman.builder()
        build(podman, figures, builder)
        confined(podman, figures, place)
        health(podman, figures)
        guide(podman, figures, place)


def build(podman, figures, builder):
    arguments = [word for name, value in BUILD.items() for word in ("--build-arg", f"{name}={value}")]
    # The stand-in has neither the host's certificates nor its packages.
    cargo = Path(os.environ.get("CARGO_HOME", Path.home() / ".cargo")) / "registry"
    shared = ("--volume", "/etc/ssl/certs:/etc/ssl/certs:ro", "--volume", f"{cargo}:/root/.cargo/registry")
    podman("build", "--format", "docker", "--pull=never", "--network", "host", *shared, *arguments,
           "--tag", NAME, ROOT)
    print(f"        the builder stage: {builder}")
    [image] = json.loads(podman.out("image", "inspect", NAME))
    figures.at_most("image: size", image["Size"] / 1e6, LARGEST_MB, " MB")
    figures.equal("image: user", image["Config"]["User"], "65532:65532")
    labels = image["Config"]["Labels"]
    for label, value in (("version", BUILD["VERSION"]), ("revision", BUILD["GIT_COMMIT"]),
                         ("created", BUILD["BUILD_DATE"]), ("licenses", "MIT")):
        figures.equal(f"image: label {label}", labels.get(f"org.opencontainers.image.{label}"), value)
    said = podman.out("run", "--pull=never", "--rm", NAME, "--version")
    lacking = [value for value in BUILD.values() if value not in said]
    figures.none("image: build arguments that --version does not tell", lacking)


@contextmanager
def container(podman, *options, arguments=()):
    """A container that runs in the background; yields its name."""
    name = f"test-{os.getpid()}-{time.monotonic_ns()}"
    podman("run", "--pull=never", "--detach", "--name", name, *options, NAME, *arguments)
    try:
        yield name
    finally:
        podman("rm", "--force", name, check=False)


def confined(podman, figures, place):
    """As anybody, with no capability, 32 MB, 16 processes and a root that cannot be written to."""
    name = f"image, confined, {RATE:,} lines/s"
    port = free_port()
    config = place / "confined.yaml"
    config.write_text(f"output: {{directory: /var/log/app, rate: {RATE}, health_check: {{port: {port}}}}}\n")
    volume = f"test-{os.getpid()}"
    podman("volume", "create", volume)
    try:
        mounts = ("--volume", f"{volume}:/var/log/app", "--volume", f"{config}:/app/config/config.yaml:ro")
        with container(podman, *CONFINED, *TIGHT, *mounts) as running:
            time.sleep(SECONDS)
            health = json.load(urllib.request.urlopen(f"http://127.0.0.1:{port}/health"))
            began = time.monotonic()
            podman("stop", running)
            took = time.monotonic() - began
            state = json.loads(podman.out("inspect", running))[0]["State"]
            said = podman("logs", running).stdout
        directory = Path(podman.out("volume", "inspect", volume, "--format", "{{.Mountpoint}}"))
        lines = count_lines(directory / "access.log")
        summary = json.loads((directory / "run.json").read_text())
    finally:
        podman("volume", "rm", "--force", volume, check=False)
    figures.equal(f"{name}: exit status", state["ExitCode"], 0)
    figures.equal(f"{name}: killed for its memory", state["OOMKilled"], False)
    figures.at_most(f"{name}: podman stop ends it within", took, STOP_SECONDS, " s")
    figures.equal(f"{name}: lines in the file and lines that were told", lines, summary["lines"])
    figures.holds(f"{name}: run.json says that it ended", summary["ended"], summary["ended"])
    figures.holds(f"{name}: lines", lines >= RATE * (SECONDS - 2 - 1), f"{lines:,}")
    figures.equal(f"{name}: gaps", health["gaps"], 0)
    figures.holds(f"{name}: it says how it ended", f"{lines:,} lines in" in said, said.splitlines()[-1][-60:])


def health(podman, figures):
    """HEALTHCHECK, as the engine runs it: in time healthy, and not when the disk is full."""
    port = free_port()
    settings = f"output: {{directory: /var/log/app, rate: {RATE}, health_check: {{port: {port}}}}}"
    options = (*CONFINED, "--memory", "64m", "--pids-limit", "32", "--env",
               f"LOG_GENERATOR_CONFIG_YAML={settings}")
    room = "--tmpfs=/var/log/app:rw,mode=1777,size="
    with container(podman, *options, f"{room}200m") as running:
        figures.equal("HEALTHCHECK: soon healthy, status", first_status(podman, running, 0), 0)
    with container(podman, *options, f"{room}2m") as running:
        figures.equal("HEALTHCHECK: with a full volume, status", first_status(podman, running, 1, 4), 1)
        said = podman("exec", running, PROGRAM, "--health-check", check=False).stdout
        figures.holds("HEALTHCHECK: with a full volume it says why", "No space left" in said, said[:60])


def first_status(podman, running, wanted, delay=0, patience=10):
    """The status of the health check, as soon as it is the wanted one."""
    time.sleep(delay)
    deadline = time.monotonic() + patience
    while True:
        done = podman("healthcheck", "run", running, check=False, stdout=DEVNULL, stderr=DEVNULL)
        if done.returncode == wanted or time.monotonic() > deadline:
            return done.returncode
        time.sleep(0.2)


def guide(podman, figures, place):
    """The commands of the deployment guide, one after the other, with podman for docker. The image is not
    root's: a directory of root's that is mounted is given to anybody, or the container to root."""
    logs, config = place / "logs", place / "config"
    logs.mkdir()
    logs.chmod(0o1777)
    config.mkdir()
    (config / "config.yaml").write_text((ROOT / "configs" / "guide.yaml").read_text())
    port = free_port()

    def ran(words, ok, result):
        figures.holds(f"guide: docker {words}", ok, result)

    once = ("run", "--pull=never", "--rm")
    done = podman(*once, NAME, "--version", stderr=DEVNULL)
    ran("run --rm IMAGE --version", "Access Log Generator\n" in done.stdout, done.stdout.splitlines()[0])
    done = podman(*once, NAME, "--help", stderr=DEVNULL)
    ran("run --rm IMAGE --help", "Usage:" in done.stdout, f"{len(done.stdout.splitlines())} lines")
    done = podman(*once, NAME, "--exit", check=False)
    ran("run --rm IMAGE --exit", done.returncode == 0, f"status {done.returncode}")
    options = ("--restart", "unless-stopped", "-p", f"{port}:8080", "-v", f"{logs}:/var/log/app", "-v",
               f"{config}:/app/config", "-e", "LOG_GENERATOR_CONFIG_PATH=/app/config/config.yaml")
    with container(podman, *options) as running:
        ready = until(lambda: ask(port, "/ready"))
        ran("run -d --restart unless-stopped -p -v -v -e IMAGE", ready == {"status": "ready"}, ready)
        healthy = ask(port, "/health")
        ran("(curl /health)", healthy["status"] == "healthy", healthy["status"])
        said = podman("logs", running).stdout
        ran("logs NAME", "Starting log generation" in said, f"{len(said.splitlines())} lines")
        listed = podman("ps").stdout
        ran("ps", running in listed, "listed")
        shown = podman.out("port", running)
        ran("port NAME", str(port) in shown, shown)
        printed = podman.out("exec", running, PROGRAM, "--print-config")
        ran("exec NAME cat config.yaml -> exec NAME access-log-generator --print-config",
            "directory: /var/log/app" in printed, f"{len(printed.splitlines())} lines")
        free = ask(port, "/health").get("disk_free_bytes")
        ran("exec NAME df -h -> curl /health, disk_free_bytes", free and free > 0, free)
        time.sleep(1)
        podman("stop", running)
        first = (logs / "access.log").read_text().splitlines()[0]
        ran("stop NAME, and head -1 access.log", first.count('"') == 6, first[:60])
    with container(podman, "-p", f"{port}:8080", "-e", "RATE_OVERRIDE=100", "-v", f"{logs}:/var/log/app") as _:
        rate = until(lambda: ask(port, "/health"))["rate"]
        ran("run -d -e RATE_OVERRIDE=100 ... IMAGE", rate == 100, f"rate {rate}")
    roots = place / "test-logs"
    roots.mkdir()
    refused = podman(*once, "-v", f"{roots}:/var/log/app", NAME, "--lines", "5", "--no-wait", check=False)
    ran("run --rm -v ROOT'S-DIRECTORY:/var/log/app IMAGE, as nobody",
        refused.returncode == 1 and "belongs to user 0" in refused.stdout, "refused, with the reason")
    done = podman(*once, "--user", "0", "-v", f"{roots}:/var/log/app", NAME, "--lines", "5", "--no-wait",
                  check=False)
    ran("run --rm --user 0 -v ROOT'S-DIRECTORY:/var/log/app IMAGE", done.returncode == 0,
        f"{count_lines(roots / 'access.log')} lines")
    done = podman(*once, "-v", f"{config}:/app/config", NAME, "cat", "/app/config/config.yaml", check=False)
    ran("run --rm -v IMAGE cat config.yaml: there is no cat", done.returncode == 2, done.stdout.strip()[-70:])
    done = podman(*once, "-v", f"{config}:/app/config", NAME, "--print-config", stderr=DEVNULL)
    ran("run --rm -v IMAGE --print-config", "rate: 10" in done.stdout, "printed")


def ask(port, path):
    return json.load(urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=2))


def until(ask_it, patience=10):
    """The first answer."""
    deadline = time.monotonic() + patience
    while True:
        try:
            return ask_it()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
