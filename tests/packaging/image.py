"""The image: built from the Containerfile, run with minimal rights and memory, stopped, and asked for its health. The
commands of the Python version's deployment guide are run as typed, from empty directories."""

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
TIGHT = ("--memory", "48m", "--pids-limit", "24", "--user", "12345:54321")


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
    # The replacement for the base image has neither the host's certificates nor its packages.
    cargo = Path(os.environ.get("CARGO_HOME", Path.home() / ".cargo")) / "registry"
    shared = ("--volume", "/etc/ssl/certs:/etc/ssl/certs:ro", "--volume", f"{cargo}:/root/.cargo/registry")
    podman("build", "--file", ROOT / "Dockerfile", "--format", "docker", "--pull=never", "--network", "host", *shared, *arguments,
           "--tag", NAME, ROOT)
    print(f"        the builder stage: {builder}")
    [image] = json.loads(podman.out("image", "inspect", NAME))
    figures.at_most("image: size", image["Size"] / 1e6, LARGEST_MB, " MB")
    figures.equal("image: user", image["Config"]["User"], "0:0")
    labels = image["Config"]["Labels"]
    for label, value in (("version", BUILD["VERSION"]), ("revision", BUILD["GIT_COMMIT"]),
                         ("created", BUILD["BUILD_DATE"]), ("licenses", "MIT")):
        figures.equal(f"image: label {label}", labels.get(f"org.opencontainers.image.{label}"), value)
    said = podman.out("run", "--pull=never", "--rm", NAME, "--version")
    lacking = [value for value in BUILD.values() if value not in said]
    figures.none("image: build arguments that --version does not print", lacking)


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
    """As any user, with no capability, 48 MB, 24 processes and a read-only root file system."""
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
    figures.equal(f"{name}: lines in the file and lines reported", lines, summary["lines"])
    figures.holds(f"{name}: run.json says that it ended", summary["ended"], summary["ended"])
    figures.holds(f"{name}: lines", lines >= RATE * (SECONDS - 2 - 1), f"{lines:,}")
    figures.equal(f"{name}: gaps", health["gaps"], 0)
    figures.holds(f"{name}: it says how it ended", f"{lines:,} lines in" in said, said.splitlines()[-1][-60:])


def health(podman, figures):
    """HEALTHCHECK, as the container engine runs it: healthy in time, and unhealthy when the disk is full."""
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
    """The status of the health check, once it is the wanted one."""
    time.sleep(delay)
    deadline = time.monotonic() + patience
    while True:
        done = podman("healthcheck", "run", running, check=False, stdout=DEVNULL, stderr=DEVNULL)
        if done.returncode == wanted or time.monotonic() > deadline:
            return done.returncode
        time.sleep(0.2)


ONCE = ("run", "--pull=never", "--rm")
UNPRIVILEGED = 65532


def guide(podman, figures, place):
    """The `docker` commands of the guide, unchanged except for a free port of the host, in directories made as in the guide,
    with podman as docker."""
    def ran(words, ok, result):
        figures.holds(f"guide: docker {words}", ok, result)

    prints(podman, ran)
    standard_deployment(podman, ran, made(place / "opt"), free_port())
    sample_logs(podman, ran, place / "test-logs")
    essential_commands(podman, ran, place / "opt-logs", free_port())
    where_users_differ(podman, ran, place)
    log_on_standard_output(podman, ran, made(place / "stdout"))


def made(directory):
    """`mkdir -p DIRECTORY/{logs,config}`, as root."""
    for name in ("logs", "config"):
        (directory / name).mkdir(parents=True)
    return directory


def prints(podman, ran):
    done = podman(*ONCE, NAME, "--version", stderr=DEVNULL)
    ran("run --rm IMAGE --version", "Access Log Generator\n" in done.stdout, done.stdout.splitlines()[0])
    done = podman(*ONCE, NAME, "--help", stderr=DEVNULL)
    ran("run --rm IMAGE --help", "Usage:" in done.stdout, f"{len(done.stdout.splitlines())} lines")
    done = podman(*ONCE, NAME, "--exit", check=False)
    ran("run --rm IMAGE --exit", done.returncode == 0, f"status {done.returncode}")


def standard_deployment(podman, ran, opt, port):
    """With both directories empty and owned by root. The mounted one hides the image's configuration."""
    logs, config = opt / "logs", opt / "config"
    options = ("--restart", "unless-stopped", "-p", f"{port}:8080", "-v", f"{logs}:/var/log/app", "-v",
               f"{config}:/app/config", "-e", "LOG_GENERATOR_CONFIG_PATH=/app/config/config.yaml")
    command = "run -d --restart unless-stopped -p -v -v -e IMAGE"
    with container(podman, *options) as running:
        ready = until(lambda: ask(port, "/ready"))
        ran(command, ready == {"status": "ready"}, ready)
        healthy = ask(port, "/health")
        ran("(curl /health)", healthy["status"] == "healthy", healthy["status"])
        said = podman("logs", running).stdout
        ran("logs NAME", "Starting log generation" in said, f"{len(said.splitlines())} lines")
        warned = [line for line in said.splitlines() if "WARN" in line and "/app/config/config.yaml" in line]
        ran("logs NAME: a WARNING names the configuration that is missing", len(warned) == 1, warned[:1])
        ran(f"{command}: who runs, after root has given up its rights", user_of(podman, running) == UNPRIVILEGED,
            f"user {user_of(podman, running)}")
        owners = {path.stat().st_uid for path in (logs, *logs.iterdir())}
        ran(f"{command}: whose the logs are", owners == {UNPRIVILEGED}, owners)
        unreadable = [path.name for path in logs.glob("*.log") if path.stat().st_mode & 0o444 != 0o444]
        ran("run -v LOGS:/logs:ro SHIPPER: logs that it cannot read", not unreadable, unreadable)
        ran("ps", running in podman("ps").stdout, "listed")
        shown = podman.out("port", running)
        ran("port NAME", str(port) in shown, shown)
        printed = podman.out("exec", running, PROGRAM, "--print-config")
        ran("exec NAME cat config.yaml -> exec NAME access-log-generator --print-config",
            "directory: /var/log/app" in printed, f"{len(printed.splitlines())} lines")
        free = ask(port, "/health").get("disk_free_bytes")
        ran("exec NAME df -h -> curl /health, disk_free_bytes", free and free > 0, free)
        time.sleep(4)
        restarts = restarts_of(podman, running)
        ran(f"{command}: restarts in the first seconds", restarts == 0, restarts)
        podman("stop", running)
        status = json.loads(podman.out("inspect", running))[0]["State"]["ExitCode"]
        ran("stop NAME", status == 0, f"status {status}")
    first = (logs / "access.log").read_text().splitlines()[0]
    ran("(head -1 access.log)", first.count('"') == 6, first[:60])
    with container(podman, *options, "-e", "RATE_OVERRIDE=100") as _:
        rate = until(lambda: ask(port, "/health"))["rate"]
        ran("run -d -e RATE_OVERRIDE=100 ... IMAGE", rate == 100, f"rate {rate}")

    (config / "config.yaml").write_text((ROOT / "configs" / "guide.yaml").read_text())
    with container(podman, *options) as running:
        rate = until(lambda: ask(port, "/health"))["rate"]
        said = podman("logs", running).stdout
        ran(f"{command}, with the guide's config.yaml", rate == 10 and "WARN" not in said, f"rate {rate}")
    done = podman(*ONCE, "-v", f"{config}:/app/config", NAME, "cat", "/app/config/config.yaml", check=False)
    ran("run --rm -v IMAGE cat config.yaml: there is no cat", done.returncode == 2, done.stdout.strip()[-70:])
    done = podman(*ONCE, "-v", f"{config}:/app/config", NAME, "--print-config", stderr=DEVNULL)
    ran("run --rm -v IMAGE --print-config", "rate: 10" in done.stdout, "printed")
    (config / "config.yaml").rename(config / "config.yml")
    done = podman(*ONCE, *options[4:], NAME, check=False)
    ran("run -v with a config.yml beside no config.yaml: likely misspelt, refused",
        done.returncode == 78 and "config.yaml: cannot be read" in done.stdout, f"status {done.returncode}")


def sample_logs(podman, ran, directory):
    """`-v $(pwd)/test-logs:...`: docker makes a missing directory, as root; podman does not, so the test does."""
    directory.mkdir()
    with container(podman, "-v", f"{directory}:/var/log/app") as running:
        log = directory / "access.log"
        until(lambda: log.read_text().splitlines()[0], wrong=(OSError, IndexError))
        podman("stop", running)
    first = log.read_text().splitlines()[0]
    ran("run --rm -v $(pwd)/test-logs:/var/log/app IMAGE, and head -1 test-logs/access.log",
        first.count('"') == 6, first[:60])


def essential_commands(podman, ran, logs, port):
    logs.mkdir()
    with container(podman, "-p", f"{port}:8080", "-v", f"{logs}:/var/log/app") as running:
        ready = until(lambda: ask(port, "/ready"))
        ran("run -d -p -v /opt/logs:/var/log/app IMAGE", ready == {"status": "ready"}, ready)
        podman("stop", running)
        removed = podman("rm", running, check=False).returncode
        ran("stop NAME, rm NAME", removed == 0, f"status {removed}")


def where_users_differ(podman, ran, place):
    """Commands that are not in the guide, but that people run."""
    def to_its_end(name, *options, owner=(0, 0), mode=0o755, foreign=None):
        directory = place / name
        directory.mkdir()
        directory.chmod(mode)
        if foreign:
            (directory / foreign).write_text("foreign\n")
        os.chown(directory, *owner)
        done = podman(*ONCE, *options, "-v", f"{directory}:/var/log/app", NAME, "--lines", "5", "--no-wait",
                      check=False)
        log = directory / "access.log"
        return done, directory.stat().st_uid, log.stat().st_uid if log.exists() else None

    def judge(words, found, wanted, said=""):
        done, of_directory, of_log = found
        ran(words, (done.returncode, of_directory, of_log) == wanted and said in done.stdout,
            f"status {done.returncode}, the directory is user {of_directory}'s, the log user {of_log}'s")

    judge("run -v a directory of user 1000's", to_its_end("theirs", owner=(1000, 1000)), (0, 1000, 1000))
    judge("run --user 1234:1234 -v a directory of theirs",
          to_its_end("named", "--user", "1234:1234", owner=(1234, 1234)), (0, 1234, 1234))
    judge("run --user 1234:1234 -v a directory of root's: refused, with the reason",
          to_its_end("refused", "--user", "1234:1234"), (1, 0, None), "belongs to user 0")
    judge("run -v a directory of root's with a foreign file: root stays root, and says so",
          to_its_end("foreign", foreign="passwd"), (0, 0, 0), "Running as root: ")
    judge("run -e ACCESS_LOG_GENERATOR_DROP_TO=: root stays root, as with the Python version",
          to_its_end("asked", "-e", "ACCESS_LOG_GENERATOR_DROP_TO="), (0, 0, 0))
    rights = ("--read-only", "--cap-drop", "all", "--security-opt", "no-new-privileges")
    judge("run --read-only --cap-drop all -v a directory of root's: root stays root, and says so",
          to_its_end("dropped", *rights), (0, 0, 0), "Running as root: ")
    judge("run --read-only --cap-drop all --user 65532:65532 -v a directory of theirs",
          to_its_end("confined", *rights, "--user", "65532:65532", owner=(65532, 65532)), (0, 65532, 65532))


def log_on_standard_output(podman, ran, opt):
    """access.log as a link: `docker logs` shows the lines."""
    (opt / "logs" / "access.log").symlink_to("/dev/stdout")
    with container(podman, "-v", f"{opt / 'logs'}:/var/log/app") as running:
        def lines():
            said = podman("logs", running, stderr=DEVNULL).stdout
            return [line for line in said.splitlines() if '"GET /' in line][0]
        try:
            line = until(lines, wrong=IndexError)
        except IndexError:
            line = podman("logs", running).stdout[-200:]
        ran("logs NAME, with logs/access.log a link to /dev/stdout: the lines", '"GET /' in line, line[:60])


def user_of(podman, running):
    """The user of a container's only process, seen from the host."""
    process = json.loads(podman.out("inspect", running))[0]["State"]["Pid"]
    status = Path(f"/proc/{process}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("Uid:")).split()[2])


def restarts_of(podman, running):
    return json.loads(podman.out("inspect", running))[0]["RestartCount"]


def ask(port, path):
    return json.load(urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=2))


def until(ask_it, patience=10, wrong=OSError):
    """The first answer."""
    deadline = time.monotonic() + patience
    while True:
        try:
            return ask_it()
        except wrong:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
