"""Runs every code block of the documents that users read, unchanged.

bash runs a block of `sh` where the comment above it says; without a comment, in a directory for the document, with
the generator on the PATH. A block of `yaml` must pass `--check` as a configuration. All other blocks must be marked as
`text`.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import time
from contextlib import ExitStack, contextmanager, nullcontext

from booted import Booted
from generator import OURS, workplace
from podman import Podman
from shipped import PROGRAM, ROOT, run

DOCUMENTS = ("README.md", "src/files/README.md", "src/status/README.md", "src/verify/README.md", "src/truth/README.md",
             "src/score/README.md", "packaging/README.md")
BLOCK = re.compile(r"^(?:<!-- (?P<where>[^>]*) -->\n)?```(?P<language>\w*)\n(?P<text>.*?)^```$", re.M | re.S)
PATIENCE = 1200
IMAGE = f"ghcr.io/bacalhau-project/{PROGRAM}:latest"


def measure(shipped, figures):
    with workplace(room=4 << 30, on_disk=True) as place:
        programs = place / "bin"
        programs.mkdir()
        shutil.copy(shipped.binary("x86_64"), programs / PROGRAM)
        run("git", "clone", "--quiet", ROOT, place / "checkout")
        environment = {name: value for name, value in os.environ.items()
                       if name not in (*OURS, "CARGO_TARGET_DIR")}
        environment["PATH"] = f"{programs}:{environment['PATH']}"
        with Reader(place, environment, figures) as reader:
            for document in DOCUMENTS:
                reader.read(document)


class Reader:
    """A user who does what a document says."""

    def __init__(self, place, environment, figures):
        self.place, self.environment, self.figures = place, environment, figures
        self.podman, self.system, self.stack = None, None, ExitStack()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stack.close()

    def read(self, document):
        text = (ROOT / document).read_text()
        self.directory = self.place / document.replace("/", "-").lower().removesuffix(".md")
        self.directory.mkdir()
        blocks = list(BLOCK.finditer(text))
        self.figures.equal(f"{document}: code blocks, of fences", 2 * len(blocks),
                           len(re.findall(r"^```", text, re.M)))
        for block in blocks:
            line = text[:block.start("language")].count("\n") + 1
            first = block["text"].strip().splitlines()[0][:60]
            self.block(f"{document}:{line}: {first}", block["language"], block["where"] or "", block["text"])

    def block(self, name, language, where, text):
        if language == "text":
            return
        if language == "yaml":
            file = self.directory / "block.yaml"
            file.write_text(text)
            self.judge(name, [PROGRAM, "--check", file], self.directory)
        elif language != "sh":
            self.figures.equal(f"{name}: language", language, "sh, yaml or text")
        elif text.startswith("make run\n"):
            self.newcomer(name, text)
        elif "docker " in text:
            self.container(name, text)
        elif where == "in a booted system":
            self.in_a_system(name, text)
        elif where in ("", "in a checkout", "with a run"):
            directory = self.place / "checkout" if where == "in a checkout" else self.directory
            with self.a_run() if where == "with a run" else nullcontext():
                self.judge(name, ["bash", "-euo", "pipefail", "-c", text], directory)
        else:
            self.figures.equal(f"{name}: where it is run", where, "a place that is known")

    def judge(self, name, command, directory, environment=None):
        try:
            done = subprocess.run([str(word) for word in command], cwd=directory, text=True, timeout=PATIENCE,
                                  env=environment or self.environment, stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            status, said = done.returncode, done.stdout
        except subprocess.TimeoutExpired as error:
            status, said = f"none within {PATIENCE} s", str(error.stdout)
        if status:
            print(said[-3000:])
        self.figures.equal(f"{name}: status", status, 0)

    def newcomer(self, name, text):
        """`make run` up to the first lines, stopped with Ctrl-C; then the rest of the block."""
        checkout = self.place / "checkout"
        began = time.monotonic()
        process = subprocess.Popen(["make", "run"], cwd=checkout, env=self.environment, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)
        log = checkout / "logs" / "access.log"
        while process.poll() is None and not (log.exists() and log.stat().st_size):
            time.sleep(0.05)
        took = time.monotonic() - began
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGINT)
        process.communicate(timeout=60)
        # The signal ends make at once; the generator stops in an orderly way.
        record = json.loads((checkout / "logs" / "run.json").read_text()) if log.exists() else {}
        self.figures.holds(f"{name}: first lines, in a fresh clone", record.get("ended"), f"{took:.0f} s")
        rest = text.removeprefix("make run\n")
        began = time.monotonic()
        self.judge(f"{name} {rest.strip()}", ["bash", "-euo", "pipefail", "-c", rest], checkout)
        print(f"        {rest.strip()}: {time.monotonic() - began:.0f} s in a fresh clone")

    def container(self, name, text):
        """With podman as docker, and the image that the topic `image` has built."""
        if self.podman is None:
            self.podman = Podman(self.place)
            self.podman("tag", f"localhost/{PROGRAM}", IMAGE)
        script = 'docker() { podman "$@"; }\n' + text
        environment = {**self.environment, "CONTAINERS_CONF": self.podman.environment["CONTAINERS_CONF"]}
        self.judge(name, ["bash", "-euo", "pipefail", "-c", script], self.directory, environment)

    def in_a_system(self, name, text):
        """As root, in a system that systemd has booted, with what the blocks before have built."""
        if self.system is None:
            self.system = self.stack.enter_context(Booted(self.place, self.prepare))
        script = f'cd /root/checkout; sudo() {{ "$@"; }}; {text}'
        done = self.system("bash", "-euo", "pipefail", "-c", script, check=False)
        if done.returncode:
            print(done.stdout[-3000:])
        self.figures.equal(f"{name}: status", done.returncode, 0)

    def prepare(self, root):
        checkout = self.place / "checkout"
        built = [*checkout.glob("target/package/*.deb"), checkout / "target" / "release" / PROGRAM]
        files = run("git", "ls-files", cwd=checkout).stdout.splitlines()
        for file in files + [path.relative_to(checkout) for path in built]:
            to = root / "root" / "checkout" / file
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(checkout / file, to)

    @contextmanager
    def a_run(self):
        """A generator with the built-in configuration, on its default port."""
        process = subprocess.Popen([PROGRAM, "-q"], cwd=self.directory, env=self.environment,
                                   stdin=subprocess.DEVNULL)
        try:
            check = [PROGRAM, "--health-check", "http://localhost:8080/ready"]
            while subprocess.run(check, env=self.environment, cwd=self.directory, stdout=subprocess.DEVNULL,
                                 stderr=subprocess.DEVNULL).returncode:
                time.sleep(0.05)
            yield
        finally:
            process.terminate()
            process.wait()
