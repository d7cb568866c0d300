"""The configuration of the Python version's deployment guide, with each of the guide's advanced sections in turn, runs
without a warning. configs/guide.yaml and the files under guide/ are the guide's own text."""

import re
import subprocess
import time
from pathlib import Path

from access_log import LINE, count_lines, lines
from generator import Generator, complaints, free_port, workplace

SECTIONS = Path(__file__).parent / "guide"
BASIC = Path(__file__).parents[2] / "configs" / "guide.yaml"
RATE = 500
SECONDS = 2


def measure(binary, figures):
    basic = BASIC.read_text()
    checks_clean(binary, figures, basic)
    runs_clean(binary, figures, "basic", basic)
    for section in ("status_codes", "error_rates", "user_agents"):
        text = with_section(basic, section, (SECTIONS / f"{section}.yaml").read_text())
        runs_clean(binary, figures, section, text)


def with_section(config, name, section):
    """The configuration with one section replaced or added."""
    others = re.sub(rf"^{name}:\n(?:[ #].*\n|\n)*", "", config, flags=re.M)
    return f"{others}\n{section}"


def checks_clean(binary, figures, config):
    """--check accepts the guide's text unchanged."""
    with workplace() as place:
        path = place / "config.yaml"
        path.write_text(config)
        done = subprocess.run([binary, "--check", path], capture_output=True, text=True)
        said = done.stdout + done.stderr
        figures.equal("guide's configuration: exit status of --check", done.returncode, 0)
        figures.none("guide's configuration: complaints of --check", complaints(said))


def runs_clean(binary, figures, name, config):
    """A run with the guide's text, except for port, directory and rate."""
    port = free_port()
    config = config.replace("port: 8080", f"port: {port}")
    with workplace() as place:
        logs = ("--log-dir-override", place / "logs", "--rate", RATE)
        with Generator(binary, place, *logs, port=port, config=config) as generator:
            generator.wait_until_ready()
            time.sleep(SECONDS)
            status, _ = generator.stop()
        system_log = generator.system_log.read_text()
        figures.equal(f"guide, {name}: exit status", status, 0)
        figures.none(f"guide, {name}: complaints", complaints(generator.said() + system_log))
        written = count_lines(generator.access_log)
        figures.holds(f"guide, {name}: lines are written", written > 0, f"{written} lines")
        for message in (
            f"Starting log generation. Logs will be written to: {generator.access_log}",
            f"Health check server started on port {port}",
        ):
            found = f" - INFO - {message}\n" in system_log
            figures.holds(f"guide, {name}: says '{message.split('.')[0].split(' on ')[0]}'", found,
                          "said" if found else "missing")
        if name == "user_agents":
            agents = {LINE.fullmatch(line)["agent"].decode() for line in lines(generator.access_log)}
            strange = [agent for agent in agents if agent not in config]
            figures.none("guide, user_agents: agents that are not configured", strange)
