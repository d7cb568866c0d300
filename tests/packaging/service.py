"""The service in a system that systemd has booted: when it counts as started, when systemd restarts it, and what a stop
leaves."""

import json
import re
import shutil
import time

from access_log import count_lines
from booted import Booted
from generator import workplace
from shipped import PROGRAM, ROOT

RATE = 10_000
# Enough history to take a while: an hour at this rate.
HISTORY_RATE = 20_000
WATCHDOG_SECONDS = 2
EXPOSURE = 1.0
LOGS = f"/var/log/{PROGRAM}"


def measure(shipped, figures):
    def prepare(root):
        shutil.copy(shipped.binary("x86_64"), root / "usr/bin" / PROGRAM)
        shutil.copy(ROOT / f"packaging/systemd/{PROGRAM}.service", root / "usr/lib/systemd/system")
        (root / "etc" / PROGRAM).mkdir()
        configure(root, rate=RATE)

    with workplace(room=6 << 30, on_disk=True) as place, Booted(place, prepare) as system:
        readiness(system, figures)
        exposure(system, figures)
        killed(system, figures)
        watchdog(system, figures)
        stopped(system, figures)
        misconfigured(system, figures)


def configure(root, rate, more=""):
    (root / "etc" / PROGRAM / "config.yaml").write_text(
        f"output:\n  directory: {LOGS}\n  rate: {rate}\n  health_check: {{address: 127.0.0.1}}\n{more}")


def logs(system):
    """The log directory seen from the host; the link to it works only from inside."""
    return system.root / "var/log/private" / PROGRAM


def readiness(system, figures):
    configure(system.root, HISTORY_RATE, "  pre_warm: 1h\n")
    system("systemctl", "start", "--no-block", PROGRAM)
    seen = []
    while (state := system.show("ActiveState")) != "active":
        code = system("curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "http://localhost:8080/ready",
                      check=False).stdout
        seen.append((state, code))
        if state == "failed":
            break
        time.sleep(0.05)
    code = system("curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "http://localhost:8080/ready").stdout
    early = [code for state, code in seen if state == "activating"]
    figures.holds("service: activating, and /ready says 503, while history is written", "503" in early,
                  f"{early.count('503')} times")
    figures.none("service: activating although /ready says 200, seen more than once",
                 [early.count("200")] if early.count("200") > 1 else [])
    figures.equal("service: /ready when it is active", code, "200")
    figures.holds("service: its status line", system.show("StatusText").startswith("Running: "),
                  system.show("StatusText"))
    said = system("journalctl", "--no-pager", "-u", PROGRAM).stdout
    figures.holds("service: the journal has its messages", "Starting log generation. Logs will be written to: "
                  f"{LOGS}/access.log" in said, f"{len(said.splitlines())} lines")
    ours = [line.split("]: ", 1)[1] for line in said.splitlines() if f" {PROGRAM}[" in line]
    figures.holds("service: lines in the journal", len(ours) > 0, f"{len(ours)} lines")
    figures.none("service: lines in the journal with a second time stamp, or with a priority left in the text",
                 [line for line in ours if re.match(r"<\d>|\d{4}-\d\d-\d\d ", line)])
    system("systemctl", "stop", PROGRAM)
    shutil.rmtree(logs(system))
    configure(system.root, RATE)
    system("systemctl", "start", PROGRAM)


def exposure(system, figures):
    said = system("systemd-analyze", "security", "--no-pager", PROGRAM).stdout
    [found] = re.findall(r"Overall exposure level for \S+: ([\d.]+)", said)
    figures.at_most("service: exposure in the booted system", float(found), EXPOSURE)
    user = system.show("MainPID")
    status = (system("cat", f"/proc/{user}/status").stdout)
    [uid] = re.findall(r"^Uid:\s+(\d+)", status, re.M)
    figures.holds("service: a user of its own, not root", int(uid) > 60_000, f"user {uid}")
    capabilities = re.findall(r"^Cap(?:Prm|Eff|Bnd|Amb):\s+(\w+)", status, re.M)
    figures.none("service: capabilities", [found for found in capabilities if int(found, 16)])


def killed(system, figures):
    before = system.show("MainPID")
    system("kill", "-KILL", before)
    restarted(system, figures, before, "after SIGKILL")


def watchdog(system, figures):
    """A drop-in makes the watchdog's time short, so that the test need not wait half a minute."""
    system("mkdir", "-p", f"/etc/systemd/system/{PROGRAM}.service.d")
    drop_in = system.root / f"etc/systemd/system/{PROGRAM}.service.d/watchdog.conf"
    drop_in.write_text(f"[Service]\nWatchdogSec={WATCHDOG_SECONDS}\n")
    system("systemctl", "daemon-reload")
    system("systemctl", "restart", PROGRAM)
    before = system.show("MainPID")
    time.sleep(2 * WATCHDOG_SECONDS)
    figures.equal("service: the watchdog leaves a live run alone", system.show("MainPID"), before)
    system("kill", "-STOP", before)
    restarted(system, figures, before, "after SIGSTOP, by the watchdog")
    said = system("journalctl", "--no-pager", "-u", PROGRAM).stdout
    figures.holds("service: the journal names the watchdog", "Watchdog timeout" in said, "Watchdog timeout")


def restarted(system, figures, before, how):
    began = time.monotonic()
    system.wait_until(lambda: system.show("MainPID") not in (before, "0")
                      and system.show("ActiveState") == "active", f"is active again {how}")
    figures.holds(f"service: active again {how}", True, f"after {time.monotonic() - began:.1f} s")


def stopped(system, figures):
    time.sleep(3)
    began = time.monotonic()
    system("systemctl", "stop", PROGRAM)
    figures.at_most("service: systemctl stop ends it within", time.monotonic() - began, 2, " s")
    figures.equal("service: how it ended", system.show("Result"), "success")
    record = json.loads((logs(system) / "run.json").read_text())
    runs = [record, *record.get("earlier", ())]
    figures.holds("service: run.json says that the last run ended", record["ended"], record["ended"])
    # The runs before were killed. All lines that their records count are there, and at most a moment of lines more.
    told, there = sum(run["lines"] for run in runs), count_lines(logs(system) / "access.log")
    figures.holds("service: lines in the file and in run.json",
                  told <= there <= told + RATE * (len(runs) - 1), f"{there:,} of {told:,}")
    done = system(PROGRAM, "verify", "--run", f"{LOGS}/run.json", f"{LOGS}/access.log", check=False)
    figures.equal("service: status of verify after stop, SIGKILL and watchdog",
                  done.returncode, 0)


def misconfigured(system, figures):
    configure(system.root, -1)
    system("systemctl", "start", PROGRAM, check=False)
    time.sleep(3)
    figures.equal("service: with a wrong configuration, state", system.show("ActiveState"), "failed")
    figures.equal("service: with a wrong configuration, status", system.show("ExecMainStatus"), "78")
    figures.equal("service: with a wrong configuration, restarts", system.show("NRestarts"), "0")
